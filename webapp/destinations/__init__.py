"""Rekening atau e-wallet: where a person's payouts go, linked, changed and cut."""
