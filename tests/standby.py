"""A real standby of the test server: what is written there appears here a moment later."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tests import postgresql
from tests.faults.processes import wait_until

PORT = 5433     # names its socket; it listens nowhere else


class Standby:
    """Follows the test server from now on."""

    def __init__(self):
        primary = Path(conninfo_to_dict(postgresql.server_uri())["host"])     # of its socket
        self._user = primary.owner() if os.getuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="standby-", dir=primary.parent))
        if self._user:
            shutil.chown(self.folder, self._user)
        self._run("pg_basebackup", f"--host={primary}", "--username=postgres", "--checkpoint=fast",
                  "--write-recovery-conf", "--no-sync", f"--pgdata={self.folder}")
        self.start()

    def address_of(self, name):
        """The address of a database on it."""
        return f"postgresql://postgres@/{name}?host={self.folder}&port={PORT}"

    def start(self):
        """Follow again; returns once it answers."""
        self._run("pg_ctl", "start", "--wait", f"--pgdata={self.folder}",
                  f"--log={self.folder}/standby.log",
                  f"--options=-c port={PORT} -c unix_socket_directories={self.folder} "
                  "-c listen_addresses=''")

    def kill(self):
        """Gone, as if its machine had failed."""
        self._run("pg_ctl", "stop", "--wait", "--mode=immediate", f"--pgdata={self.folder}")

    def ask(self, question):
        """The one value of a question to it, of no database in particular."""
        with psycopg.connect(self.address_of("postgres"), autocommit=True) as line:
            return line.execute(question).fetchone()[0]

    def has_all(self):
        """Wait until all that was written by now can be read here."""
        with psycopg.connect(postgresql.server_uri()) as line:
            place, = line.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        wait_until(lambda: self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{place}'"),
                   what="what was written on the standby")

    def remove(self):
        """End it, with its files."""
        self.kill()
        shutil.rmtree(self.folder)

    def _run(self, program, *arguments):
        # Not captured: the server that pg_ctl starts would keep the pipe open.
        subprocess.run([postgresql.programs() / program, *arguments], check=True, cwd="/",
                       timeout=30, user=self._user, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
