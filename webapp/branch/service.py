"""Looking people up at the desk: every search, every look, every full number is on record."""

from dataclasses import dataclass
from datetime import timedelta

from webapp import audit, rate_limit
from webapp.audit import Event
from webapp.branch import queries
from webapp.db import write_transaction
from webapp.formats import mask_name, mask_nik
from webapp.rate_limit import Limit

REVEALS = Limit("reveal-nik", 30, timedelta(hours=1))     # reliability AZ-05


class OwnAccount(Exception):
    """Staff may not open or change what is their own (reliability AZ-13)."""


@dataclass(frozen=True)
class Found:
    """What a search found.

    :param people: a list of ``Person``, those whom the officer's branch looks after.
    :param elsewhere: the names of the branches that look after the others; of these nothing more
        is said.
    """

    people: list
    elsewhere: list


def search_number(number, officer, now):
    """Everybody with this NIK or card number, a ``Found``; on record whatever came of it.

    :param number: 8 to 16 digits.
    """
    return _found(queries.people_numbered(number), officer, now, number=mask_nik(number))


def search_name(name, birth_date, officer, now):
    """Everybody of this name who was born on this day, the same."""
    return _found(queries.people_called(name, birth_date), officer, now, name=mask_name(name))


def _found(everybody, officer, now, **asked):
    people = queries.looked_after(everybody, officer.branch_id)
    others = [one for one in everybody if one not in people]
    with write_transaction():
        audit.record(Event.PERSON_SEARCHED, chain=audit.ACCOUNTS, actor=officer, now=now,
                     subject=people[0].public_id if len(people) == 1 else None,
                     found=len(people), **asked)
    return Found(people, queries.branch_names_of(others) if others else [])


def look(person, officer, page, now):
    """Record that an officer opens a page about somebody, before it is shown.

    :param person: a ``Person``.
    :param page: a short name of the page.
    :raises OwnAccount: it is the officer's own; that is on record too.
    """
    is_own = queries.is_own(person, officer)
    _record(person, officer, now, page=page, refused=is_own)
    if is_own:
        raise OwnAccount


def reveal_nik(person, officer, reason, now):
    """Somebody's full NIK, None where there is none; recorded with the reason.

    :param reason: a code of ``reveal_form.REVEAL_REASONS``.
    :raises webapp.rate_limit.TooMany: too many in this hour.
    :raises OwnAccount: it is the officer's own.
    """
    rate_limit.count_try(REVEALS, officer.public_id.hex, now)
    if queries.is_own(person, officer):
        _record(person, officer, now, page="nik", refused=True)
        raise OwnAccount
    _record(person, officer, now, page="nik", reason=reason)
    return person.nik


def _record(person, officer, now, **details):
    with write_transaction():
        audit.record(Event.PERSON_SEEN, chain=audit.ACCOUNTS, actor=officer,
                     subject=person.public_id, now=now, **details)
