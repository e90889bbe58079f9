"""Secret letters beside a number: with both, somebody who is not signed in finds what is theirs."""

import hmac
import secrets

from webapp.rate_limit import count_try, forget_failures
from webapp.receipts.signing import parse_number

# Letters that cannot be taken for others; eight of them are one in fifty thousand million.
LETTERS, SECRET_LENGTH = "ABCDEFGHJKMNPQRSTVWXYZ", 8  # noqa: S105 (an alphabet)
NOTHING = "-" * SECRET_LENGTH     # which nobody can type: only letters and digits are compared


def new_secret():
    """Eight letters that, with its number, show how a matter stands to whoever has them."""
    return "".join(secrets.choice(LETTERS) for _ in range(SECRET_LENGTH))


def find_by_letters(number, secret, numbered, *, by_address, by_number, address, now):
    """The row that number and letters belong to, or None: whichever of them is wrong.

    :param number: :param secret: as somebody typed them.
    :param numbered: the row with a plain number, or None; it has its letters as ``secret``.
    :param by_address: the ``Limit`` of one network address.
    :param by_number: the ``Limit`` of one number, whoever guesses; who knows the letters counts
        from zero again.
    :param address: the network address it comes from.
    :raises webapp.rate_limit.TooMany: too often from there, or for this number.
    """
    count_try(by_address, address, now)
    plain = parse_number(number) or "".join(number.upper().split())
    count_try(by_number, plain, now)
    row = numbered(plain)
    known = (row and row.secret) or NOTHING
    typed = "".join(letter for letter in secret.upper() if letter.isalnum())
    if not hmac.compare_digest(known.encode(), typed.encode()):
        return None
    forget_failures(by_number, plain)
    return row
