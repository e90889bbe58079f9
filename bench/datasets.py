"""The generated databases: made once with one set of secrets, kept when asked to."""

import shutil
import time

from bench.report import Figure
from bench.server import House

SECRETS = "secrets.json"
COMPLETE = "complete"       # holds how many seconds the loading took
MANY, LOAD_SECONDS = 1_000_000, 600     # "1.000.000 in minutes"


def dataset(folder, workers, figures):
    """A house with so many generated workers; made when it is not there yet."""
    house = House(folder / f"workers-{workers}")
    done = house.folder / COMPLETE
    if not done.exists():
        done.write_text(f"{_made(folder, house, workers):.1f}", encoding="ascii")
    loading = Figure(f"loading {workers:,} demo workers".replace(",", "."),
                     round(float(done.read_text(encoding="ascii"))), "s",
                     LOAD_SECONDS if workers >= MANY else None)
    if loading not in figures:
        figures.append(loading)
    return house


def _made(folder, house, workers):
    shutil.rmtree(house.folder, ignore_errors=True)
    house.folder.mkdir(parents=True)
    _share_secrets(folder, house)
    seconds = fill(house, workers)
    _share_secrets(house.folder, House(folder))
    return seconds


def fill(house, workers):
    """Migrate an empty database and load demo workers. Returns the seconds it took."""
    house.run("migrate")
    began = time.perf_counter()
    house.run("demo", "--workers", str(workers))
    seconds = time.perf_counter() - began
    house.run_module("bench.known_device")
    return seconds


def _share_secrets(source, house):
    """All databases read with the same keys, so that one process can ask several of them."""
    wanted = house.folder / SECRETS
    if (source / SECRETS).exists() and not wanted.exists():
        shutil.copy(source / SECRETS, wanted)
