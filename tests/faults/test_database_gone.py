"""The database away or held for some seconds: 503 or success, never 500, and recovery by itself."""

import threading
import time
from contextlib import closing
from datetime import timedelta

import pytest

from tests.conftest import POSTGRESQL
from tests.faults import checker
from tests.faults.browser import Browser
from tests.faults.harness import Act, Load, at_once, desks_for, maju
from tests.faults.processes import Server, running, wait_until
from tests.gateways import free_port
from webapp import clock

AWAY_SECONDS, HELD_SECONDS = 4, 7
LONGEST_REFUSAL = 1.0        # seconds until the 503 page
LONGEST_RECOVERY = 2.0


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has no server that could go away")
def test_four_seconds_without_postgresql_are_503_at_once_and_lose_nothing(
        house, durable_server, tmp_path):
    server = Server(house, free_port(), tmp_path / "server.log")
    with running(server):
        company = maju(house.store)
        style = Browser([server.port]).get("/masuk").find("link[rel=stylesheet]").get("href")
        with Load(desks_for(company.public_id, [server.port], 4), company.memberships) as load:
            wait_until(lambda: len(load.acknowledged) > 10, what="load")
            with durable_server.away():
                probed = [probes(server, "/healthz", "/readyz", style) for _ in range(8)]
                time.sleep(AWAY_SECONDS)
            done = len(load.acknowledged)
            recovery = wait_until(lambda: len(load.acknowledged) > done, 20, what="recovery")
            wait_until(lambda: len(load.acknowledged) > done + 10, what="load after recovery")
    assert probed == [[200, 503, 200]] * 8, "alive, not ready, and its pages keep their looks"
    assert 503 in load.statuses, "nobody noticed that it was away"
    assert load.statuses <= {200, 303, 503}
    assert load.slowest(503) <= LONGEST_REFUSAL
    assert recovery <= LONGEST_RECOVERY
    assert checker.faults(load.history, house) == []


@pytest.mark.skipif(POSTGRESQL, reason="only SQLite has one lock for all writers")
def test_seven_seconds_of_a_held_write_lock_are_503_or_success_and_readers_do_not_wait(street):
    acts = [desk_act(desk, membership)
            for desk, membership in zip(street.desks, street.take(8), strict=True)]
    reader = street.desks[0].browser.another()
    # So long ago that reading notes the session as in use again.
    street.store.execute("UPDATE session SET seen_at = ?",
                         (clock.now() - timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M:%S"))
    with holding_the_write_lock(street.store):
        assert slowest_read(reader, street.company, 0.3) < LONGEST_REFUSAL
        results = at_once(*(lambda desk=desk, act=act, form=form: desk.press(act, *form)[0]
                            for desk, act, form in acts),
                          lambda: slowest_read(reader, street.company))
    assert results.pop() < LONGEST_REFUSAL
    assert set(results) <= {"ok", "unknown"}
    assert {status for _, act, _ in acts for status in act.statuses} <= {200, 303, 503}
    for desk, act, form in acts:
        desk.confirm(act, *form)
    assert all(act.is_acknowledged for _, act, _ in acts)
    assert checker.faults([act for _, act, _ in acts], street.house) == []


def desk_act(desk, membership):
    """A draft that waits for its confirmation: (desk, act, form)."""
    act = Act(membership)
    return desk, act, desk.draft(membership, act)


def slowest_read(browser, company, seconds=2):
    """Seconds of the slowest of some pages read while nobody may write."""
    slowest, until = 0.0, time.monotonic() + seconds
    while time.monotonic() < until:
        begun = time.monotonic()
        assert browser.get(f"/perusahaan/{company}/tenaga-kerja").status == 200
        slowest = max(slowest, time.monotonic() - begun)
    return slowest


class holding_the_write_lock:  # noqa: N801 (used as a statement)
    """Another program keeps SQLite's write lock for some seconds from now."""

    def __init__(self, store):
        self._store, self._held = store, threading.Event()
        self._thread = threading.Thread(target=self._hold)

    def __enter__(self):
        self._thread.start()
        assert self._held.wait(5)

    def __exit__(self, *_):
        self._thread.join()

    def _hold(self):
        with closing(self._store.connect(isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            self._held.set()
            time.sleep(HELD_SECONDS)
            connection.execute("ROLLBACK")


def probes(server, *paths):
    """What those are told who ask for things besides pages."""
    prober = Browser([server.port])
    return [prober.get(path).status for path in paths]
