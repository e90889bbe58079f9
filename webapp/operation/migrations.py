"""The schema's history, by ``playhouse.migrations``."""

import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import peewee
from playhouse.migrations import Runner

from webapp import db
from webapp.turn import taken

FOLDER = Path(__file__).resolve().parent.parent / "migrations"
# A statement that waits for a table stops everybody who comes after it: a moment nobody minds.
LOCK_SECONDS = 0.3
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.3, 10
PATIENCE_SECONDS = 600     # for whoever reads a table so long
TURN = 7_862_001           # PostgreSQL's number for the lock of whoever migrates; any would do


class TablesInUse(Exception):
    """Others did not let go of the tables in all that time; what was applied before stays."""


@contextmanager
def turn_to_migrate(database, tell):
    """Only one migrates a database; others wait for as long as that takes.

    The lock is the connection's, on SQLite a file's: it goes with a process that dies.

    :param tell: called once, without arguments, by whoever has to wait.
    """
    take, leave = _file_lock(database) if db.is_sqlite() else _session_lock(database)
    if not take():
        tell()
        # Asked again and again: CREATE INDEX CONCURRENTLY would wait for one statement that waits.
        while not take():
            time.sleep(PAUSE_SECONDS)
    try:
        yield
    finally:
        leave()


def _session_lock(database):
    def take():
        return database.execute_sql("SELECT pg_try_advisory_lock(%s)", [TURN]).fetchone()[0]

    def leave():
        if database.is_connection_usable():
            database.execute_sql("SELECT pg_advisory_unlock(%s)", [TURN])

    return take, leave


def _file_lock(database):
    file = Path(f"{database.database}.migrating").open("a")
    return partial(taken, file), file.close


def runner(database, folder=FOLDER):
    """A runner over this project's migrations."""
    return Runner(database, str(folder))


def pending(database, folder=FOLDER):
    """Names of the migrations that were not applied."""
    return [step.name for step in runner(database, folder).status() if not step.applied]


def unknown(database):
    """Names of applied migrations that this release does not have: it is older than the data."""
    return [step.name for step in runner(database).status() if step.path is None]


def apply_pending(database, folder=FOLDER, patience=PATIENCE_SECONDS):
    """Apply what is pending while others work. Returns the names.

    What finds its tables in use lets everybody else go first, and tries again.

    :param patience: in seconds, for each of them.
    :raises TablesInUse: with the name of the migration that could not be applied.
    """
    names = pending(database, folder)
    for name in names:
        _apply(runner(database, folder), name, time.monotonic() + patience)
    return names


def _apply(steps, name, deadline):
    pause = PAUSE_SECONDS
    while True:
        try:
            with db.long_statements(LOCK_SECONDS):
                steps.up(name)
            return
        except peewee.OperationalError as problem:
            if not db.is_lock_taken(problem):
                raise
            if time.monotonic() + pause > deadline:
                raise TablesInUse(name) from problem
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
