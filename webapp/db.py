"""The database: SQLite by default, PostgreSQL by ``DATABASE_URL``; one write discipline for both.

Each thread keeps one connection (closing one per request makes SQLite checkpoint and delete its
log every time: five flushes where one will do). All writing goes through ``write_transaction``.
What may be read elsewhere is in ``webapp/replica.py``.
"""

import logging
import os
import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from datetime import UTC
from pathlib import Path
from types import SimpleNamespace

import peewee

from webapp import clock, counters
from webapp.postgresql import (
    BUSY_STATES,
    DEADLOCK,
    LOCK_NOT_AVAILABLE,
    SESSION,
    USUAL,
    WITHOUT_WAITING,
    Primary,
    server_at,
    settings,
)
from webapp.turn import BUSY, writers_turn


class _Thread(threading.local):
    """What holds for one thread.

    :param replica: the database that it reads from instead, just now; or None.
    """

    replica, may_write = None, True


_thread = _Thread()


class ThreadsDatabase(peewee.DatabaseProxy):
    """The database; for a thread that reads from a replica just now, the replica."""

    def __getattr__(self, name):
        return getattr(_thread.replica or self.obj, name)


log = logging.getLogger(__name__)
database = ThreadsDatabase()
_time = SimpleNamespace(ask_at=float("inf"))     # by the machine's count of seconds

SQLITE = "sqlite:///"
PATIENCE_SECONDS = 5      # of a writer that waits for its turn
BUSY_SECONDS = 5          # of SQLite, for other programs
ASK_TIME_SECONDS = 30     # by then two clocks that run on by themselves differ by a millisecond
SLOW_SECONDS = 1          # an answer about the time that took longer says little
WAIT_TO_CLEAR_SECONDS = 1     # for others to finish; meanwhile nobody new may begin


class UtcDateTimeField(peewee.DateTimeField):
    """A moment: aware datetimes in Python, UTC without zone in the table, on both databases."""

    def db_value(self, value):
        if value is not None and not isinstance(value, str):
            value = value.astimezone(UTC).replace(tzinfo=None)
        return super().db_value(value)

    def python_value(self, value):
        value = super().python_value(value)
        return value and value.replace(tzinfo=UTC)


def connect_to(url):
    """Point the models at a database; this thread's connection to the one before is closed.

    :param url: ``sqlite:///path`` or ``postgresql://…``.
    :raises ValueError: for any other scheme.
    """
    if database.obj is not None:
        drop_connection()
    if path := sqlite_path(url):
        database.initialize(_sqlite(path))
    elif url.startswith(("postgresql://", "postgres://")):
        database.initialize(server_at(url, Primary, **USUAL))
    else:
        raise ValueError("DATABASE_URL must begin with sqlite:/// or postgresql://")
    return database


def sqlite_path(url):
    """The ``Path`` of the file that an address names; None for another database."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


def is_sqlite():
    """Whether the one-writer discipline of SQLite applies."""
    return isinstance(database.obj, peewee.SqliteDatabase)


def left_by_others(rows):
    """These rows without those that another transaction is at work on, locked until this one ends.

    On SQLite nobody else is: one writes at a time.

    :param rows: a select of a model, which stands first in it.
    """
    return rows if is_sqlite() else rows.for_update('FOR UPDATE OF "t1" SKIP LOCKED')


@contextmanager
def only_reading():
    """Whatever writes inside is refused as a defect, in this thread; on either database."""
    if database.in_transaction() or not _thread.may_write:
        raise RuntimeError("what may be seconds old is read by itself, outside any transaction")
    _thread.may_write = False
    try:
        yield
    finally:
        _thread.may_write = True


@contextmanager
def reading_from(replica):
    """This thread's reads go to another database, its connection included."""
    _thread.replica = replica
    try:
        yield
    finally:
        _thread.replica = None


def _refuse_where_only_reading():
    if not _thread.may_write:
        raise RuntimeError("something writes where only reading was announced")


@contextmanager
def write_transaction():
    """One unit of work: everything inside commits together or not at all.

    On SQLite the writers queue on a file lock before ``BEGIN IMMEDIATE``: SQLite's own waiting is
    a race that one busy process can win for seconds. Nothing slow belongs inside. A transaction
    begun inside another joins it.
    """
    _refuse_where_only_reading()
    if database.in_transaction():
        yield
        return
    with _writers_turn(), database.atomic():
        yield


def write_note(act):
    """Write something that may be lost: it neither waits for other writers nor fails a reader.

    :param act: called without arguments inside a transaction of its own.
    """
    _refuse_where_only_reading()
    try:
        with _writers_turn(patience=0), _transaction_without_waiting():
            act()
    except peewee.OperationalError:
        drop_connection()       # its transaction may be half open; a database that is away
        ensure_connection()     # shows here


@contextmanager
def _transaction_without_waiting():
    """A transaction that fails at a lock somebody else holds, be it another program's."""
    if not is_sqlite():
        with database.atomic():
            # Nor for the standby: while that is away, who only reads goes on reading.
            database.execute_sql(WITHOUT_WAITING)
            yield
        return
    database.execute_sql("PRAGMA busy_timeout = 0")
    try:
        with database.atomic():
            yield
    finally:
        database.execute_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


@contextmanager
def _writers_turn(patience=PATIENCE_SECONDS):
    if not is_sqlite():
        yield
        return
    with writers_turn(database.database, patience):
        yield


def ensure_connection():
    """Give this thread a working connection, replacing one that broke."""
    if not database.is_closed() and not database.is_connection_usable():
        drop_connection()
    database.connect(reuse_if_open=True)
    if time.monotonic() > _time.ask_at and not _thread.replica:
        _ask_for_the_time()


def follow_clock():
    """From here on it is as late as the database says, whatever this machine's clock shows.

    A file of SQLite has one machine, and no clock but that one's.
    """
    if not is_sqlite():
        _time.ask_at = 0


def _ask_for_the_time():
    asked = time.monotonic()
    moment, = database.execute_sql("SELECT clock_timestamp()").fetchone()
    answered = time.monotonic()
    is_quick, is_first = answered - asked < SLOW_SECONDS, not _time.ask_at
    if is_quick or is_first:     # a slow answer is better than none
        _agree(moment, (asked + answered) / 2, is_first)
    _time.ask_at = answered + (ASK_TIME_SECONDS if is_quick else 0)


def _agree(moment, seconds, is_first):
    """What is not believed is told; at first, when there is nothing else to go by, nobody works."""
    try:
        clock.agree(moment, seconds)
    except clock.Doubtful as problem:
        counters.CLOCK_DOUBTED.inc()
        log.error("%s: it says %s, and we %s", problem, moment, clock.now())
        if is_first:
            raise peewee.OperationalError(str(problem)) from problem


def drop_connection():
    """Forget this thread's connection after a database fault; the next use opens a new one."""
    try:
        database.close()
    except peewee.PeeweeException:
        database._state.reset()  # the driver could not even close it


def is_busy(error):
    """Whether an error tells of a lock or a turn that did not come in time."""
    return any(str(one) in (BUSY, "database is locked")
               or getattr(one, "sqlstate", None) in BUSY_STATES for one in chain_of(error))


def chain_of(error):
    """An error, what it came from, and so on."""
    while error:
        yield error
        error = error.__cause__ or error.__context__


def bytes_to_clear(tables):
    """How much ``clear_traces`` writes anew."""
    if is_sqlite():
        return os.path.getsize(database.database)
    return sum(database.execute_sql("SELECT pg_total_relation_size(%s::regclass)",
                                    [f'"{name}"']).fetchone()[0] for name in _names(tables))


def clear_traces(tables):
    """Take what was erased out of the files as well; outside any transaction.

    ``secure_delete`` alone is not enough: a page that SQLite filled anew when it moved rows can
    keep an old copy in its unused middle. So the file, on PostgreSQL the tables, are written anew;
    others wait meanwhile, some 10 ms for each MB. SQLite's log is emptied. What is in the log of
    PostgreSQL is overwritten when the server uses that file of it again.

    :param tables: models.
    :raises peewee.OperationalError: the database is busy; nothing is lost, try again.
    """
    if is_sqlite():
        _write_file_anew()
        return
    with long_statements(WAIT_TO_CLEAR_SECONDS):
        for name in _names(tables):
            database.execute_sql(f'VACUUM FULL "{name}"')


@contextmanager
def long_statements(lock_seconds):
    """Statements that may take as long as they need. None waits long for a lock: whoever comes
    after it waits behind it.

    :param lock_seconds: how long; then it is an ``OperationalError`` that ``is_lock_taken`` knows.
        On SQLite, whose statements have no such limits, others are waited for as ever.
    """
    if is_sqlite():
        yield
        return
    database.execute_sql(settings(False, statement_timeout="0", lock_timeout=f"{lock_seconds}s"))
    try:
        yield
    finally:
        if database.is_connection_usable():
            database.execute_sql(SESSION)


def is_lock_taken(problem):
    """Whether a fault of the database is that PostgreSQL waited for a lock as long as it may, or
    that two waited for each other."""
    return getattr(problem.__context__, "sqlstate", None) in (LOCK_NOT_AVAILABLE, DEADLOCK)


def _names(tables):
    return [table._meta.table_name for table in tables]


def _write_file_anew():
    # A connection of its own: this thread's keeps temporary files in memory, and this is one.
    path = database.database
    with (peewee.__exception_wrapper__, _writers_turn(),
          closing(sqlite3.connect(path, timeout=WAIT_TO_CLEAR_SECONDS,
                                  isolation_level=None)) as connection):
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("VACUUM")
        is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_busy:
            raise peewee.OperationalError("somebody is reading the log")


def _sqlite(path):
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return peewee.SqliteDatabase(
        str(path), lock_type="IMMEDIATE", timeout=BUSY_SECONDS, check_same_thread=False,
        pragmas={"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1,
                 "trusted_schema": 0, "cache_size": -4000, "temp_store": "memory",
                 "secure_delete": 1})     # what was erased is overwritten; filings do not feel it
