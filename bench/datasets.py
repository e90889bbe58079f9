"""The generated databases: made once with one set of secrets, kept when asked to."""

import shutil
import time

from bench.report import Figure
from bench.server import House

SECRETS = "secrets.json"
LOAD_MINUTES = 10       # "1.000.000 in minutes"


def dataset(folder, workers, figures):
    """A house with so many generated workers; made when it is not there yet."""
    house = House(folder / f"workers-{workers}")
    done = house.folder / "complete"
    if done.exists():
        return house
    shutil.rmtree(house.folder, ignore_errors=True)
    house.folder.mkdir(parents=True)
    _share_secrets(folder, house)
    seconds = fill(house, workers)
    _share_secrets(house.folder, House(folder))
    done.touch()
    bar = LOAD_MINUTES if workers >= 1_000_000 else None
    figures.append(Figure(f"loading {workers:,} demo workers".replace(",", "."), seconds / 60,
                          "min", bar))
    return house


def fill(house, workers):
    """Migrate an empty database and load demo workers. Returns the seconds it took."""
    house.run("migrate")
    began = time.perf_counter()
    house.run("demo", "--workers", str(workers))
    return time.perf_counter() - began


def _share_secrets(source, house):
    """All databases read with the same keys, so that one process can ask several of them."""
    wanted = house.folder / SECRETS
    if (source / SECRETS).exists() and not wanted.exists():
        shutil.copy(source / SECRETS, wanted)
