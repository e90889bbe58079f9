"""Whether claims, payouts, savings, audit trail and messages say the same (reliability MC-14).

A fixed number of statements, whatever there is; all of them see one moment. Each yields what is
not as it must be, and nothing in a sound database.
"""

from contextlib import contextmanager
from datetime import timedelta

from webapp.db import database, is_sqlite, write_transaction
from webapp.models.claims import Reconciliation
from webapp.payouts import money_checks, record_checks
from webapp.receipts.signing import show_number

CHECKS = (*money_checks.CHECKS, *record_checks.CHECKS)
EVERY = timedelta(days=1)


def differences():
    """Yield a line for each difference."""
    for found in _by_check():
        yield from found


def reconcile(now):
    """Compare everything and keep how many differences there are. Returns their lines."""
    found = list(differences())
    _keep(len(found), now)
    return found


def last_reconciliation():
    """The newest ``Reconciliation``, or None."""
    return Reconciliation.select().order_by(Reconciliation.id.desc()).first()


class Reconciling:
    """Does the same once a day, a check at each call, so that nothing else waits for it.

    How far it is stands in this process; a new one begins again.
    """

    def __init__(self):
        self._checks, self._next_at, self._found = None, None, 0

    def __call__(self, now):
        """Do some of it, if it is due. Returns whether there is more to do now."""
        if self._checks is None and not self._begins(now):
            return False
        try:
            found = next(self._checks, None)
            if found is None:
                self._checks, self._next_at = None, now + EVERY
                _keep(self._found, now)
                return False
        except Exception:
            self._checks = None     # what was interrupted says nothing about the rest
            raise
        self._found += len(found)
        return True

    def _begins(self, now):
        if self._next_at is None:
            last = last_reconciliation()
            self._next_at = last.checked_at + EVERY if last else now
        if now < self._next_at:
            return False
        self._checks, self._found = _by_check(), 0
        return True


def _keep(count, now):
    with write_transaction():
        Reconciliation.create(checked_at=now, differences=count)


def _by_check():
    """Yield the lines of each check, a list."""
    with _one_moment():
        for query, say in CHECKS:
            yield [f"{_named(row[0])}: {words}" for row in query().tuples().iterator()
                   for words in say(*row[1:])]


def _named(subject):
    """A claim or file by its number; a person by their public id."""
    return show_number(subject) if isinstance(subject, str) else f"peserta {subject}"


@contextmanager
def _one_moment():
    """A transaction that only reads, everything as it was at its beginning, however long."""
    with database.atomic("DEFERRED") if is_sqlite() else database.atomic():
        if not is_sqlite():
            database.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            database.execute_sql("SET LOCAL statement_timeout = 0")
        yield
