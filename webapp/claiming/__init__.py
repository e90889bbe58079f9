"""Daftar pencairan: the pages of a claim's draft, its code, and Perbaiki when it comes back."""
