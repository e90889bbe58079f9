"""Finding a complaint made without an account by its number and its letters."""

from datetime import timedelta

from webapp.complaints.queries import complaint_numbered
from webapp.rate_limit import Limit
from webapp.receipts.letters import find_by_letters, letter_limits

ADDRESS = Limit("complaint-track-address", 20, timedelta(minutes=1))
NUMBER = letter_limits("complaint-track")


def find(number, secret, *, address, now):
    """The complaint that number and letters belong to, or None; see ``find_by_letters``."""
    return find_by_letters(number, secret, complaint_numbered, by_address=ADDRESS, by_number=NUMBER,
                           address=address, now=now)
