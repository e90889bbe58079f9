"""What a request costs: nothing but Flask and waitress, and ours, in the same run."""

import sys
import time

import httpx

from bench.client import list_url, signed_in
from bench.datasets import dataset
from bench.process import cpu_ms
from bench.report import Figure
from bench.server import House, free_port, running, serving, wait_until_it_answers

WORKERS, REQUESTS, WARM_UP, ROUNDS = 10_000, 300, 20, 2


def measure(options, figures):
    """Alternate the bare page and our pages; the better round of each counts."""
    house = dataset(options.folder, WORKERS, figures).copy_to(options.work / "floors")
    port = free_port()
    command = [sys.executable, "-m", "bench.bare_app", str(port)]
    environment = House(options.work).environment()
    bare = f"http://127.0.0.1:{port}"
    with running(command, environment) as process, serving(house) as server:
        wait_until_it_answers(f"{bare}/masuk", process)
        with httpx.Client(base_url=bare, trust_env=False) as hello, \
                signed_in(server.base) as clerk:
            pages = {"bare Flask page": (hello, "/masuk", process.pid),
                     "our sign-in page": (httpx.Client(base_url=server.base, trust_env=False),
                                          "/masuk", server.pid),
                     "our list of 25": (clerk, list_url(clerk), server.pid)}
            found = {name: [] for name in pages}
            for _ in range(ROUNDS):
                for name, page in pages.items():
                    found[name].append(_cost(*page))
    figures += _shown(found)


def _cost(client, path, pid):
    """(processor time of one request in ms, requests a second)."""
    for _ in range(WARM_UP):
        client.get(path)
    before, began = cpu_ms(pid), time.perf_counter()
    for _ in range(REQUESTS):
        client.get(path).raise_for_status()
    seconds = time.perf_counter() - began
    return (cpu_ms(pid) - before) / REQUESTS, REQUESTS / seconds


def _shown(found):
    for name, rounds in found.items():
        yield Figure(f"{name}: server CPU", min(cpu for cpu, _ in rounds), "ms",
                     remark=f"{max(rate for _, rate in rounds):.0f} requests/s, one client")
