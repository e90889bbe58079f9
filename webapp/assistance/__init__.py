"""Bantuan saya: what somebody was granted, when it is paid, and what became of it."""
