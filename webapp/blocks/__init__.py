"""Blocking an account: one manager proposes, another confirms, and it ends by itself."""
