"""Lacak: how far a claim has come, for whoever has its number and its letters."""
