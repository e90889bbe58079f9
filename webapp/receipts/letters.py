"""Secret letters beside a number: with both, somebody who is not signed in finds what is theirs."""

import hmac
import ipaddress
import secrets
from datetime import timedelta

from webapp.rate_limit import Limit, count_try, forget_failures
from webapp.receipts.signing import parse_number

# Letters that cannot be taken for others; eight of them are one in fifty thousand million.
LETTERS, SECRET_LENGTH = "ABCDEFGHJKMNPQRSTVWXYZ", 8  # noqa: S105 (an alphabet)
# Who guesses at one number from one network waits after ten tries. That alone would let somebody
# with many networks go on, so there is a ceiling for the number too, which is high: were it ten as
# well, any stranger could keep the owner out. 22 letters in 8 places are 5.5 × 10^10 (36 bits); 500
# tries an hour are 12,000 a day, which find one number's letters with a chance of one in 4.5
# million a day, one in 12,000 a year. To keep the owner out takes 50 networks, hour after hour.
TRIES_OF_NETWORK, TRIES_OF_NUMBER, WINDOW = 10, 500, timedelta(hours=1)
_NETWORK_BITS = 64     # of an IPv6 address: one connection has all that follow them
NOTHING = "-" * SECRET_LENGTH     # which nobody can type: only letters and digits are compared


def new_secret():
    """Eight letters that, with its number, show how a matter stands to whoever has them."""
    return "".join(secrets.choice(LETTERS) for _ in range(SECRET_LENGTH))


def letter_limits(name):
    """The limits of one kind of number, a pair for ``find_by_letters``: of one network at one
    number, and of one number from everywhere.

    :param name: a short name of the kind.
    """
    return (Limit(f"{name}-number-from", TRIES_OF_NETWORK, WINDOW),
            Limit(f"{name}-number", TRIES_OF_NUMBER, WINDOW))


def find_by_letters(number, secret, numbered, *, by_address, by_number, address, now):
    """The row that number and letters belong to, or None: whichever of them is wrong.

    :param number: :param secret: as somebody typed them.
    :param numbered: the row with a plain number, or None; it has its letters as ``secret``.
    :param by_address: the ``Limit`` of one network address.
    :param by_number: as ``letter_limits`` gives them; who knows the letters counts from zero again
        where they are.
    :param address: the network address it comes from.
    :raises webapp.rate_limit.TooMany: too often from there, or for this number.
    """
    count_try(by_address, address, now)
    plain = parse_number(number) or "".join(number.upper().split())
    from_there, from_everywhere = by_number
    here = f"{_network_of(address)} {plain}"
    count_try(from_there, here, now)
    count_try(from_everywhere, plain, now)
    row = numbered(plain)
    known = (row and row.secret) or NOTHING
    typed = "".join(letter for letter in secret.upper() if letter.isalnum())
    if not hmac.compare_digest(known.encode(), typed.encode()):
        return None
    forget_failures(from_there, here)
    return row


def _network_of(address):
    try:
        found = ipaddress.ip_address(address)
    except ValueError:     # none was given
        return address
    bits = _NETWORK_BITS if found.version == 6 else found.max_prefixlen
    return ipaddress.ip_network((found, bits), strict=False)
