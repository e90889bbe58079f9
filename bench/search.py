"""Searching and listing among few and among very many workers: time, and number of statements.

The sizes take turns, ask for ask, so that whatever else the machine does falls on all alike.
"""

import time
from contextlib import ExitStack
from statistics import median, quantiles

from bench import statements
from bench.client import HTMX, list_url, signed_in
from bench.datasets import dataset
from bench.inside import application, database_of
from bench.journey import Clerk
from bench.report import Figure
from bench.rows import CLERKS_COMPANY
from bench.samples import samples
from bench.server import serving
from webapp import clock
from webapp.models.companies import Company
from webapp.models.workers import ACTIVE
from webapp.workers.queries import found_in, memberships_with_status, page_after

ASKS, WARM_UP = 60, 5
MOST_TIMES, MOST_MS = 1.3, 10
# The bar on growth is for card numbers and names; the others are shown beside them.
NO_BAR_ON_GROWTH = ("NIK", "first list page")


def measure(options, figures):
    """At each size: inside this process, then over HTTP."""
    houses = {size: dataset(options.folder, size, figures) for size in options.workers}
    figures += compare(houses)
    figures += statements.measure(houses)


def compare(houses, label=""):
    """The figures of houses by size, smallest first."""
    asked = _asked_inside(houses)
    figures = list(_judged(asked, f"{label}query, "))
    return figures + list(_judged(_asked_over_http(houses), f"{label}HTTP, "))


def _asked_inside(houses):
    times = {}
    application(next(iter(houses.values())))
    terms = {size: _samples_of(house) for size, house in houses.items()}
    for number in range(-WARM_UP, ASKS):
        for size, house in houses.items():
            with database_of(house):
                company = Company.get(Company.npp == CLERKS_COMPANY)
                _ask_inside(company, terms[size], number, times, size)
    return times


def _samples_of(house):
    with database_of(house):
        return samples(Company.get(Company.npp == CLERKS_COMPANY), ASKS)


def _ask_inside(company, terms, number, times, size):
    """Each kind of question once; the first ones fill caches and are not counted."""
    questions = {kind: lambda found=found: found_in(company, found[number])
                 for kind, found in terms.items()}
    today = clock.today()
    questions["first list page"] = lambda: page_after(
        memberships_with_status(company, ACTIVE, today), None)
    for kind, question in questions.items():
        question()      # this connection is new: its first statement reads the schema
        began = time.perf_counter()
        question()
        _note(times, kind, size, number, began)


def _asked_over_http(houses):
    times = {}
    with ExitStack() as stack:
        clerks = {}
        for size, house in houses.items():
            server = stack.enter_context(serving(house))
            client = stack.enter_context(signed_in(server.base))
            clerks[size] = Clerk(client, list_url(client)), _samples_of(house)
        for number in range(-WARM_UP, ASKS):
            for size, (clerk, terms) in clerks.items():
                _ask_over_http(clerk, terms, number, times, size)
    return times


def _ask_over_http(clerk, terms, number, times, size):
    for kind, found in terms.items():
        fields = {**clerk.search_fields, "cari": found[number]}
        began = time.perf_counter()
        clerk.client.post(clerk.list_url, data=fields, headers=HTMX).raise_for_status()
        _note(times, kind, size, number, began)
    began = time.perf_counter()
    clerk.client.get(clerk.list_url).raise_for_status()
    _note(times, "first list page", size, number, began)


def _note(times, kind, size, number, began):
    if number >= 0:
        times.setdefault(kind, {}).setdefault(size, []).append(
            (time.perf_counter() - began) * 1000)


def _judged(times, label):
    for kind, by_size in times.items():
        smallest = None
        for size, taken in by_size.items():
            middle, late = median(taken), quantiles(taken, n=20)[-1]
            shown = f"{size:,}".replace(",", ".")
            yield Figure(f"{label}{kind}, {shown} workers: median", middle, "ms", MOST_MS,
                         remark=f"p95 {late:.2f} ms")
            if smallest is None:
                smallest = middle
                continue
            yield Figure("  times that at the smallest size", middle / smallest, "",
                         None if kind in NO_BAR_ON_GROWTH else MOST_TIMES)
