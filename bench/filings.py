"""Durable filings per second, beside bare SQLite commits on the same disk in the same run."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import timedelta
from statistics import median
from threading import local

from bench.client import expect, form_fields, signed_in
from bench.datasets import dataset
from bench.inside import application, database_of
from bench.report import NOT_LESS, Figure
from bench.rows import CLERKS_COMPANY, free_cards
from bench.server import serving
from webapp import clock, db
from webapp.deactivation import service
from webapp.deactivation.queries import deactivations_of
from webapp.models.companies import Company
from webapp.models.deactivations import DRAFT, Deactivation
from webapp.models.people import User
from webapp.models.workers import Membership
from webapp.parameters import rules_on

WORKERS, FILINGS, THREADS = 10_000, 300, (1, 4)
BARE_SHARE = 1 / 4
CLERK = "budi@maju.example"


def measure(options, figures):
    """Bare commits, then filings by service calls and over HTTP, each by one and by four."""
    house = dataset(options.folder, WORKERS, figures).copy_to(options.work / "filings")
    floor = BareCommits(options.work / "bare.sqlite3")
    inside, over_http = rates(house, floor.measure)
    bare = median(floor.rates)
    figures.append(Figure("bare SQLite commits, synchronous=FULL", bare, "/s",
                          remark="runs: " + ", ".join(f"{rate:.0f}" for rate in floor.rates)))
    figures += [Figure(f"filings by service calls, {threads} at once", rate, "/s",
                       bare * BARE_SHARE, NOT_LESS, f"{rate / bare:.2f} of bare")
                for threads, rate in inside.items()]
    figures += [Figure(f"filings over HTTP, {threads} at once", rate, "/s",
                       remark=f"{rate / bare:.2f} of bare") for threads, rate in over_http.items()]


def rates(house, between=lambda: None):
    """Filings a second by number of threads: by service calls, and over HTTP.

    :param between: called before, between and after the measurements.
    """
    inside, over_http = {}, {}
    application(house)
    cards = iter(free_cards(house, 2 * len(THREADS) * FILINGS))
    with database_of(house):
        for threads in THREADS:
            drafts = draft(cards)
            between()
            inside[threads] = filed_inside(drafts, threads)
        left = {threads: draft(cards) for threads in THREADS}
    with serving(house) as server:
        for threads in THREADS:
            between()
            over_http[threads] = filed_over_http(server, left[threads], threads)
    between()
    return inside, over_http


class BareCommits:
    """The floor: one row inserted for each commit, by nothing but the driver."""

    def __init__(self, path):
        self.path, self.rates = path, []

    def measure(self):
        """One more measurement."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("CREATE TABLE IF NOT EXISTS filing (id INTEGER PRIMARY KEY, t TEXT)")
            self.rates.append(FILINGS / took(lambda: [
                connection.execute("INSERT INTO filing (t) VALUES ('nonaktif')")
                for _ in range(FILINGS)]))


def draft(cards):
    """Drafts that only wait to be confirmed."""
    clerk, last_day = _clerk(), clock.today() - timedelta(days=2)
    for _, kpj in zip(range(FILINGS), cards, strict=False):
        service.save_draft(Membership.get(Membership.kpj == kpj), clerk, reason="RSG",
                           last_day=last_day, note="", document=None, now=clock.now())
    waiting = deactivations_of(_company()).where(Deactivation.drafted_by == clerk,
                                                 Deactivation.state == DRAFT)
    return list(waiting.order_by(Deactivation.id.desc()).limit(FILINGS))


def filed_inside(drafts, threads):
    """Filings a second by calling the service in this process."""
    clerk, company, rules = _clerk(), _company(), rules_on(clock.today())

    def file(one):
        db.ensure_connection()
        service.file(one, clerk, version=one.version, company=company, rules=rules,
                     now=clock.now())

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: db.ensure_connection(), range(threads)))
        return len(drafts) / took(lambda: list(pool.map(file, drafts)))


def filed_over_http(server, drafts, threads):
    """Filings a second by pressing Konfirmasi, each client on its own connection."""
    company, mine = drafts[0].company.public_id, local()
    with ExitStack() as stack:
        clients = [stack.enter_context(signed_in(server.base, CLERK)) for _ in range(threads)]
        tokens = [form_fields(client.get("/keluar"))["csrf_token"] for client in clients]
        waiting = list(zip(clients, tokens, strict=True))

        def file(one):
            if not hasattr(mine, "client"):
                mine.client, mine.token = waiting.pop()
            expect(mine.client.post(
                f"/perusahaan/{company}/nonaktif/{one.public_id}/periksa",
                data={"csrf_token": mine.token, "version": one.version}), 303)

        with ThreadPoolExecutor(threads) as pool:
            return len(drafts) / took(lambda: list(pool.map(file, drafts)))


def took(act):
    """Seconds that something takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _clerk():
    return User.get(User.email.matches(CLERK))


def _company():
    return Company.get(Company.npp == CLERKS_COMPANY)
