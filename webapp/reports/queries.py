"""What Laporan asks: figures that were kept, what came since, and what waits now."""

from collections import Counter
from datetime import timedelta

from peewee import SQL, Select, fn

from webapp.clock import day_of
from webapp.db import database
from webapp.models.cases import AT_BRANCH, Case
from webapp.models.reports import DailyFigure
from webapp.replica import may_lag
from webapp.reports.counting import FILED, MESSAGES, OPENED, REFUSED, RETURNED, Span, counted

FIRST = "mulai"         # label of the id below which no message of the day is
MOST_LIVE = 8           # days that a page counts itself, where nobody has kept them
OF_BRANCHES = (FILED, OPENED, REFUSED, RETURNED)
# Up to how many days something has waited.
AGES = (1, 3, 7, 14, 30)


def kept_until(before=None):
    """(the last day whose figures are kept, the id that no later message is below); (None, 0)
    where there is none.

    :param before: only days before this one.
    """
    rows = (DailyFigure.select(DailyFigure.day, DailyFigure.value)
            .where(DailyFigure.branch.is_null(), DailyFigure.measure == MESSAGES,
                   DailyFigure.label == FIRST))
    if before:
        rows = rows.where(DailyFigure.day < before)
    last = rows.order_by(DailyFigure.day.desc()).first()
    return (last.day, last.value) if last else (None, 0)


@may_lag
def shown_at(branch, first_day, now):
    """(figures, since when they are counted, what waits by age), as the functions below have it.

    :param branch: its number.
    """
    return *figures_of(branch, first_day, now), waiting_by_age(branch, now)


def figures_of(branch, first_day, now):
    """(how many there were of everything at a branch from a day until now, a ``Counter`` by day,
    measure and label; the first day of these that is counted).

    The day is text: 2026-11-22. Messages are those of all branches.

    :param branch: its number.
    """
    today = day_of(now)
    kept, after = kept_until()
    since = max(kept + timedelta(days=1), first_day) if kept else first_day
    live = max(since, today - timedelta(days=MOST_LIVE - 1))
    total = Counter()
    for part in (DailyFigure.branch == branch) & (DailyFigure.measure << OF_BRANCHES), (
            DailyFigure.branch.is_null() & (DailyFigure.measure == MESSAGES)
            & (DailyFigure.label != FIRST)):
        rows = (DailyFigure.select(DailyFigure.day, DailyFigure.measure, DailyFigure.label,
                                   DailyFigure.value)
                .where(part, DailyFigure.day >= first_day, DailyFigure.day < live))
        total.update({(day.isoformat(), *what): value for day, *what, value in rows.tuples()})
    span = Span(live, today + timedelta(days=1), branch)
    for count, value in counted(span, after).items():
        total[count.day, count.measure, count.label] += value
    return total, live if live > since else first_day


def waiting_by_age(branch, now):
    """How much waits at a branch, by how many days it has: a list of (within its promise, past
    it), one for each of ``AGES`` and one for what is older.

    :param branch: its number.
    """
    edges = [now - timedelta(days=days) for days in AGES]
    # Written out, the condition is the index's own: SQLite then need not look at the rows.
    is_here = Case.holder == SQL(f"'{AT_BRANCH}'")
    waiting = Case.select(fn.COUNT(Case.id)).where(Case.branch == branch, is_here)
    counts = []
    for newer, older in zip([None, *edges], [*edges, None], strict=True):
        within = waiting
        if newer:
            within = within.where(Case.held_since <= newer)
        if older:
            within = within.where(Case.held_since > older)
        counts += [within, within.where(Case.due_on < day_of(now))]
    found = Select(columns=counts).bind(database).tuples().get()
    return [(total - late, late) for total, late in zip(found[::2], found[1::2], strict=True)]
