"""All databases lost at once, on the cluster that runs: what comes back, and when.

``python -m bench.recovery``. A backup is made; a clerk files one report after the other and notes
when each was acknowledged; then both PostgreSQLs are killed and their data deleted. First the
newest that the archive has is put back, then one moment between two acts. Each time every act
before must be there and none after, the audit trail whole and the money agreed.
"""

import os
import shutil
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import httpx

from bench.client import Failed, list_url, signed_in
from bench.inside import database_of
from bench.journey import Clerk, with_htmx
from bench.process import family
from bench.report import Absent, Figure, table
from bench.rows import free_cards
from bench.server import House
from deploy import cluster_site, programs
from deploy.check import superusers_address
from deploy.cluster import Cluster, postmaster_in
from deploy.processes import Trouble
from deploy.restoring import NEWEST, restore
from webapp.models.receipts import Receipt

BEFORE_SECONDS, AFTER_SECONDS, PACE_SECONDS = 20, 75, 1     # longer than an archive_timeout
REPORTS = 130      # of the demo's people
RPO_SECONDS, RTO_SECONDS, PATIENCE_SECONDS = 60, 30 * 60, 120
FAULTS = (Failed, LookupError, httpx.HTTPError)     # while nobody is there


class Act(NamedTuple):
    """One report and what the clerk was told of it."""

    receipt: str
    acknowledged_at: datetime


def main():
    """Lose and restore. Returns 1 when something is not as it must be."""
    cluster, figures = Cluster(cluster_site.folder()), []
    try:
        for figure in Recovery(cluster).figures():
            figures.append(figure)
    except Trouble as problem:
        figures.append(Absent("the rest", str(problem)))
    print("\n".join(table(figures)))
    return any(isinstance(figure, Absent) or figure.passed is False for figure in figures)


class Recovery:
    """The clerk and the cluster."""

    def __init__(self, cluster):
        self._cluster, self._acts = cluster, []
        self._web = cluster.site.of("web")[0]
        self._house = House(cluster.place, superusers_address(cluster).replace(
            "/postgres?", "/purna?"))
        self._cards = iter(free_cards(self._house, REPORTS))
        known = programs.flask(self._web)
        cluster.run(known._replace(command=[*known.command[:2], "bench.known_device"]),
                    None)     # the second time it is known already

    def figures(self):
        """What was seen."""
        began = time.monotonic()
        self._cluster.backup()
        yield Figure("a full backup", time.monotonic() - began, "s")
        with signed_in(self._cluster.addresses()["public"]) as client:
            clerk = Clerk(client, list_url(client))
            self._file_for(clerk, BEFORE_SECONDS)
            moment = self._acts[-1].acknowledged_at + timedelta(seconds=PACE_SECONDS / 2)
            time.sleep(PACE_SECONDS)
            self._file_for(clerk, AFTER_SECONDS)
            yield from self._newest(clerk)
            yield from self._at(moment, clerk)

    def _newest(self, clerk):
        lost_at, acts = self._lose(), list(self._acts)
        restore(self._cluster, NEWEST)
        yield self._first_write_after(lost_at, clerk, "everything lost")
        there = self._receipts()
        last = max(one.acknowledged_at for one in acts if one.receipt in there)
        yield Figure("  acts acknowledged before, and lost with all databases",
                     len([one for one in acts if one.receipt not in there]), "",
                     remark=f"of {len(acts)}, one each {PACE_SECONDS} s")
        yield Figure("  the newest act that came back was this old", (
            lost_at - last).total_seconds(), "s", RPO_SECONDS, remark="RPO without any database")
        yield from self._differences([one for one in acts if one.acknowledged_at <= last], there)

    def _at(self, moment, clerk):
        lost_at = self._lose()
        restore(self._cluster, f"{moment:%Y-%m-%d %H:%M:%S.%f}+00")
        yield self._first_write_after(lost_at, clerk, "lost once more, back at a moment")
        there = self._receipts() - {self._acts[-1].receipt}
        yield from self._differences(
            [one for one in self._acts if one.acknowledged_at <= moment], there)
        yield Figure("  acts from after that moment that are there", len(
            {one.receipt for one in self._acts if one.acknowledged_at > moment} & there), "", 0)

    def _differences(self, acts, there):
        yield Figure("  acts from before that are not there", len(
            {one.receipt for one in acts} - there), "", 0, remark=f"of {len(acts)}")
        for words in (("audit", "verify"), ("payouts", "reconcile")):
            command = programs.flask(self._web, *words)
            is_clean = self._cluster.run(command, None)
            said = command.log.read_text("utf-8", "replace").strip().splitlines()
            yield Figure(f"  flask {' '.join(words)}: faults", 0 if is_clean else len(said), "", 0,
                         remark=said[-1] if said else "")

    def _file_for(self, clerk, seconds):
        """One report a second. Raises ``bench.client.Failed``."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._file(clerk)
            time.sleep(PACE_SECONDS)

    def _file(self, clerk):
        answer = with_htmx(clerk, next(self._cards))
        shown = answer.text.partition('receipt-number">')[2].partition("<")[0]
        self._acts.append(Act(shown.replace("-", "").strip(), datetime.now(UTC)))

    def _lose(self):
        """All database machines are gone, with their disks. Returns when."""
        lost_at = datetime.now(UTC)
        machines = self._cluster.site.of("database")
        postmasters = [postmaster_in(Path(one["folders"]["database"])) for one in machines]
        for pid in [pid for postmaster in postmasters for pid in family(postmaster)]:
            os.kill(pid, signal.SIGSTOP)     # at one moment, as nearly as can be
        for one in machines:
            self._cluster.kill(f"{one['name']}.patroni")
        for pid in [pid for postmaster in postmasters for pid in reversed(family(postmaster))]:
            os.kill(pid, signal.SIGKILL)
        for one in machines:
            for path in Path(one["folders"]["database"]).iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            for path in Path(one["folders"]["run"], "postgresql").glob(".s.PGSQL.*"):
                path.unlink()     # /run is empty when a machine begins
        return lost_at

    def _first_write_after(self, lost_at, clerk, what):
        """RTO: the ``Figure`` of the first acknowledged act."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                self._file(clerk)
            except FAULTS:
                time.sleep(0.2)
                continue
            seconds = (self._acts[-1].acknowledged_at - lost_at).total_seconds()
            return Figure(f"{what}: to the first report acknowledged", seconds, "s", RTO_SECONDS)
        return Absent(what, "nothing could be written")

    def _receipts(self):
        with database_of(self._house):
            return {number for (number,) in Receipt.select(Receipt.number).tuples()}


if __name__ == "__main__":
    sys.exit(main())
