"""A PostgreSQL of Debian's that is kept in a folder, as durable as a real one."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager

import psycopg

from bench.server import free_port
from deploy import folders

PROGRAMS = "/usr/lib/postgresql/15/bin"
USER = "postgres"     # it refuses to be run by root
NAME = "purna"
# Of deploy/templates/patroni.yml and site.toml, as far as a server alone has them; memory for two
# cores' worth of machine. fsync, full_page_writes and synchronous_commit are on: it says so anyway.
SETTINGS = {"shared_buffers": "1GB", "max_connections": "100", "wal_level": "replica",
            "wal_log_hints": "on", "fsync": "on", "full_page_writes": "on",
            "synchronous_commit": "on", "max_wal_size": "4GB", "maintenance_work_mem": "512MB",
            "checkpoint_timeout": "5min", "jit": "off", "listen_addresses": "127.0.0.1"}


def owner():
    """Who runs it: nobody else where we are not root."""
    return USER if os.getuid() == 0 else None


@contextmanager
def postgresql(folder):
    """The server of a folder, made when it is not there; yields (address, process id)."""
    data, port = folder / "postgresql", free_port()
    folders.open_the_way(folder, owner())
    if not (data / "PG_VERSION").exists():
        _make(data)
    options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
    with (folder / "postgresql.log").open("ab") as log:
        process = subprocess.Popen(
            [f"{PROGRAMS}/postgres", "-D", data, f"-p{port}", f"-k{data}", *options],
            stdout=log, stderr=log, cwd="/", **_ownership())
    try:
        base = f"postgresql://{owner() or os.environ.get('USER', USER)}@127.0.0.1:{port}"
        _wait(f"{base}/postgres", process)
        with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s",
                                      [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME}")
        yield f"{base}/{NAME}", process.pid
    finally:
        process.send_signal(signal.SIGINT)     # whoever is connected still is cut off
        process.wait(60)


def _make(data):
    data.mkdir(mode=0o700)
    if owner():
        shutil.chown(data, USER, USER)
    subprocess.run([f"{PROGRAMS}/initdb", "-D", data, "--encoding=UTF8", "--locale=C.UTF-8",
                    "--data-checksums", "--auth=trust"], check=True, cwd="/",
                   stdout=subprocess.DEVNULL, **_ownership())


def _wait(address, process, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.2)
    raise RuntimeError("PostgreSQL does not come; see postgresql.log beside its data")


def _ownership():
    user = owner()
    return {"user": user, "group": user, "extra_groups": []} if user else {}
