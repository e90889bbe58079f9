"""A house of its own for every measurement: a data folder, a database, a running server."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
KEPT_FROM_OUTSIDE = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_RUNTIME_DIR")


@dataclass(frozen=True)
class House:
    """A data folder and the database that belongs to it."""

    folder: Path
    database_url: str = ""

    @property
    def url(self):
        """The database's address."""
        return self.database_url or f"sqlite:///{self.folder / 'purna.sqlite3'}"

    def environment(self, **more):
        """What the app is told; nothing of the caller's settings leaks in."""
        kept = {name: os.environ[name] for name in KEPT_FROM_OUTSIDE if name in os.environ}
        return {**kept, "FLASK_APP": "wsgi", "PURNA_DATA": str(self.folder),
                "DATABASE_URL": self.url, **more}

    def run(self, *words):
        """Run a ``flask`` command to its end."""
        self.run_module("flask", *words)

    def run_module(self, *words):
        """Run a module as a program, to its end."""
        subprocess.run([sys.executable, "-m", *words], cwd=ROOT, check=True,
                       env=self.environment(), stdout=subprocess.DEVNULL)

    def copy_to(self, folder):
        """A copy whose rows may be used up; on SQLite only, while nothing serves it."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return House(folder)


@dataclass(frozen=True)
class Server:
    """A running server."""

    base: str
    pid: int


@contextmanager
def serving(house, *, wait_for="/masuk"):
    """``flask serve`` on a free port until the block ends."""
    port = free_port()
    environment = house.environment(PORT=str(port))
    with running([sys.executable, "-m", "flask", "serve"], environment) as process:
        server = Server(f"http://127.0.0.1:{port}", process.pid)
        wait_until_it_answers(server.base + wait_for, process)
        yield server


@contextmanager
def running(command, environment, cwd=ROOT):
    """A process that ends with the block."""
    process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_it_answers(url, process, seconds=30):
    """Ask until the answer is 200. Raises ``RuntimeError`` when that does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(url, timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise RuntimeError(f"{url} does not answer")


def free_port():
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
