"""Syarat dan Ketentuan: the text that people agree to, each version kept for ever."""
