"""Formulir pengaduan: a ticket of somebody with or without an account, and its thread."""
