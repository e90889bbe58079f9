"""Reading from a replica what may be some seconds old: heavy pages, and those that everybody reads.

Without a replica, on SQLite always, the same functions read the database itself. So they do while
the replica is away, broken or too far behind, and whoever asks does not notice. Nothing that a
decision is taken on is read like this, and nobody their own last change.
"""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import wraps

import peewee

from webapp import clock, db, postgresql

log = logging.getLogger(__name__)

MOST_OLD = timedelta(seconds=10)
STATEMENT_SECONDS = 3       # less than the primary's: it may have to be asked as well
AWAY_SECONDS = 5            # that a process asks the primary before it tries once more
# Who hangs is left soon: there is another to ask. (Behind a PgBouncer that one decides.)
USUAL = {"connect_timeout": 2, "application_name": "purna", "keepalives_idle": 2,
         "keepalives_interval": 1, "keepalives_count": 2, "tcp_user_timeout": 3000}
# A copy of the server's files keeps its number; a server that was made by itself has another.
IDENTITY = "SELECT system_identifier, current_database() FROM pg_control_system()"
# A standby that was cut off has replayed all it got: only the time of the last commit tells. Every
# question of /readyz is one; where nothing at all is written, the primary has time to be read.
STANDING = ("SELECT system_identifier, current_database(), pg_is_in_recovery(), "
            "pg_last_xact_replay_timestamp() FROM pg_control_system()")


class TooOld(peewee.OperationalError):
    """The replica is too far behind."""


class NotOurs(peewee.OperationalError):
    """What the address leads to does not follow this database, and never will."""


class Replica(postgresql.Primary):
    """A server that follows the primary, as this process knows it."""

    session = postgresql.settings(
        False, statement_timeout=f"{STATEMENT_SECONDS}s", lock_timeout=f"{STATEMENT_SECONDS}s",
        timezone="UTC", default_transaction_read_only="on")
    refusal = RuntimeError
    away_until = None
    is_wrong = False
    identity = None     # of the primary, once that was asked

    def is_worth_asking(self):
        """Whether to try. Of those who come once it was away long enough, one does."""
        if self.away_until is None:
            return True
        now = time.monotonic()
        if now < self.away_until:
            return False
        self.away_until = now + AWAY_SECONDS
        return True

    def was_there(self):
        """It answered: everybody may ask it."""
        if self.away_until is not None:
            log.info("the replica is read again")
        self.away_until, self.is_wrong = None, False

    def was_away(self, problem):
        """It did not, or not well: nobody asks it for a while."""
        if isinstance(problem, NotOurs):
            if not self.is_wrong:
                log.error("the replica is not read: DATABASE_REPLICA_URL leads to %s", problem)
            self.is_wrong = True
        elif self.away_until is None:
            log.warning("the replica is not read: %s", type(problem).__name__)
        self.away_until = time.monotonic() + AWAY_SECONDS


_used = []


def in_use():
    """The ``Replica``, or None."""
    return _used[0] if _used else None


def use(url):
    """Read from the replica at an address from now on.

    :param url: ``postgresql://…``; None where there is none.
    """
    for before in _used:
        before.close()
    _used[:] = [postgresql.server_at(url, Replica, **USUAL)] if url else []


def may_lag(read):
    """Let a function read from the replica: what it returns may be ``MOST_OLD``.

    It only reads, and returns what it has read, not a query that somebody runs later. It may be
    called twice: None, which says that something is not there, is asked of the primary again.
    """
    @wraps(read)
    def reading(*arguments):
        with db.only_reading():
            found = _of_replica(read, arguments)
            found = read(*arguments) if found is None else found
        if isinstance(found, peewee.BaseQuery | Iterator):
            raise RuntimeError(f"{read.__name__} returns what was not read yet")
        return found
    reading.may_lag = True
    return reading


def _of_replica(read, arguments):
    """What the function finds on the replica; None also where that cannot be asked."""
    replica = in_use()
    if replica is None or not replica.is_worth_asking():
        return None
    if replica.identity is None:
        replica.identity = db.database.execute_sql(IDENTITY).fetchone()
    with db.reading_from(replica):
        try:
            db.ensure_connection()
            _refuse_what_is_not_ours_or_old(replica.identity)
            found = read(*arguments)
        except peewee.PeeweeException as problem:
            replica.was_away(problem)
            db.drop_connection()
            return None
    replica.was_there()
    return found


def _refuse_what_is_not_ours_or_old(identity):
    """Asked each time: behind the address another server may stand, and a standby be promoted.

    Age is judged by the clock that everybody follows, which is the primary's: the standby's own
    says nothing.
    """
    *found, is_standby, last = db.database.execute_sql(STANDING).fetchone()
    if tuple(found) != identity:
        raise NotOurs("another database than DATABASE_URL")
    if not is_standby:
        raise NotOurs("a server that is no standby")
    if last is None or clock.now() - last > MOST_OLD:
        raise TooOld
