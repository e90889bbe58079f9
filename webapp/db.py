"""The database: SQLite by default, PostgreSQL by ``DATABASE_URL``; one write discipline for both.

Each thread keeps one connection (closing one per request makes SQLite checkpoint and delete its
log every time: five flushes where one will do). All writing goes through ``write_transaction``.
What may be read elsewhere is in ``webapp/replica.py``.
"""

import fcntl
import os
import select
import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from datetime import UTC
from pathlib import Path
from types import SimpleNamespace

import peewee
import psycopg
from playhouse.postgres_ext import Psycopg3Database
from psycopg.conninfo import conninfo_to_dict

from webapp import clock


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


database = ThreadsDatabase()
_turn = threading.local()
_threads = threading.Lock()
_time = SimpleNamespace(ask_at=float("inf"))     # by the machine's count of seconds

SQLITE = "sqlite:///"
STATEMENT_SECONDS = 5     # a statement that runs longer is a defect: end it, free its locks
LOCK_SECONDS = 3
BUSY = "the database is busy"
PATIENCE_SECONDS = 5      # of a writer that waits for its turn
BUSY_SECONDS = 5          # of SQLite, for other programs
POLL_SECONDS = 0.0005
COURTESY_SECONDS = 3 * POLL_SECONDS     # whoever polls meanwhile finds the turn free
ASK_TIME_SECONDS = 30     # by then two clocks that run on by themselves differ by a millisecond
SLOW_SECONDS = 1          # an answer about the time that took longer says too little
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
    """Queue for the right to write: on SQLite among this process's threads, then among processes.

    A writer that was stopped in the middle must not stop everybody: after ``patience`` seconds it
    is an ``OperationalError``, as of a database that is busy.
    """
    if not is_sqlite():
        yield
        return
    deadline = time.monotonic() + patience
    if not _threads.acquire(timeout=patience):
        raise peewee.OperationalError(BUSY)
    try:
        turn, queue = _turn_files()
        _let_others_first(queue)
        if not _taken(turn):
            _wait_for(turn, queue, deadline)
        try:
            yield
        finally:
            fcntl.flock(turn, fcntl.LOCK_UN)
    finally:
        _threads.release()


def _let_others_first(queue):
    """The threads of a busy process hand the turn to one another in no time: without this, those of
    another process that poll for it could wait for seconds."""
    if _taken(queue):
        fcntl.flock(queue, fcntl.LOCK_UN)
    else:
        time.sleep(COURTESY_SECONDS)


def _wait_for(turn, queue, deadline):
    """Poll for the turn; meanwhile the queue shows that somebody does."""
    fcntl.flock(queue, fcntl.LOCK_SH)
    try:
        while not _taken(turn):
            if time.monotonic() > deadline:
                raise peewee.OperationalError(BUSY)
            time.sleep(POLL_SECONDS)
    finally:
        fcntl.flock(queue, fcntl.LOCK_UN)


def _taken(file):
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _turn_files():
    path = database.database
    if getattr(_turn, "path", None) != path:
        _turn.path = path
        _turn.files = _TurnFile(f"{path}.turn"), _TurnFile(f"{path}.queue")
    return [file.descriptor for file in _turn.files]


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
    if answered - asked < SLOW_SECONDS:
        clock.agree(moment, (asked + answered) / 2)
        _time.ask_at = answered + ASK_TIME_SECONDS


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
    """Whether a fault of the database is that PostgreSQL waited for a lock as long as it may."""
    return getattr(problem.__context__, "sqlstate", None) == LOCK_NOT_AVAILABLE


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


def settings(is_local, **values):
    """The one statement that sets these, for the session or for the transaction alone."""
    return "SELECT " + ", ".join(f"set_config('{name}', '{value}', {is_local})"
                                 for name, value in values.items())


# Said after connecting and not while: a pool in between refuses options it does not know.
SESSION = settings(False, statement_timeout=f"{STATEMENT_SECONDS}s",
                    lock_timeout=f"{LOCK_SECONDS}s", timezone="UTC", synchronous_commit="on")
WITHOUT_WAITING = settings(True, lock_timeout="1ms", synchronous_commit="local")
READ_ONLY, LOCK_NOT_AVAILABLE = "25006", "55P03"     # SQLSTATE
# Also: a deadlock, and a statement that took too long.
BUSY_STATES = (LOCK_NOT_AVAILABLE, "40P01", "57014")


class Primary(Psycopg3Database):
    """PostgreSQL as a cluster has it: the server behind an address may become another one."""

    session, refusal = SESSION, peewee.OperationalError

    def is_connection_usable(self):
        """Whether it works, as far as can be told without asking the server.

        :return: ``False`` also when the other side hung up since it was used last: after a
            failover nobody's request is spent on finding that out.
        """
        return super().is_connection_usable() and not _was_hung_up(self._state.conn.pgconn)

    def execute_sql(self, *statement, **options):
        """Run one statement; a server that became a standby is one that is away, not a defect."""
        try:
            return super().execute_sql(*statement, **options)
        except peewee.InternalError as problem:
            if getattr(problem.__context__, "sqlstate", None) != READ_ONLY:
                raise
            raise self.refusal("the server takes no writes") from problem

    def _connect(self):
        connection = super()._connect()
        try:
            connection.execute(self.session)
        except psycopg.Error:
            connection.close()
            raise
        return connection


def _was_hung_up(driver):
    """Whether something came in on an idle line: a last word and the end of it, else nothing does.

    :param driver: psycopg's ``pgconn``.
    """
    line = select.poll()
    line.register(driver.socket, select.POLLIN)
    for _ in range(2):      # the first time it may have been a notice
        if not line.poll(0):
            return False
        try:
            driver.consume_input()
        except psycopg.OperationalError:
            return True
    return True


USUAL = {"connect_timeout": 5, "application_name": "purna", "keepalives_idle": 10,
         "keepalives_interval": 5, "keepalives_count": 3}


def server_at(url, kind, **usual):
    """The PostgreSQL at an address; what the address says itself goes before what is usual.

    :param kind: ``Primary``, or a class made of it.
    """
    url = url.replace("postgres://", "postgresql://", 1)     # the only name peewee knows
    said = conninfo_to_dict(url)
    return kind(url, **{name: value for name, value in usual.items() if name not in said})
