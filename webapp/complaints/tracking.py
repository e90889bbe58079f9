"""Finding a complaint made without an account by its number and its letters."""

import hmac
from datetime import timedelta

from webapp.claims.sending import SECRET_LENGTH
from webapp.complaints.queries import complaint_numbered
from webapp.rate_limit import Limit, count_try, forget_failures
from webapp.receipts.signing import parse_number

ADDRESS = Limit("complaint-track-address", 20, timedelta(minutes=1))
# Of one number, whoever guesses: the secret has 37 bits. Who knows it counts from zero again.
NUMBER = Limit("complaint-track-number", 10, timedelta(hours=1))
NOTHING = "-" * SECRET_LENGTH     # which nobody can type: only letters and digits are compared


def find(number, secret, *, address, now):
    """The complaint that number and letters belong to, or None: whichever of them is wrong.

    :param number: :param secret: as somebody typed them.
    :param address: the network address it comes from.
    :raises webapp.rate_limit.TooMany: too often from there, or for this number.
    """
    count_try(ADDRESS, address, now)
    plain = parse_number(number) or "".join(number.upper().split())
    count_try(NUMBER, plain, now)
    complaint = complaint_numbered(plain)
    known = (complaint and complaint.secret) or NOTHING
    typed = "".join(letter for letter in secret.upper() if letter.isalnum())
    if not hmac.compare_digest(known.encode(), typed.encode()):
        return None
    forget_failures(NUMBER, plain)
    return complaint
