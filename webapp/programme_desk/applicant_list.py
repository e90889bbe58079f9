"""The list of a wave as the draw takes it, read a page at a time: millions stay in the database."""

import hmac
from collections import Counter

from webapp import vault
from webapp.db import database
from webapp.draw.listing import Entry, ListDigest, head_of
from webapp.models.programmes import Applicant, Beneficiary, Wave

PAGE = 5_000
FAMILY_BYTES = 8


def head_for(wave):
    """The first line of its list."""
    return head_of(wave.public_id.hex, wave.quota)


def listed(wave):
    """Yields (number of the row, ``Entry``, state, place) of all on the list, by number."""
    used = _used_before(wave)
    # A key for each wave: its families cannot be found again in another.
    key = vault.current().index(wave.public_id.hex, "wave.family").encode()
    for row, number, family, state, place in _pages(wave):
        alias = hmac.digest(key, family.encode(), "sha256")[:FAMILY_BYTES].hex()
        yield row, Entry(number, alias, used.get(family, 0)), state, place


def digest_now(wave):
    """(the digest of the list as it is now, how many are on it), a pair."""
    digest = ListDigest(head_for(wave))
    for _, entry, _, _ in listed(wave):
        digest.add(entry)
    return digest.hex(), digest.count


def _pages(wave):
    after = ""
    while True:
        page = _raw(Applicant.select(Applicant.id, Applicant.number, Applicant.family_index,
                                     Applicant.state, Applicant.place)
                    .where(Applicant.wave == wave, Applicant.number > after, Applicant.is_listed)
                    .order_by(Applicant.number).limit(PAGE))
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1][1]


def _used_before(wave):
    """How many of each family were chosen in earlier waves; also those revoked afterwards, since
    no place becomes free by that. A ``Counter`` by the family's index."""
    earlier = Wave.select(Wave.id).where(Wave.programme == wave.programme_id,
                                         Wave.number < wave.number)
    waves, used, after = list(_raw(earlier)), Counter(), 0
    while waves:
        page = _raw(Beneficiary.select(Beneficiary.worker, Beneficiary.family_index)
                    .where(Beneficiary.programme == wave.programme_id, Beneficiary.worker > after,
                           Beneficiary.wave << [number for (number,) in waves])
                    .order_by(Beneficiary.worker).limit(PAGE))
        used.update(family for _, family in page)
        if len(page) < PAGE:
            break
        after = page[-1][0]
    return used


def _raw(query):
    """The rows as the driver gives them, a list: numbers and plain text need no more."""
    return database.execute_sql(*query.sql()).fetchall()
