"""What was searched for, kept out of addresses, histories and logs.

The address of a result page carries the term sealed to the clerk and the company: Back and
reloading find the same results, and nobody else can read it. Terms are padded, so that their
length hardly shows.
"""

import base64

from webapp import vault

PADDED = 32     # to multiples of so many bytes


def seal(term, user, company):
    """The sealed form of a term, for an address."""
    return _encode(term.encode(), _place(user, company))


def unseal(text, user, company):
    """The term of a sealed form, or None when it is not ours."""
    return _decode(text, _place(user, company))


def seal_mark(row, user, company):
    """The place after a row of a list, without telling how many rows there are in all."""
    return _encode(str(row.id).encode(), b"mark|" + _place(user, company))


def unseal_mark(text, user, company):
    """The id of the row that a page begins after, or None when it is not ours."""
    found = _decode(text, b"mark|" + _place(user, company))
    return int(found) if found else None


def _encode(plain, place):
    sealed = vault.current().seal(plain.ljust(-(-len(plain) // PADDED) * PADDED, b"\0"), place)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _decode(text, place):
    if not text or len(text) > 400:
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return vault.current().open(raw, place).rstrip(b"\0").decode()
    except (ValueError, vault.Unreadable):
        return None


def _place(user, company):
    return f"search|{user.public_id.hex}|{company.public_id.hex}".encode()
