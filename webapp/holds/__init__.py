"""Payouts that wait because a contact or the destination was changed, and stopping them."""
