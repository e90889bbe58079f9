"""Two hundred kills on a whole site under load, its databases' machines among them.

``python -m bench.soak.site [--kills 200] [--primaries 10] [--seed N] [--asynchronous]``

The site is that of ``make cluster`` with three databases, in a folder of its own
(``PURNA_CLUSTER_PORT`` names its first port). Ends with 1 when anything was lost or doubled, when
somebody was answered what does not belong, or when nothing could be written for too long.

``--asynchronous`` checks the checker: the site is told to acknowledge what one machine alone has,
and the primary is lost while its standbys hear nothing. Ends with 1 unless losses are found.
"""

import argparse
import itertools
import math
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from bench.soak import asynchronous
from bench.soak.crowd import Archivist, Clerk, Passers, Reader, Visitor
from bench.soak.damage import LINE, HarmedSite
from bench.soak.ledger import Ledger, Witness
from bench.soak.plan import CUTTING, NODES, SENDERS, plan
from bench.soak.verdict import Verdict, report
from deploy.cluster import STORE
from deploy.processes import waited
from tests.faults.harness import Gateways, Load, is_all_sent, maju
from tests.faults.people import accounts
from tests.faults.processes import wait_until

WORKERS, CLERKS, ARCHIVISTS, READERS, VISITORS = 9000, 5, 1, 2, 2
BETWEEN_PAPERS = 5      # seconds, which with handing one in keeps below an hour's limit
THINK_SECONDS, READING_SECONDS = 0.5, 0.4
GATEWAY_SECONDS, GATEWAY_FAILS = 0.005, 0.05
LONGEST_FAILOVER = 90      # seconds to wait for; the bar is verdict.FAILOVER_SECONDS
LONGEST_DELIVERY = 600     # two leases and the longest wait between tries
STORE_AWAY, MACHINE_AWAY, SETTLING_SECONDS = 14, 3, 3
LEADER_SECONDS = 10        # after a first writing, until Patroni's members all know who leads
LONGEST_WAIT, PRESS_SECONDS = 2, 0.05


def main(arguments):
    """Run it as told; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak.site")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--primaries", type=int, default=10)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--asynchronous", action="store_true")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("PURNA_CLUSTER_DATABASES", "3")
    place = Path(tempfile.mkdtemp(prefix="purna-"))
    with ExitStack() as stack:
        gateways = stack.enter_context(Gateways(delay=GATEWAY_SECONDS))
        gateways.sms.fail_share = GATEWAY_FAILS
        site = HarmedSite(place, WORKERS, gateways)
        stack.callback(site.down)
        say("the site comes up")
        site.up()
        if chosen.asynchronous:
            is_good = asynchronous.run(Town(site, gateways, chosen.seed))
        else:
            is_good = soak(Town(site, gateways, chosen.seed), chosen)
    if is_good:
        shutil.rmtree(place)
    else:
        print(f"what they said is kept in {place}")
    return 0 if is_good else 1


def soak(town, chosen):
    """Kill, wait until all is well, and judge."""
    faults = plan(chosen.kills, chosen.primaries, chosen.seed)
    with town.at_work():
        blows = Blows(town, chosen.seed)
        begun = time.monotonic()
        for number, fault in enumerate(faults, 1):
            blows.strike(fault)
            if number % 10 == 0 or not fault.victims:
                say(f"{number} of {len(faults)}: {fault.kind}, {len(town.load.acknowledged)} acts "
                    f"acknowledged, {sum(town.ledger.complaints.values())} complaints")
        seconds = time.monotonic() - begun
        town.site.wait_until_up((*NODES, *SENDERS))
    town.finish()
    verdict = Verdict.of(town, blows)
    report(town, blows, verdict, seconds, chosen.seed)
    return verdict.is_good


def say(what):
    """Tell whoever waits."""
    print(f"{time.strftime('%H:%M:%S')} {what}", flush=True)


class Town:
    """A site and everybody at it."""

    def __init__(self, site, gateways, seed):
        self.site, self.gateways, self.ledger, self.house = site, gateways, Ledger(), site.house()
        port = site.site.of("edge")[0]["ports"]["public"]
        sessions = [Witness(self.ledger, [port], f"127.0.0.{11 + place}").sign_in(email)
                    for place, email in enumerate(("ani@maju.example", "budi@maju.example"))]
        company = maju(self.house.store)
        desks = [(Clerk if place < CLERKS else partial(Archivist, pause=BETWEEN_PAPERS))(
            sessions[place % 2].another(), company.public_id, f"{seed} {place}")
            for place in range(CLERKS + ARCHIVISTS)]
        self.archivists = [desk for desk in desks if isinstance(desk, Archivist)]
        self.load = Load(desks, company.memberships, THINK_SECONDS)
        everybody = itertools.cycle(accounts())
        self.readers = [Reader(sessions[place % 2].another(), company.public_id,
                               self.load.history, f"{seed} reader {place}")
                        for place in range(READERS)]
        self.visitors = [Visitor(self.ledger, [port], everybody, gateways.sms)
                         for _ in range(VISITORS)]
        self.workers = len(company.memberships)

    def at_work(self):
        """Everybody works until the block ends."""
        stack = ExitStack()
        stack.enter_context(Passers([*self.readers, *self.visitors], READING_SECONDS))
        stack.enter_context(self.load)
        return stack

    def finish(self):
        """Wait until every message is delivered and every database is well."""
        say("all that was promised is being delivered")
        wait_until(lambda: is_all_sent(self.house.store), LONGEST_DELIVERY, pause=1,
                   what="every message to be sent")
        self.site.wait_until_well()

    def seconds_to_write(self, moment):
        """Seconds from a moment until something was acknowledged that was asked for after it;
        infinitely many when nothing was for long."""
        waited(lambda: self.ledger.written(moment), LONGEST_FAILOVER)
        return (self.ledger.written(moment) or math.inf) - moment


class Blows:
    """Deals what was planned.

    :param town: a ``Town`` at work.
    """

    def __init__(self, town, seed):
        self.town, self.site, self.dice = town, town.site, random.Random(seed)
        self.kills, self.sender_kills, self.complaints = 0, 0, []
        self.cuts = []      # (from, to) of kills in which an answer may have been cut off
        self.lost, self.away, self.well = defaultdict(list), [], []     # seconds by what was lost
        self._meets_a_press = itertools.cycle((True, False))

    def strike(self, fault):
        """One of them, and what a service manager does about it."""
        self.site.wait_until_up(fault.victims)
        time.sleep(self.dice.random() * LONGEST_WAIT)
        if next(self._meets_a_press):
            self.town.load.pressing.clear()
            self.town.load.pressing.wait(1)
            time.sleep(self.dice.random() * PRESS_SECONDS)
        self.kills += fault.kills
        self.sender_kills += fault.sender_kills
        special = {"primary": self._primary, "silent primary": self._silent_primary,
                   "standby": self._standby, "worker": self._worker, "store": self._store,
                   "hanging store": self._hanging_store}.get(fault.kind)
        if special:
            special(*fault.victims)
            return
        with self._cutting(fault.victims):
            for name in fault.victims:
                self.site.kill(name)
        self.site.restart(fault.victims)

    @contextmanager
    def _cutting(self, victims):
        begun = time.monotonic()
        yield
        if CUTTING.intersection(victims):
            self.cuts.append((begun, time.monotonic()))

    def _worker(self, name):
        with self._cutting([name]):
            self.site.kill_worker(name, self.dice)

    def _primary(self):
        name = self._named("leader")
        self.site.lose_machine(name)
        self._follow("primary", name)
        self._want_another_leader(name)
        self._bring_back(name)

    def _silent_primary(self):
        """Only once somebody else leads its connections end too."""
        name = self._named("leader")
        self.site.silence_machine(name)
        self._follow("silent primary", name)
        self._want_another_leader(name)
        self.site.end_machine(name)
        self._bring_back(name)

    def _standby(self):
        name = self._named("sync_standby")
        self.site.lose_machine(name)
        self._follow("standby", name)
        self._bring_back(name)

    def _named(self, role):
        self.site.wait_until_well()
        return self.site.name_of(role)

    def _follow(self, what, name):
        """Note the seconds until the first writing that was begun when the machine had gone: one
        begun before may have been acknowledged by that machine itself."""
        self.lost[what].append(self.town.seconds_to_write(time.monotonic()))
        say(f"{what} {name} lost: written again after {self.lost[what][-1]:.1f} s")

    def _want_another_leader(self, name):
        if not waited(lambda: self.site.name_of("leader") not in (None, name), LEADER_SECONDS):
            self.complaints.append(f"{name} was lost, and nobody else leads")

    def _bring_back(self, name):
        time.sleep(MACHINE_AWAY)
        self.site.start(f"{name}.patroni")
        self.well.append(self.site.wait_until_well())
        say(f"{name} is back after {self.well[-1]:.0f} s")

    def _store(self):
        self._without_store(lambda: self.site.kill(LINE), lambda: self.site.start(LINE))

    def _hanging_store(self):
        self._without_store(lambda: self.site.register.send(STORE, signal.SIGSTOP),
                            lambda: self.site.register.send(STORE, signal.SIGCONT))

    def _without_store(self, go, come):
        """The document store cannot be reached: papers wait, nothing else does."""
        self.site.wait_until_up((*NODES, *SENDERS))
        time.sleep(SETTLING_SECONDS)
        moment = time.monotonic()
        go()
        time.sleep(STORE_AWAY)
        met = self.town.ledger.since(moment)
        come()
        self.away.append({
            "papers refused": sum(one.status == 503 and one.kind in ("upload", "download")
                                  for one in met),
            "papers taken": sum(one.status in (200, 303) and one.kind in ("upload", "download")
                                for one in met),
            "filed meanwhile": sum(one.status == 303 and one.kind == "file" for one in met),
            "others refused": sum(one.status == 503 and one.kind not in ("upload", "download")
                                  for one in met)})
        say(f"the store was away: {self.away[-1]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
