"""Whether claims, payouts, savings, audit trail and messages say the same (reliability MC-14).

A fixed number of statements, whatever there is; all of them see one moment. Each yields what is
not as it must be, and nothing in a sound database.
"""

from contextlib import contextmanager

from webapp.db import database, is_sqlite
from webapp.payouts import money_checks, record_checks
from webapp.receipts.signing import show_number

CHECKS = (*money_checks.CHECKS, *record_checks.CHECKS)


def differences():
    """Yield a line for each difference."""
    with _one_moment():
        for query, say in CHECKS:
            for row in query().tuples().iterator():
                for words in say(*row[1:]):
                    yield f"{_named(row[0])}: {words}"


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
