"""Changing the phone and the e-mail of an account, and proving the one that was not proven yet."""
