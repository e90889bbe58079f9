"""What acts cost on PostgreSQL: read from the system and the database before and after."""

import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

from bench.process import cpu_ms, reaped_ms

# BEGIN and COMMIT apart: of those that are prepared it counts the first alone.
_STATEMENTS = ("SELECT sum(calls) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid "
               "WHERE d.datname = current_database() AND query NOT IN ('BEGIN', 'COMMIT')")
_COMMITS = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"     # that wrote
_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
_SIZE = ("SELECT sum(pg_total_relation_size(quote_ident(tablename)::regclass)) FROM pg_tables "
         "WHERE schemaname = 'public'")


class Cost(NamedTuple):
    """Of one act, or of several together."""

    web_ms: float           # processor time of our own process: web server, or sender
    database_ms: float      # and of PostgreSQL: all its processes
    statements: float       # but BEGIN and COMMIT
    commits: float          # that wrote something
    log_bytes: float        # WAL, of pages that are in it already
    full_log_bytes: float   # WAL of the first act after a checkpoint, which copies whole pages
    rows: float             # more of them than before
    row_bytes: float        # by which tables and indexes grew
    stored_bytes: float     # in the document store
    objects: float          # there
    answers: float
    sent_bytes: float       # to the client

    def each(self, count):
        """Of one of so many; the first act's log is one act's already."""
        return self._replace(**{name: value / count for name, value in self._asdict().items()
                                if name != "full_log_bytes"})

    def grown(self, times):
        """Where there is much more to look through: processors have more to do."""
        return self._replace(web_ms=self.web_ms * times, database_ms=self.database_ms * times)

    def without(self, idle, seconds):
        """Less what somebody idle would have spent in so many seconds."""
        return Cost(*(spent - each * seconds for spent, each in zip(self, idle, strict=True)))


class Meter:
    """Reads what was spent so far.

    :param uri: of the database.
    :param pid: of our process; changed when another one does the next act.
    :param postmaster: of the PostgreSQL server's first process.
    :param store: the folder of documents.
    :param traffic: a ``visitor.Received``.
    """

    def __init__(self, uri, pid, postmaster, store, traffic):
        self.pid, self._postmaster, self._store = pid, postmaster, Path(store)
        self._traffic = traffic
        self._line = psycopg.connect(uri, autocommit=True)
        self._line.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        self._tables = [name for (name,) in self._line.execute(_TABLES)]

    def measured(self, act, things):
        """The ``Cost`` of an act, done for each of some things.

        The first shows its log alone; a third of them fill the caches of every connection.
        """
        first, *others = things
        early = len(others) // 3
        self._line.execute("CHECKPOINT")
        before = self._log()
        act(first)
        full = self._log() - before
        for thing in others[:early]:
            act(thing)
        with self.measuring() as found:
            for thing in others[early:]:
                act(thing)
        return found[0].each(len(others) - early)._replace(full_log_bytes=full)

    @contextmanager
    def measuring(self):
        """Yields a list; the ``Cost`` of all that the block does is in it afterwards."""
        # What counting costs is spent before the first processor time is read, and after the last.
        before = {name: read() for name, read in reversed(self._readers().items())}
        found = []
        yield found
        after = {name: read() for name, read in self._readers().items()}
        found.append(Cost(full_log_bytes=0, **{
            name: float(after[name] - before[name]) for name in before}))

    def close(self):
        """End the connection."""
        self._line.close()

    def _readers(self):
        return {
            "web_ms": lambda: cpu_ms(self.pid),
            "database_ms": lambda: cpu_ms(self._postmaster) + reaped_ms(self._postmaster),
            "log_bytes": self._log,
            "statements": lambda: self._one(_STATEMENTS),
            "commits": lambda: self._one(_COMMITS),
            "rows": lambda: self._one("SELECT " + " + ".join(
                f"(SELECT count(*) FROM {table})" for table in self._tables)),
            "row_bytes": lambda: self._one(_SIZE),
            "stored_bytes": lambda: sum(size for size in self._files()),
            "objects": lambda: len(self._files()),
            "answers": lambda: self._traffic.answers,
            "sent_bytes": lambda: self._traffic.bytes}

    def _log(self):
        return self._one("SELECT pg_current_wal_insert_lsn() - '0/0'")

    def _one(self, question):
        return float(self._line.execute(question).fetchone()[0] or 0)

    def _files(self):
        return [path.stat().st_size for path in self._store.rglob("*") if path.is_file()]


def commits_a_second(uri, seconds=2.0):
    """How often one connection commits a row, one after the other: each waits for the disk."""
    with psycopg.connect(uri, autocommit=True) as line:
        line.execute("CREATE TABLE committed (at float)")
        count, began = 0, time.monotonic()
        while time.monotonic() - began < seconds:
            line.execute("INSERT INTO committed VALUES (1)")
            count += 1
        took = time.monotonic() - began
        line.execute("DROP TABLE committed")
    return count / took
