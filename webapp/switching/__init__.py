"""Beralih ke Mandiri: the pages of a switch's draft, and Perbaiki when it comes back."""
