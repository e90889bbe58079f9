"""Pembayaran: what is approved goes to the bank in a file, and the bank's answer comes back."""
