"""Memory: of a server that works with the largest database, and of importing a large list."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date

from bench.client import HTMX, list_url, signed_in
from bench.datasets import dataset
from bench.journey import Clerk
from bench.process import family, memory_mib
from bench.report import Figure
from bench.rows import free_cards
from bench.server import ROOT, House, serving
from bench.spreadsheet import write_list

MOST_MIB, ROWS, CLIENTS, ASKS = 300, 100_000, 8, 150
NPP = "KK000001"


def measure(options, figures):
    """The server after many searches by several clients; then the import."""
    house = dataset(options.folder, max(options.workers), figures)
    figures += _server(house, max(options.workers))
    figures += _import(options)


def _server(house, workers):
    cards = free_cards(house, CLIENTS * ASKS)
    with serving(house) as server:
        with ExitStack() as stack, ThreadPoolExecutor(CLIENTS) as pool:
            clerks = [_clerk(stack, server) for _ in range(CLIENTS)]
            list(pool.map(_work, clerks, [cards[at::CLIENTS] for at in range(CLIENTS)]))
        peak, own = memory_mib(server.pid)
    shown = f"{workers:,}".replace(",", ".")
    yield Figure(f"server's memory after searches of {CLIENTS} clients, {shown} workers", peak,
                 "MiB", MOST_MIB, remark=f"{own:.0f} MiB without mapped files")


def _clerk(stack, server):
    client = stack.enter_context(signed_in(server.base))
    return Clerk(client, list_url(client))


def _work(clerk, cards):
    for kpj in cards:
        for term in (kpj, kpj[:9], "santsoo"):
            clerk.client.post(clerk.list_url, data={**clerk.search_fields, "cari": term},
                              headers=HTMX).raise_for_status()
        clerk.client.get(clerk.list_url).raise_for_status()


def _import(options):
    house = House(options.work / "import")
    house.folder.mkdir()
    file = options.work / "tenaga-kerja.xlsx"
    write_list(file, ROWS, date(2020, 1, 1))
    house.run("migrate")
    house.run("add-company", NPP, "PT Daftar Panjang")
    began = time.perf_counter()
    peaks = _watched(house, "import-workers", NPP, str(file))
    yield Figure("importing an XLSX of 100.000 rows", time.perf_counter() - began, "s")
    yield Figure("  memory of the importing process", peaks[0], "MiB", MOST_MIB)
    yield Figure("  memory of its largest child", max(peaks[1:], default=0), "MiB", MOST_MIB)


def _watched(house, *words):
    """Run a command; the most memory of it and of each of its children (MiB)."""
    peaks = {}
    process = subprocess.Popen([sys.executable, "-m", "flask", *words], cwd=ROOT,
                               env=house.environment(), stdout=subprocess.DEVNULL)
    while process.poll() is None:
        for pid in family(process.pid):
            peaks[pid] = max(peaks.get(pid, 0), memory_mib(pid)[0])
        time.sleep(0.05)
    if process.returncode:
        raise RuntimeError(f"flask {words[0]} ended with {process.returncode}")
    return [peaks.pop(process.pid), *peaks.values()]
