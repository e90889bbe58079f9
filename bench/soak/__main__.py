"""Two hundred kills of servers and sender under load, on each database, and what came of it.

``python -m bench.soak [--kills 200] [--steps 625] [--seed N] [--database sqlite|postgresql]``

Then sixteen clients walk through claims at random, so many steps each, and are killed now and then.
``python -m bench.soak.site`` does as much to a whole site.

Everything here also runs, shorter, in ``tests/faults``. What a dead sender held is waited for as
in life, until its lease runs out. Ends with 1 when anything was lost or doubled.
"""

import argparse
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from tests.faults import checker, money_checker
from tests.faults.harness import Gateways, Killer, Load, desks_for, is_all_sent, maju
from tests.faults.houses import Builder, DurableServer
from tests.faults.money_walk import prepare, walk_through
from tests.faults.processes import Sender, Server, running, wait_until
from tests.gateways import free_port

DATABASES = ("sqlite", "postgresql")
WORKERS, SERVERS, CLERKS, WALKERS = 9000, 3, 8, 16
GATEWAY_SECONDS, GATEWAY_FAILS = 0.005, 0.05
LONGEST_DELIVERY = 600     # seconds: two leases and the longest wait between tries
MOST_REPEATED = 0.02       # of what was delivered, above the one message a kill may repeat


def main(arguments):
    """Run it as told; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--steps", type=int, default=625)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--database", choices=DATABASES, action="append")
    chosen = parser.parse_args(arguments)
    databases = chosen.database or DATABASES
    verdicts = [soak(name, chosen.kills, chosen.seed) for name in databases if chosen.kills]
    verdicts += [walk(name, chosen.steps) for name in databases if chosen.steps]
    return 0 if all(verdicts) else 1


def soak(database, kills, seed):
    """All of it on one database; whether it held."""
    with tempfile.TemporaryDirectory(prefix="purna-soak-") as folder, server_for(database) as uri:
        house = Builder(folder, uri, workers=WORKERS).house()
        with Gateways(delay=GATEWAY_SECONDS) as gateways:
            gateways.sms.fail_share = GATEWAY_FAILS
            load, seconds = killed_under_load(house, gateways, kills, seed, Path(folder))
            received = gateways.received
        faults = checker.faults(load.history, house, received)
    report(database, kills, seed, load, seconds, received, faults)
    repeated = checker.repeated(received)
    return not faults and repeated <= kills + MOST_REPEATED * len(received)


def walk(database, steps):
    """Claims of many by sixteen clients on one database; whether all of it held."""
    with tempfile.TemporaryDirectory(prefix="purna-walk-") as folder, server_for(database) as uri:
        folder = Path(folder)
        house = Builder(folder, uri, workers=100).house()
        prepare(house, folder)
        begun = time.monotonic()
        taken, kills = walk_through(house, folder, WALKERS, steps)
        seconds = time.monotonic() - begun
        faults = money_checker.faults(house, folder)
        states = dict(house.store.rows("SELECT state, count(*) FROM claim GROUP BY state"))
    print(f"{database}: {taken} steps over claims by {WALKERS} clients in {seconds:.0f} s, "
          f"{kills} kills")
    print(f"  claims {states}")
    print(f"  faults: {len(faults)}", *faults[:50], sep="\n    ")
    return not faults


@contextmanager
def server_for(database):
    """The address of a PostgreSQL with fsync on, or None for SQLite."""
    if database == "sqlite":
        yield None
        return
    server = DurableServer()
    try:
        yield server.uri
    finally:
        server.remove()


def killed_under_load(house, gateways, kills, seed, logs):
    """Kill, restart, and wait until every message is delivered: (load, seconds of killing)."""
    servers = [Server(house, free_port(), logs / f"server-{place}.log")
               for place in range(SERVERS)]
    senders = [Sender(house, gateways, logs / f"sender-{place}.log") for place in range(2)]
    company = maju(house.store)
    with running(*servers, *senders):
        desks = desks_for(company.public_id, [server.port for server in servers], CLERKS)
        begun = time.monotonic()
        with Load(desks, company.memberships) as load:
            Killer(victims(servers, senders), seed, load.pressing).kill(kills)
            seconds = time.monotonic() - begun
            for program in (*servers, *senders):
                program.wait_until_up()
        wait_until(lambda: is_all_sent(house.store), LONGEST_DELIVERY, pause=1,
                   what="every message to be sent")
    return load, seconds


def victims(servers, senders):
    """What dies together: mostly one process, sometimes everything."""
    single = [[program] for program in (*servers, *senders)]
    return [*single, *single, [*servers, *senders]]


def report(database, kills, seed, load, seconds, received, faults):
    """Print what happened."""
    acts = load.history
    presses = [outcome for act in acts for outcome in act.outcomes]
    print(f"{database}: {kills} kills in {seconds:.0f} s (seed {seed})")
    print(f"  acts {len(acts)}, acknowledged {len(load.acknowledged)}, "
          f"presses without an answer {presses.count('unknown')}, "
          f"refused {presses.count('fail')}")
    print(f"  messages received {len(received)}, repeated with the same id "
          f"{checker.repeated(received)}")
    print(f"  statuses {sorted(load.statuses)}")
    print(f"  faults: {len(faults)}")
    for fault in faults[:50]:
        print(f"    {fault}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
