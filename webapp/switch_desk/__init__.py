"""Reviewing switches to Mandiri at the branch."""
