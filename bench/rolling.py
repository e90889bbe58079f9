"""python -m bench.rolling: a new release comes to the cluster while people are at work.

Visitors at a constant rate come through the edge. A release is unpacked beside the old one; its
migrations run, some of them behind somebody who reads for seconds; the nodes and their senders are
replaced one after the other; then the migration of the release after that removes what nobody uses.
Nobody's request may fail. Its ports begin at ``PURNA_CLUSTER_PORT``.
"""

import argparse
import asyncio
import re
import shutil
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg

from bench.crowd import add_accounts, gathered
from bench.report import NOT_LESS, Figure, table
from bench.server import ROOT
from bench.traffic import Traffic, at, figures
from deploy import folders, programs
from deploy.cluster import COME_SECONDS, Cluster, status_of
from deploy.processes import Trouble, wait_for
from webapp import config, create_app
from webapp.db import database, ensure_connection

PARTS = ("webapp", "templates", "static", "wsgi.py")     # of a release
LEAST_ASKED = 0.95     # of what the rate asks in that time: nobody left the visitors alone
MIGRATIONS = ROOT / "bench" / "next_release"
WORKERS, ACCOUNTS = 3000, 200
CROWD = {"workers": 60, "clerks": 4, "officers": 10, "cards": 2000}
READING_SECONDS = 4      # of somebody whom a migration meets
BEFORE_SECONDS = 10      # of visitors, and as many afterwards


def main():
    """Run it and report. Returns an exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.rolling", description=__doc__)
    parser.add_argument("--rate", type=int, default=50, help="requests in a second")
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="purna-rolling-"))
    cluster = Cluster(place)     # of its own: a release of the future has been there afterwards
    try:
        cluster.up()
        found = list(_measured(cluster, options.rate))
    except Trouble as problem:
        print(f"{problem}; {place} stays, to be looked at", file=sys.stderr)
        return 1
    finally:
        cluster.down()
    shutil.rmtree(place)
    print("\n".join(table(found)))
    return any(figure.passed is False for figure in found)


def _measured(cluster, rate):
    web = cluster.site.of("web")
    cluster.run(programs.flask(web[0], "demo", "--workers", str(WORKERS)), "more workers")
    environment = programs.flask(web[0]).environment
    app = create_app(config.from_environment(environment))
    with app.app_context():
        ensure_connection()
        add_accounts(ACCOUNTS)
        crowd = gathered(app, **CROWD)
        database.close()
    with _visited(cluster, crowd, rate) as visitors:
        begun = time.monotonic()
        time.sleep(BEFORE_SECONDS)
        seconds = _rolled_out(cluster, environment)
        time.sleep(BEFORE_SECONDS)
        elapsed = time.monotonic() - begun
    yield from figures(visitors.counted, rate)
    for phase, (begun, ended) in seconds.items():
        times = sorted(visitors.times_between(begun, ended))
        yield Figure(f"  {phase}", ended - begun, "s", remark=(
            f"{len(times)} requests, p95 {at(times, 0.95):.0f}, max {times[-1]:.0f} ms"))
    cluster.run(programs.flask(web[0], "audit", "verify"), "the audit trail")
    yield Figure("requests in all", len(visitors.counted.all_times), "",
                 LEAST_ASKED * rate * elapsed, NOT_LESS)


class _Visitors(threading.Thread):
    """Traffic beside what this process does."""

    def __init__(self, cluster, crowd, rate):
        super().__init__()
        self._traffic, self._rate = Traffic(cluster.addresses(), crowd), rate
        self.counted = self._traffic.counted

    def run(self):
        """Until told to stop."""
        asyncio.run(self._traffic.run(self._rate, 3600))

    def stop(self):
        """Let nobody in any more; wait for the last ones."""
        self._traffic.stop()
        self.join()

    def times_between(self, begun, ended):
        """Milliseconds of the requests that were due meanwhile."""
        return [milliseconds for due, milliseconds in self.counted.by_moment
                if begun <= due < ended]


@contextmanager
def _visited(cluster, crowd, rate):
    visitors = _Visitors(cluster, crowd, rate)
    visitors.start()
    try:
        yield visitors
    finally:
        visitors.stop()
        for failure in visitors.counted.failures[:10]:
            print(failure, file=sys.stderr)


def _rolled_out(cluster, environment):
    """Bring a release, as README.md says. Returns when each step began and ended."""
    web, phases = cluster.site.of("web"), {}

    @contextmanager
    def phase(name):
        begun = time.monotonic()
        yield
        phases[name] = begun, time.monotonic()

    release, styles = _unpacked(cluster.place / "release", "expand_*.py"), _styles(cluster)
    with phase("flask migrate (expand)"), _reading(environment):
        cluster.run(programs.flask(web[0], "migrate")._replace(folder=str(release)), "migrations")
    for machine, address in zip(web, cluster.nodes(), strict=True):
        machine["folders"]["code"] = str(release)
        for path in cluster.site.write(machine, "/"):
            folders.give(path, cluster.place / machine["name"], cluster.user)
        for unit in ("web", "sender"):
            name = f"{machine['name']}.{unit}"
            with phase(f"{name} stops"):
                cluster.stop(name)
            with phase(f"{name} starts"):
                cluster.start(name)
                wait_for(lambda url=f"{address}/readyz": status_of(url) == 200, COME_SECONDS,
                         f"{name}'s readiness", None)
    if styles & _styles(cluster):
        raise Trouble("the old release still answers")
    after = _unpacked(cluster.place / "release-after", "expand_*.py", "contract_*.py")
    with phase("flask migrate (contract)"), _reading(environment):
        cluster.run(programs.flask(web[0], "migrate")._replace(folder=str(after)), "migrations")
    return phases


def _unpacked(folder, *patterns):
    """A release: this one's code, another style sheet, and more migrations."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for part in PARTS:
        source, copied = ROOT / part, folder / part
        shutil.copytree(source, copied) if source.is_dir() else shutil.copy(source, copied)
    with (folder / "static" / "app.css").open("a") as style:
        style.write(".next-release { color: inherit }\n")
    there = max(int(path.name[:4]) for path in (folder / "webapp/migrations").glob("[0-9]*.py"))
    wanted = [path for pattern in patterns for path in sorted(MIGRATIONS.glob(pattern))]
    for number, path in enumerate(wanted, there + 1):
        shutil.copy(path, folder / "webapp/migrations" / f"{number:04}_{path.name}")
    return folder


def _styles(cluster):
    """The names of the style sheets that the nodes' pages ask for."""
    pages = [httpx.get(f"{url}/kontak", trust_env=False).text for url in cluster.nodes()]
    return {re.search(r"/static/app[^\"]+css", page).group() for page in pages}


@contextmanager
def _reading(environment):
    """Somebody reads the memberships for some seconds while the block begins."""
    url = Path(environment["DATABASE_URL_FILE"]).read_text("ascii").strip()
    reader = psycopg.connect(url)
    reader.execute("SELECT count(*) FROM membership")
    leaving = threading.Timer(READING_SECONDS, reader.close)
    leaving.start()
    try:
        yield
    finally:
        leaving.join()


if __name__ == "__main__":
    sys.exit(main())
