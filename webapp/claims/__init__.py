"""Pencairan: registering a claim, following it, putting right what was wrong."""
