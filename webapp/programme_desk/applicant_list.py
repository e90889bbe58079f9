"""The list of a wave as the draw takes it, read a page at a time: millions stay in the database."""

import hmac

from peewee import SQL, fn

from webapp import vault
from webapp.db import database
from webapp.draw.listing import Entry, ListDigest, head_of
from webapp.models.programmes import Applicant, Beneficiary, Wave

PAGE = 5_000
FAMILY_BYTES = 8


def head_for(wave):
    """The first line of its list."""
    return head_of(wave.public_id.hex, wave.quota)


def asked(query):
    """The rows as the driver gives them, a list: numbers and plain text need no more."""
    return database.execute_sql(*query.sql()).fetchall()


def listed(wave, ask=asked):
    """Yields (number of the row, ``Entry``, state, place) of all on the list, by number.

    :param ask: gives the rows of a query.
    """
    # A key for each wave: its families cannot be found again in another.
    key = vault.current().index(wave.public_id.hex, "wave.family").encode()
    for row, number, family, state, place, used in _pages(wave, ask):
        alias = hmac.digest(key, family.encode(), "sha256")[:FAMILY_BYTES].hex()
        yield row, Entry(number, alias, used), state, place


def digest_now(wave):
    """(the digest of the list as it is now, how many are on it), a pair."""
    digest = ListDigest(head_for(wave))
    for _, entry, _, _ in listed(wave):
        digest.add(entry)
    return digest.hex(), digest.count


def _pages(wave, ask):
    used, after = _used_before(wave, ask), ""
    while True:
        page = ask(Applicant.select(Applicant.id, Applicant.number, Applicant.family_index,
                                    Applicant.state, Applicant.place, used)
                   .where(Applicant.wave == wave, Applicant.number > after, Applicant.is_listed)
                   .order_by(Applicant.number).limit(PAGE))
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1][1]


def _used_before(wave, ask):
    """How many of an applicant's family were chosen in earlier waves, as a column; also those
    revoked afterwards, since no place becomes free by that."""
    earlier = [number for (number,) in ask(Wave.select(Wave.id).where(
        Wave.programme == wave.programme_id, Wave.number < wave.number))]
    if not earlier:
        return SQL("0")
    return (Beneficiary.select(fn.COUNT(Beneficiary.id))
            .where(Beneficiary.programme == wave.programme_id,
                   Beneficiary.family_index == Applicant.family_index,
                   Beneficiary.wave << earlier))
