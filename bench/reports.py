"""Laporan over very many cases: time and number of statements, on both databases.

The cases are made by SQL: two fifths were requests that a company answered, some of them with a
refusal, and one in fifty still waits at the branch. Days that are over are counted by the task that
does so every hour; its slowest day is shown too.
"""

import time
from datetime import timedelta
from statistics import median

from bench.datasets import dataset, fill
from bench.inside import application, database_of
from bench.postgresql import server
from bench.report import EQUAL, Figure
from bench.server import House
from tests.statements import Statements
from webapp import audit, clock, sessions
from webapp.db import database, is_sqlite, write_transaction
from webapp.models.people import User
from webapp.reports import service

WORKERS, CASES, FEW = 10_000, 1_000_000, 1_000
ASKS, WARM_UP, MOST_MS = 15, 2, 300
OFFICER = "eka@cabang.example"
PERIODS = (30, 365)

_SERIES = ("WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {}) "
           "INSERT INTO ")
_CASES = ("cases (public_id, number, kind, branch_id, company_id, worker_id, opened_by_id, "
          "opened_at, held_since, holder, due_on, closed_at, version) "
          "SELECT {uuid}, 'B' || (10000000000 + n), CASE n % 5 WHEN 0 THEN 'sanggahan' "
          "WHEN 1 THEN 'pencairan' WHEN 2 THEN 'pengaduan' ELSE 'permohonan' END, {branch}, "
          "{company}, NULL, {user}, {opened}, {opened}, "
          "CASE WHEN n % 50 = 0 THEN 'branch' END, "
          "CASE WHEN n % 50 = 0 THEN {today} END, "
          "CASE WHEN n % 50 > 0 THEN {opened} END, 1 FROM series")
_REQUESTS = ("INSERT INTO deactivation_request (public_id, case_id, membership_id, state, version, "
             "reason, last_day, asked_at) SELECT {uuid}, id, {membership}, "
             "CASE WHEN id % 7 = 0 THEN 'DITOLAK' ELSE 'DIBATALKAN' END, 1, 'RSG', {today}, "
             "opened_at FROM cases WHERE kind = 'permohonan' AND number LIKE 'B1%'")


def measure(options, figures):
    """On SQLite and on PostgreSQL."""
    house = dataset(options.folder, WORKERS, figures)
    _compare(house.copy_to(options.work / "reports"), "", figures)
    with server(options.work) as address:
        own = House(options.work / "reports-postgresql", address("postgres"))
        own.folder.mkdir()
        (own.folder / "secrets.json").write_bytes((options.folder / "secrets.json").read_bytes())
        fill(own, FEW)
        _compare(own, "PostgreSQL ", figures)


def _compare(house, label, figures):
    app = application(house)
    with database_of(house):
        cookie = _signed_in()
        _make_cases(FEW, 0)
        few = {days: _asked(app, cookie, days)[1] for days in PERIODS}
        _make_cases(CASES, FEW)
        figures += _kept(label)
        for days in PERIODS:
            times, count = _asked(app, cookie, days)
            figures += [
                Figure(f"{label}report of {days} days, 1.000.000 cases: median", median(times),
                       "ms", MOST_MS, remark=f"slowest {max(times):.0f} ms"),
                Figure(f"{label}statements for it", count, "", few[days], EQUAL)]


def _kept(label):
    """Count every day that is over; how long the slowest took."""
    taken, keep = [], service.keep_day

    def timed(day):
        began = time.perf_counter()
        keep(day)
        taken.append((time.perf_counter() - began) * 1000)

    service.keep_day = timed
    try:
        service.keep_figures(clock.now())
    finally:
        service.keep_day = keep
    yield Figure(f"{label}counting {len(taken)} days that are over: one of them", median(taken),
                 "ms", remark=f"slowest {max(taken):.0f} ms")


def _signed_in():
    with write_transaction():
        return sessions.begin(User.get(User.email.matches(OFFICER)), clock.now(), browser="")


def _make_cases(count, from_number):
    """A year of cases, the same number every day."""
    officer = User.get(User.email.matches(OFFICER))
    if is_sqlite():
        uuid, today = "lower(hex(randomblob(16)))", "date('now')"
        opened = ("strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || (n % 365) || ' days', "
                  "'-' || (n % 7919) || ' seconds')")
    else:
        uuid, today = "gen_random_uuid()", "current_date"
        opened = ("now() AT TIME ZONE 'utc' - (n % 365) * interval '1 day' "
                  "- (n % 7919) * interval '1 second'")
        database.execute_sql("SET statement_timeout = 0")
    company, = database.execute_sql("SELECT min(id) FROM company").fetchone()
    membership, = database.execute_sql("SELECT min(id) FROM membership").fetchone()
    places = {"uuid": uuid, "today": today, "opened": opened, "company": company,
              "membership": membership, "user": officer.id, "branch": officer.branch_id}
    numbered = _CASES.replace("10000000000 + n", f"{10_000_000_000 + from_number} + n")
    with write_transaction():
        audit.record(audit.Event.COMPANY_ADDED, chain=audit.ACCOUNTS, actor=None, subject=None,
                     now=clock.now() - timedelta(days=365))     # as if it had run for so long
        for statement in ("DELETE FROM deactivation_request",
                          _SERIES.format(count) + numbered.format(**places),
                          _REQUESTS.format(**places)):
            database.execute_sql(statement if is_sqlite() else statement.replace("%", "%%"))
    database.execute_sql("ANALYZE")
    if not is_sqlite():
        database.execute_sql("RESET statement_timeout")


def _asked(app, cookie, days):
    """(milliseconds of each ask, number of statements of one)."""
    browser, times = app.test_client(), []
    browser.set_cookie(app.config["COOKIE_NAMES"]["session"], cookie)
    for number in range(-WARM_UP, ASKS):
        began = time.perf_counter()
        answer = browser.get(f"/cabang/laporan?hari={days}")
        if answer.status_code != 200:
            raise LookupError(f"the report gave {answer.status_code}")
        if number >= 0:
            times.append((time.perf_counter() - began) * 1000)
    with Statements() as counted:
        browser.get(f"/cabang/laporan?hari={days}")
    return times, counted.count
