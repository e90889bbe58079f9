"""Whether the time an answer takes tells that an account exists: two hundred tries each."""

from statistics import median

from bench.datasets import dataset
from bench.inside import application, database_of
from bench.report import NOT_LESS, Figure
from tests.whole_app.alike import JOURNEYS, Comparison, forgetting_all, let_register

WORKERS, TRIES = 10_000, 200
PROBABLE, ROUNDS = 0.01, 3     # what is hardly chance is looked at again, as in tests/whole_app


def measure(options, figures):
    """In this process, on a copy of the smaller database."""
    house = dataset(options.folder, WORKERS, figures).copy_to(options.work / "alike")
    app = application(house)
    with database_of(house):
        let_register(TRIES)
        for journey in (*JOURNEYS, forgetting_all):
            bar = None if journey is forgetting_all else PROBABLE
            figures += _figures(Comparison(app, journey), bar)


def _figures(comparison, bar):
    best = {}
    for _ in range(ROUNDS):
        comparison.run(TRIES)
        if comparison.differences():
            raise LookupError(f"known and unknown differ: {comparison.differences()}")
        for place, p in comparison.likeness().items():
            unknown, known = (median(seconds) * 1000 for seconds in comparison.seconds[place])
            found = (p, f"unknown {unknown:.2f}, known {known:.2f} ms")
            best[place] = max(best.get(place, found), found)
        if min(p for p, _ in best.values()) > PROBABLE:
            break
    for place, (p, remark) in best.items():
        yield Figure(f"known and unknown alike, p: {place}", p, "", bar, NOT_LESS, remark)
