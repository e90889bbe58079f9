"""Exact limits on guessing: rows in the main database, counted before the try is judged.

One guarded statement counts a try and tells how many there were, so parallel tries cannot slip
through, whatever number of processes serve them. Subjects are keyed digests, never the address
or e-mail itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import EXCLUDED, Case

from webapp import counters, vault
from webapp.db import write_transaction
from webapp.models.people import Throttle
from webapp.prepared import prepared

KEPT_FOR = timedelta(days=1)     # after its window


@dataclass(frozen=True)
class Limit:
    """So many tries in a window; after ``lock_after`` failures in a row a lock that doubles."""

    kind: str
    tries: int
    window: timedelta
    lock_after: int = 0
    lock: timedelta = timedelta(0)
    longest_lock: timedelta = timedelta(hours=24)


class TooMany(Exception):
    """The limit is reached."""

    def __init__(self, until: datetime):
        super().__init__(until)
        self.until = until


# Rules §4: 5 wrong in a minute wait, 10 lock for 10 minutes, doubling; per address 20 a minute.
SIGN_IN = Limit("sign-in", 5, timedelta(minutes=1), 10, timedelta(minutes=10))
# The same inside a session, for all that asks there for the password or the authenticator's code:
# one counter for each person, so that an open session is no place to guess faster.
IN_SESSION = Limit("in-session", 5, timedelta(minutes=1), 10, timedelta(minutes=10))
SIGN_IN_ADDRESS = Limit("sign-in-address", 20, timedelta(minutes=1))
# A receipt number has 55 random bits; this only keeps a machine from trying them all day.
RECEIPT_CHECK_ADDRESS = Limit("receipt-check-address", 60, timedelta(minutes=1))


def count_try(limit, subject, now):
    """Count one try of ``subject`` (text). Raises ``TooMany`` when it may not be judged."""
    with write_transaction():
        key = vault.current().index(subject, f"throttle.{limit.kind}")
        row = _counted.one(limit.kind, key, now, now + limit.window, limit.tries)
        is_locked = row.locked_until and row.locked_until > now
        if is_locked or row.tries > limit.tries:
            counters.TRIES_REFUSED.inc()
            raise TooMany(row.locked_until if is_locked else row.window_ends)
        if limit.lock_after and row.failures % limit.lock_after == 0:
            _lock(limit, row, now)


def locked_until(limit, subject, now):
    """Until when the subject is locked, or None."""
    key = vault.current().index(subject, f"throttle.{limit.kind}")
    row = _locked.one(limit.kind, key, now)
    return row and row.locked_until


@prepared
def _locked(kind, key, now):
    return Throttle.select().where(Throttle.kind == kind, Throttle.subject == key,
                                   Throttle.locked_until > now)


def failures(limit, subject):
    """How many failures in a row are on record."""
    key = vault.current().index(subject, f"throttle.{limit.kind}")
    return (Throttle.select(Throttle.failures)
            .where(Throttle.kind == limit.kind, Throttle.subject == key).scalar() or 0)


def forget_failures(limit, subject):
    """The subject proved itself: count from zero again."""
    key = vault.current().index(subject, f"throttle.{limit.kind}")
    with write_transaction():
        (Throttle.update(tries=0, failures=0, locked_until=None)
         .where(Throttle.kind == limit.kind, Throttle.subject == key).execute())


def over(now):
    """The condition that a counter has nothing left to say."""
    is_free = Throttle.locked_until.is_null() | (Throttle.locked_until < now)
    return (Throttle.window_ends < now - KEPT_FOR) & is_free


@prepared
def _counted(kind, key, now, ends, most):
    """Add one to the counters; a try while locked, or beyond the window's number, is no failure."""
    is_over = Throttle.window_ends <= now
    is_judged = (Throttle.locked_until.is_null() | (Throttle.locked_until <= now)) & (
        is_over | (Throttle.tries < most))
    return Throttle.insert(
        kind=kind, subject=key, tries=1, failures=1, window_ends=ends,
    ).on_conflict(
        conflict_target=[Throttle.kind, Throttle.subject],
        update={
            Throttle.tries: Case(None, ((is_over, 1),), Throttle.tries + 1),
            Throttle.window_ends: Case(None, ((is_over, EXCLUDED.window_ends),),
                                       Throttle.window_ends),
            Throttle.failures: Throttle.failures + Case(None, ((is_judged, 1),), 0),
        },
    ).returning(Throttle)


def _lock(limit, row, now):
    """This try is the tenth failure, or the twentieth …: it is judged, the next must wait."""
    doublings = row.failures // limit.lock_after - 1
    wait = min(limit.lock * 2 ** min(doublings, 16), limit.longest_lock)
    Throttle.update(locked_until=now + wait).where(Throttle.id == row.id).execute()
