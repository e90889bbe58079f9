"""The branch's queue with few and with very many open cases: time, and number of statements.

The sizes take turns, ask for ask. The cases lie in one database each, with the same people in it.
"""

import time
from datetime import timedelta
from itertools import cycle, islice
from statistics import median, quantiles

from bench.datasets import dataset
from bench.inside import application, database_of
from bench.report import EQUAL, Figure
from tests.statements import Statements
from webapp import clock, sessions
from webapp.db import write_transaction
from webapp.models.cases import AT_BRANCH, OBJECTION, Case
from webapp.models.companies import Company
from webapp.models.people import User
from webapp.models.workers import Membership
from webapp.prepared import add_all
from webapp.receipts.signing import new_number

WORKERS, SIZES = 10_000, (100, 10_000)
ASKS, WARM_UP, MOST_TIMES = 60, 5, 1.3
OFFICER = "dewi@cabang.example"
PAGES = {"the queue": "/cabang", "what nobody has taken": "/cabang?tampil=bebas"}


def measure(options, figures):
    """One figure for each page and size, and the ratio; then the statements."""
    house = dataset(options.folder, WORKERS, figures)
    houses = {size: house.copy_to(options.work / f"desk-{size}") for size in SIZES}
    app, cookies = application(house), {}
    for size, one in houses.items():
        with database_of(one):
            cookies[size] = _filled(size)
    browsers = {size: _browser(app, cookies[size]) for size in SIZES}
    times, counts = {}, {}
    for number in range(-WARM_UP, ASKS):
        for size, one in houses.items():
            with database_of(one):
                for page, path in PAGES.items():
                    _ask(browsers[size], path)     # a new connection reads the schema first
                    began = time.perf_counter()
                    _ask(browsers[size], path)
                    if number >= 0:
                        times.setdefault(page, {}).setdefault(size, []).append(
                            (time.perf_counter() - began) * 1000)
                    counts[page, size] = _counted(browsers[size], path)
    figures += _judged(times, counts)


def _filled(count):
    """Open so many cases at the officer's branch. Returns a session's cookie value."""
    officer = User.get(User.email.matches(OFFICER))
    theirs = (Membership.select().join(Company).where(Company.branch == officer.branch_id)
              .order_by(Membership.id).limit(count))
    now, today = clock.now(), clock.today()
    rows = [{"kind": OBJECTION, "number": new_number(), "branch": officer.branch_id,
             "company": one.company_id, "membership": one.id, "worker": one.worker_id,
             "opened_by": officer.id, "opened_at": now, "held_since": now, "holder": AT_BRANCH,
             "due_on": today + timedelta(days=number % 7)}
            for number, one in enumerate(islice(cycle(theirs), count))]
    with write_transaction():
        add_all(Case, rows)
        return sessions.begin(officer, now, browser="")


def _browser(app, cookie):
    browser = app.test_client()
    browser.set_cookie(app.config["COOKIE_NAMES"]["session"], cookie)
    return browser


def _ask(browser, path):
    answer = browser.get(path)
    if answer.status_code != 200:
        raise LookupError(f"{path} gave {answer.status_code}")


def _counted(browser, path):
    with Statements() as counted:
        _ask(browser, path)
    return counted.count


def _judged(times, counts):
    small = SIZES[0]
    for page, by_size in times.items():
        for size, taken in by_size.items():
            shown = f"{size:,}".replace(",", ".")
            yield Figure(f"{page}, {shown} cases: median", median(taken), "ms",
                         remark=f"p95 {quantiles(taken, n=20)[-1]:.2f} ms")
            yield Figure(f"statements for {page}, {shown} cases", counts[page, size], "",
                         None if size == small else counts[page, small], EQUAL)
        yield Figure("  times that at the smallest size",
                     median(by_size[SIZES[-1]]) / median(by_size[small]), "", MOST_TIMES)
