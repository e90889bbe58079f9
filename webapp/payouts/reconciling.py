"""Whether claims, payouts, savings, audit trail and messages say the same (reliability MC-14).

A fixed number of statements, whatever there is; all of them see one moment. Each yields what is
not as it must be, and nothing in a sound database.
"""

from contextlib import contextmanager
from functools import partial

from webapp.daily import Daily
from webapp.db import database, is_sqlite, write_transaction
from webapp.models.claims import Reconciliation
from webapp.payouts import money_checks, record_checks
from webapp.receipts.signing import show_number

CHECKS = (*money_checks.CHECKS, *record_checks.CHECKS)


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


def once_a_day():
    """The same once a day, a check at each step, so that nothing else waits for it."""
    return Daily("reconciliation", lambda: getattr(last_reconciliation(), "checked_at", None),
                 _step_by_step)


def _step_by_step():
    count = 0
    for found in _by_check():
        count += len(found)
        yield
    return partial(_keep, count)


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
