"""Saldo JHT: what the fund reports of each person's old-age savings."""
