"""kill -9 of the processes that check, apply and undo a list: each row once, each worker told once.
"""

import random
import subprocess
import sys
import time
from collections import Counter

import pytest

from tests.faults import checker
from tests.faults.harness import Gateways, is_all_sent, let_a_minute_pass
from tests.faults.people import workers
from tests.faults.processes import ROOT, Sender, running, wait_until
from webapp import text_sheet

WORKERS, NOBODY, SEED = 400, 9000, 20261122     # rows about somebody, and about nobody we know
KILLS = 3 * 3    # at each of three steps both, then one
LONGEST_WAIT = 0.15
CHANNELS = 2     # a sender that dies between sending and noting repeats one message of each


@pytest.fixture
def ani(house, tmp_path):
    """Ani's acts, by their names; each gives the number of the list."""
    path = tmp_path / "keluar.xlsx"
    path.write_bytes(leavers())
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.lists", str(path)], cwd=ROOT, text=True, bufsize=1,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PATH": "", **house.environment()})
    assert process.stdout.readline() == "ready\n"

    def act(name):
        process.stdin.write(f"{name}\n")
        return int(process.stdout.readline())

    yield act
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdout.close()


def leavers():
    """A list long enough to be met while it is checked."""
    known = [(row.kpj, "RSG", f"{row.start_date:%d/%m/%Y}") for row in workers(WORKERS)]
    unknown = [(f"9{number:010}", "RSG", "01/01/2026") for number in range(NOBODY)]
    return text_sheet.write("Keluar", ("KPJ", "Sebab", "Tanggal Keluar"), known + unknown)


class Killed:
    """Processes that are killed at random moments and started again while they work.

    :param processes: they work already.
    """

    def __init__(self, store, processes):
        self._store, self._dice = store, random.Random(SEED)
        # First all at once: the list stands still where it is.
        self._victims = [processes, processes[:1]]

    def work(self, progress, wanted):
        """Kill until a count is what is wanted. Returns what it was at each kill."""
        met = []
        for victims in self._victims:
            before = self._store.scalar(progress)
            wait_until(lambda before=before: self._store.scalar(progress) != before
                       or before == wanted, 40, what="the next step")
            time.sleep(self._dice.random() * LONGEST_WAIT)
            for victim in victims:
                victim.kill()
            met.append(self._store.scalar(progress))
            self._let_leases_end()
            for victim in victims:
                victim.start()
        for victim in self._victims[0]:
            victim.wait_until_up()
        return met

    def _let_leases_end(self):
        """What the dead held becomes free, as after a minute and a half; whoever lives and held it
        loses it."""
        self._store.execute("UPDATE upload SET leased_until = uploaded_at WHERE state = ?",
                            "DIPERIKSA")


def test_a_list_whose_processes_are_killed_again_and_again_is_done_wholly_and_once(
        house, ani, tmp_path):
    store, met = house.store, {}
    with Gateways() as gateways:
        processes = [Sender(house, gateways, tmp_path / f"{name}.log") for name in "ab"]
        with running(*processes):
            killed = Killed(store, processes)
            ani("hand in")
            met[NOBODY + WORKERS] = killed.work(ROWS, NOBODY + WORKERS)
            wait_until(lambda: is_over(store, "SIAP"), 40, what="the check")
            assert outcomes(store) == {"VALID": WORKERS, "GALAT": NOBODY}
            ani("start")
            met[WORKERS] = killed.work(f"{ENDS} 'BERLAKU'", WORKERS)
            wait_until(lambda: is_over(store, "SELESAI"), 40, what="the rows to be applied")
            assert outcomes(store) == {"DITERAPKAN": WORKERS, "GALAT": NOBODY}
            assert store.rows(STATES) == [("BERLAKU", WORKERS)]
            assert checker.faults([], house) == []
            ani("undo")
            met[-WORKERS] = killed.work(f"{ENDS} 'DIBATALKAN'", WORKERS)
            wait_until(lambda: is_over(store, "DIBATALKAN"), 40, what="the rows to be undone")
        assert store.rows(STATES) == [("DIBATALKAN", WORKERS)]
        all_is_well(house, gateways, processes[0])
    for rows, counts in met.items():
        assert any(0 < count < abs(rows) for count in counts), f"no kill met the work: {met}"


def is_over(store, state):
    """Whether the list has come to a state, and nothing of it waits."""
    found, finished = store.rows("SELECT state, finished_at IS NOT NULL FROM upload")[0]
    return found == state and (finished or state == "SIAP")


ROWS = "SELECT COUNT(*) FROM upload_row"
ENDS = "SELECT COUNT(*) FROM deactivation WHERE state ="
STATES = "SELECT state, COUNT(*) FROM deactivation GROUP BY state"


def outcomes(store):
    """How many rows of the list are in each state."""
    return dict(store.rows("SELECT state, COUNT(*) FROM upload_row GROUP BY state"))


def all_is_well(house, gateways, sender):
    """Every worker hears of each act by each channel once; nothing contradicts anything."""
    store = house.store
    let_a_minute_pass(store)
    with running(sender):
        wait_until(lambda: is_all_sent(store), 90, what="every message to be sent")
    assert checker.faults([], house, gateways.received) == []
    told = Counter(store.rows("SELECT about, kind, channel FROM message"))
    assert max(told.values()) == 1
    assert checker.repeated(gateways.received) <= CHANNELS * KILLS
