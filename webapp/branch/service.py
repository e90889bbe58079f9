"""Looking people up at the desk: every search, every look, every full number is on record."""

from datetime import timedelta

from webapp import audit, rate_limit
from webapp.audit import Event
from webapp.branch.queries import accounts_with, is_same_person, nik_of
from webapp.db import write_transaction
from webapp.formats import mask_nik
from webapp.rate_limit import Limit

REVEALS = Limit("reveal-nik", 30, timedelta(hours=1))     # reliability AZ-05


class OwnAccount(Exception):
    """Staff may not open or change an account of their own (reliability AZ-13)."""


def search(number, officer, now):
    """The accounts with this NIK or card number, a list; on record whatever came of it.

    :param number: 8 to 16 digits.
    """
    found = list(accounts_with(number))
    with write_transaction():
        audit.record(Event.PERSON_SEARCHED, chain=audit.ACCOUNTS, actor=officer, now=now,
                     subject=found[0].public_id if len(found) == 1 else None,
                     number=mask_nik(number), found=len(found))
    return found


def look(person, officer, page, now):
    """Record that an officer opens a page about somebody, before it is shown.

    :param page: a short name of the page.
    :raises OwnAccount: it is the officer's own; that is on record too.
    """
    is_own = is_same_person(person, officer)
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
    if is_same_person(person, officer):
        _record(person, officer, now, page="nik", refused=True)
        raise OwnAccount
    _record(person, officer, now, page="nik", reason=reason)
    return nik_of(person)


def _record(person, officer, now, **details):
    with write_transaction():
        audit.record(Event.PERSON_SEEN, chain=audit.ACCOUNTS, actor=officer,
                     subject=person.public_id, now=now, **details)
