"""python -m bench.nation: a nation on two cores, the visitors included.

A PostgreSQL with 1.000.000 workers and 5.000.000 audit entries, gunicorn and nginx as deploy/ sets
them up, a sender, but neither HAProxy nor PgBouncer; then visitors at a constant rate. The database
is made once, in some minutes, and kept. ``--seconds 600`` judges speed, ``--seconds 1800`` memory
too.
"""

import argparse
import asyncio
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from bench import nation_data
from bench.crowd import gathered
from bench.inside import application, database_of
from bench.nation_server import owner, postgresql
from bench.process import cpu_ms, share_mib
from bench.report import Figure, table
from bench.server import ROOT, House, free_port, running, wait_until_it_answers
from bench.traffic import Traffic, figures
from bench.visits import INTERNAL, PUBLIC
from deploy import folders
from deploy.programs import of_unit, path_of
from deploy.render import Site

LOOPBACK, PYTHON = "127.0.0.1", Path(sys.executable).parent
P95_MS, P99_MS, GROWTH = 150, 400, 5     # reliability.md LD-01, LD-07
SOAK_SECONDS = 1800     # from which on growth is judged
EVERY_SECONDS = 5       # memory is looked at
WARM_UP = 10            # seconds of visitors that nobody counts
CROWD = {"workers": 2000, "clerks": 400, "officers": 120, "cards": 40}


def main():
    """Run it and report. Returns an exit code."""
    options = _options()
    found = []
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="purna-nation-")))
        address, server = stack.enter_context(postgresql(options.keep))
        house = House(options.keep / "data", address)
        found += _made(house, options.regions)
        if options.verify:
            found.append(_verified(house))
        if options.seconds:
            addresses, processes = stack.enter_context(_site(house, work))
            processes = {**processes, "PostgreSQL": server}
            found += _visited(house, addresses, processes, options)
    print("\n".join(table(found)))
    return any(figure.passed is False for figure in found)


def _options():
    parser = argparse.ArgumentParser(prog="python -m bench.nation", description=__doc__)
    parser.add_argument("--keep", type=Path, default=ROOT / "data" / "nation",
                        help="where the database is, and stays")
    parser.add_argument("--regions", type=int, default=nation_data.REGIONS,
                        help="of 50.000 workers and 250.000 entries each")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=100, help="requests in a second")
    parser.add_argument("--verify", action="store_true", help="time flask audit verify too")
    options = parser.parse_args()
    options.keep = options.keep.resolve()
    return options


def _made(house, regions):
    """Make the data unless they are there."""
    complete = house.folder / nation_data.COMPLETE
    if not complete.exists():
        house.folder.mkdir(exist_ok=True)
        begun = time.perf_counter()
        nation_data.fill(house, regions, regions * nation_data.ENTRIES // nation_data.REGIONS)
        complete.write_text(f"{time.perf_counter() - begun:.0f}", encoding="ascii")
        yield _verified(house)     # as every night; else the sender would begin with it
    house.run("migrate")     # what was kept may be of an earlier release
    seconds = float(complete.read_text(encoding="ascii"))
    yield Figure("making the database", round(seconds), "s")


def _verified(house):
    begun = time.perf_counter()
    house.run("audit", "verify")
    return Figure("flask audit verify", round(time.perf_counter() - begun), "s")


@contextmanager
def _site(house, work):
    """nginx, gunicorn and a sender; yields (addresses of listeners, process ids by name)."""
    ports = {name: free_port() for name in ("public", "internal", "web")}
    etc = work / "etc"
    for folder in (etc, work / "log" / "nginx", work / "state" / "nginx",
                   work / "run" / "purna-web"):
        folders.make(folder, owner())
    folders.open_the_way(work, owner())
    site = Site(_description(work, ports), work / "secrets")
    site.write(site.machines[0], "/")
    addresses = {name: f"http://{LOOPBACK}:{ports[name]}" for name in (PUBLIC, INTERNAL)}
    with (running(*_as_unit(site, "purna-web", house)) as web,
          running(*_as_unit(site, "purna-sender", house)) as sender,
          running([path_of("nginx"), "-c", etc / "nginx/nginx.conf", "-e",
                   work / "log/nginx/error.log", "-g", "daemon off;"], {}, work) as nginx):
        wait_until_it_answers(f"{addresses[INTERNAL]}/readyz", web, 60)
        yield addresses, {"web node": web.pid, "sender": sender.pid, "nginx": nginx.pid}


def _as_unit(site, name, house):
    """(command, environment) as a unit has them, but with a house's database and secrets."""
    unit = of_unit(site.machines[0], name)
    environment = {key: value for key, value in unit.environment.items()
                   if not key.endswith("_FILE")}
    return unit.command, environment | house.environment()


def _description(work, ports):
    """One machine in the words of ``site.toml``; nginx speaks to gunicorn without HAProxy between,
    which has no choice here, and nodes to PostgreSQL without PgBouncer and HAProxy."""
    return {
        "name": "purna", "hosts": [LOOPBACK], "base_url": f"http://{LOOPBACK}:{ports['public']}",
        "branch_networks": ["127.0.0.0/8"], "web_workers": 2, "web_threads": 8, "gateways": [],
        "listeners": {"certificate": "", "internal_address": LOOPBACK},
        "environment": {"PURNA_ENV": "demo"},
        "ports": {**ports, "nodes": ports["web"], "pool": 1, "primary": 1, "replica": 1},
        "users": {"purna": "", "nginx": "", "haproxy": ""},
        "folders": {"etc": str(work / "etc"), "state": str(work / "state"),
                    "log": str(work / "log"), "run": str(work / "run"), "data": "",
                    "code": str(ROOT), "python": str(PYTHON)},
        "machine": [{"name": "nation", "address": LOOPBACK, "roles": ["edge", "web"]}]}


def _visited(house, addresses, processes, options):
    """Let the visitors come, and look at the machine meanwhile."""
    app = application(house)
    with database_of(house), app.app_context():
        crowd = gathered(app, **CROWD)
    asyncio.run(Traffic(addresses, crowd, seed=2).run(options.rate / 2, WARM_UP))
    watch = Watch(processes)
    with watch:
        counted = asyncio.run(Traffic(addresses, crowd).run(options.rate, options.seconds))
    for failure in counted.failures[:10]:
        print(failure, file=sys.stderr)
    yield from figures(counted, options.rate, P95_MS, P99_MS)
    yield from watch.figures(options.seconds)


@dataclass
class Watch:
    """Looks at processes now and then while a block lasts: their memory and processor time.

    :param processes: ids by name.
    """

    processes: dict
    samples: dict = field(default_factory=dict)     # MiB by name, in the order of time
    used: dict = field(default_factory=dict)        # milliseconds of processor time by name

    def __enter__(self):
        self._done = threading.Event()
        self._begun = {name: cpu_ms(pid) for name, pid in self.processes.items()}
        self._own = time.process_time()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *problem):
        self._done.set()
        self._thread.join()
        self.used = {name: cpu_ms(pid) - self._begun[name]
                     for name, pid in self.processes.items()}
        self.used["visitors"] = (time.process_time() - self._own) * 1000

    def _look(self):
        while not self._done.wait(EVERY_SECONDS):
            for name in ("web node", "sender"):
                self.samples.setdefault(name, []).append(share_mib(self.processes[name]))

    def figures(self, seconds):
        """What was seen."""
        for name, milliseconds in self.used.items():
            yield Figure(f"  {name}: of a core", milliseconds / seconds / 10, "%")
        for name, values in self.samples.items():
            tenths = [fmean(values[len(values) * part // 10:len(values) * (part + 1) // 10]
                            or values[-1:]) for part in range(10)]
            yield Figure(f"  {name}: memory at the end", tenths[-1], "MiB",
                         remark=" ".join(f"{mean:.0f}" for mean in tenths))
            yield Figure(f"  {name}: growth since the second tenth of the time",
                         (tenths[-1] / tenths[1] - 1) * 100, "%",
                         GROWTH if seconds >= SOAK_SECONDS else None)


if __name__ == "__main__":
    sys.exit(main())
