"""Finding a claim by its number and secret, for somebody who is not signed in."""

from datetime import timedelta

from webapp.claims.queries import claim_numbered
from webapp.rate_limit import Limit
from webapp.receipts.letters import find_by_letters, letter_limits

ADDRESS = Limit("track-address", 20, timedelta(minutes=1))
NUMBER = letter_limits("track")


def find(number, secret, *, address, now):
    """The claim that number and letters belong to, or None; see ``find_by_letters``."""
    return find_by_letters(number, secret, claim_numbered, by_address=ADDRESS, by_number=NUMBER,
                           address=address, now=now)
