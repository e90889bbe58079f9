"""From starting a server to its first answer."""

import time
from statistics import median

from bench.datasets import dataset
from bench.report import Figure
from bench.server import serving

WORKERS, STARTS, MOST_SECONDS = 10_000, 5, 2


def measure(options, figures):
    """Start the server on a migrated database several times."""
    house = dataset(options.folder, WORKERS, figures)
    taken = []
    for _ in range(STARTS):
        began = time.perf_counter()
        with serving(house):
            taken.append(time.perf_counter() - began)
    figures.append(Figure("start to first answer, median of 5", median(taken), "s", MOST_SECONDS,
                          remark=f"slowest {max(taken):.2f} s"))
