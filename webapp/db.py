"""The database: SQLite by default, PostgreSQL by ``DATABASE_URL``; one write discipline for both.

Each thread keeps one connection (closing one per request makes SQLite checkpoint and delete its
log every time: five flushes where one will do). All writing goes through ``write_transaction``.
"""

import fcntl
import os
import threading
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

import peewee
from playhouse.postgres_ext import Psycopg3Database

database = peewee.DatabaseProxy()
_turn = threading.local()

STATEMENT_SECONDS = 5     # a statement that runs longer is a defect: end it, free its locks
LOCK_SECONDS = 3


class UtcDateTimeField(peewee.DateTimeField):
    """A moment: aware datetimes in Python, UTC without zone in the table, on both databases."""

    def db_value(self, value):
        if value is not None and not isinstance(value, str):
            value = value.astimezone(UTC).replace(tzinfo=None)
        return super().db_value(value)

    def python_value(self, value):
        value = super().python_value(value)
        return value and value.replace(tzinfo=UTC)


class Table(peewee.Model):
    """The base of every table."""

    class Meta:
        database = database
        legacy_table_names = False


def connect_to(url):
    """Point the models at a database.

    :param url: ``sqlite:///path`` or ``postgresql://…``.
    :raises ValueError: for any other scheme.
    """
    if url.startswith("sqlite:///"):
        database.initialize(_sqlite(Path(url.removeprefix("sqlite:///"))))
    elif url.startswith(("postgresql://", "postgres://")):
        database.initialize(_postgresql(url))
    else:
        raise ValueError("DATABASE_URL must begin with sqlite:/// or postgresql://")
    return database


def is_sqlite():
    """Whether the one-writer discipline of SQLite applies."""
    return isinstance(database.obj, peewee.SqliteDatabase)


@contextmanager
def write_transaction():
    """One unit of work: everything inside commits together or not at all.

    On SQLite the writers queue on a file lock before ``BEGIN IMMEDIATE``: SQLite's own waiting is
    a race that one busy process can win for seconds. Nothing slow belongs inside. A transaction
    begun inside another joins it.
    """
    if database.in_transaction():
        yield
        return
    with _writers_turn(), database.atomic():
        yield


@contextmanager
def _writers_turn():
    if not is_sqlite():
        yield
        return
    path = f"{database.database}.turn"
    if getattr(_turn, "path", None) != path:
        _turn.path, _turn.file = path, _TurnFile(path)
    fcntl.flock(_turn.file.descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(_turn.file.descriptor, fcntl.LOCK_UN)


class _TurnFile:
    """The file a thread queues on; open as long as the thread lives."""

    def __init__(self, path):
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def close(self):
        """Let go of the file; its lock goes with it."""
        if self.descriptor is not None:
            os.close(self.descriptor)
        self.descriptor = None

    __del__ = close


def ensure_connection():
    """Give this thread a working connection, replacing one that broke."""
    if not database.is_closed() and not database.is_connection_usable():
        database.close()
    database.connect(reuse_if_open=True)


def drop_connection():
    """Forget this thread's connection after a database fault; the next use opens a new one."""
    try:
        database.close()
    except peewee.PeeweeException:
        database.obj._state.reset()  # the driver could not even close it


def _sqlite(path):
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return peewee.SqliteDatabase(
        str(path), lock_type="IMMEDIATE", timeout=5, check_same_thread=False,
        pragmas={"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1,
                 "trusted_schema": 0, "cache_size": -4000, "temp_store": "memory"})


def _postgresql(url):
    return Psycopg3Database(
        url, connect_timeout=5, application_name="purna",
        options=f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout={LOCK_SECONDS}s "
                "-c timezone=UTC -c synchronous_commit=on")


def init_app(app):
    """Give each request a working connection, kept by its thread afterwards."""
    app.before_request(ensure_connection)
