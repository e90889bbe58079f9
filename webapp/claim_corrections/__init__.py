"""Perbaiki: what staff marked in a claim, put right by its worker."""
