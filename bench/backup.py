"""Backup and restore of an office's SQLite, and how long others wait to write meanwhile."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median

from bench.datasets import dataset
from bench.inside import application, database_of
from bench.report import Figure
from bench.server import House
from webapp import audit, clock, db
from webapp.audit import Event
from webapp.operation import backup

WRITES_A_SECOND, SECONDS_FOR_A_GIB, LONGEST_MS = 200, 5, 200
ALONE_SECONDS, GIB = 5, 1 << 30


def measure(options, figures):
    """With the largest of the sizes asked for."""
    house = dataset(options.folder, max(options.workers), figures).copy_to(options.work / "backup")
    application(house)
    with database_of(house):
        writer = Writer()
        with writer.at_work("before it"):
            time.sleep(ALONE_SECONDS)
        with writer.at_work("during it"):
            taken = _seconds(lambda: house.run("backup", str(options.work / "backups")))
    start = _seconds(lambda: house.run("verify-backup", "--help"))
    made = backup.newest_in(options.work / "backups")
    size = (made / backup.SQLITE).stat().st_size / GIB
    figures += [
        Figure(f"flask backup of {size:.2f} GiB", taken, "s"),
        Figure("  for a GiB, but for the start of the command", (taken - start) / size, "s",
               SECONDS_FOR_A_GIB, remark=f"the start: {start:.1f} s"),
        *writer.figures()]
    elsewhere = House(options.work / "elsewhere")
    elsewhere.folder.mkdir()
    (elsewhere.folder / "secrets.json").write_bytes((house.folder / "secrets.json").read_bytes())
    put_back = _seconds(lambda: elsewhere.run("restore", str(made)))
    figures.append(Figure("flask restore, its audit trail verified", put_back, "s",
                          remark=f"{put_back / size:.1f} s for a GiB"))


class Writer:
    """Somebody who writes so often a second, each time in a transaction of its own, and how long
    each took (ms), by what went on meanwhile."""

    def __init__(self):
        self._took = {}

    @contextmanager
    def at_work(self, meanwhile):
        """Until the block ends."""
        stop, took = threading.Event(), self._took.setdefault(meanwhile, [])
        with ThreadPoolExecutor(1) as pool:
            run = pool.submit(self._write, stop, took)
            try:
                yield
            finally:
                stop.set()
        run.result()

    def _write(self, stop, took):
        db.ensure_connection()
        due = time.perf_counter()
        while not stop.wait(max(0, due - time.perf_counter())):
            with db.write_transaction():
                audit.record(Event.PERSON_SEARCHED, chain=audit.ACCOUNTS, actor=None,
                             subject=uuid.uuid4(), now=clock.now())
            # From when it was due: whoever was held up by the one before has waited too.
            took.append((time.perf_counter() - due) * 1000)
            due += 1 / WRITES_A_SECOND
        db.drop_connection()

    def figures(self):
        """The longest of each."""
        for meanwhile, took in self._took.items():
            yield Figure(f"  the longest write {meanwhile}", max(took), "ms",
                         LONGEST_MS if meanwhile == "during it" else None,
                         remark=f"median {median(took):.1f} ms, {len(took)} of them")


def _seconds(act):
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
