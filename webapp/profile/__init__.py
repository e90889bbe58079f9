"""Profil: who one is, and what keeps the account safe."""
