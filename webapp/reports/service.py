"""Keeping the figures of days that are over, so that a report need not count them again."""

from datetime import date, timedelta

from peewee import fn

from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.models.audit import AuditEntry
from webapp.models.reports import DailyFigure
from webapp.prepared import add_all
from webapp.reports.counting import MESSAGES, Span, counted, first_message_on
from webapp.reports.queries import FIRST, kept_until

KEPT_DAYS = 366         # the longest report is of a year
# What is under way then is over: messages are given up after three days, and who comes back to a
# draft later than that counts on the day when it was begun.
CORRECTED_DAYS = 7


def keep_figures(now):
    """Count the days that are over and not counted yet, the oldest first, and the last few again:
    what was under way on them may have ended. Returns how many days were counted.

    Running it again changes nothing.
    """
    days = _days_to_count(day_of(now))
    for day in days:
        keep_day(day)
    return len(days)


def _days_to_count(today):
    kept, _ = kept_until()
    first = kept + timedelta(days=1) if kept else _first_day(today)
    first = max(min(first, today - timedelta(days=CORRECTED_DAYS)),
                today - timedelta(days=KEPT_DAYS))
    return [first + timedelta(days=number) for number in range((today - first).days)]


def _first_day(today):
    """The day on which anything was done first; where nothing was, today."""
    first = AuditEntry.select(fn.MIN(AuditEntry.at)).scalar()
    return day_of(first) if first else today


def keep_day(day):
    """Count one day. It is counted before the transaction: nobody waits for that. Two processes
    at it write one after the other: the row of the first message is taken before all others."""
    _, after = kept_until(day)
    first = first_message_on(day, after)
    total = counted(Span(day, day + timedelta(days=1)), first)
    rows = [{"branch": count.branch, "day": date.fromisoformat(count.day),
             "measure": count.measure, "label": count.label, "value": value}
            for count, value in total.items()]
    mark = {"branch": None, "day": day, "measure": MESSAGES, "label": FIRST}
    with write_transaction():
        (DailyFigure.insert(**mark, value=first)
         .on_conflict(conflict_target=[DailyFigure.measure, DailyFigure.day, DailyFigure.label],
                      conflict_where=DailyFigure.branch.is_null(),
                      update={DailyFigure.value: first}).execute())
        (DailyFigure.delete()
         .where(DailyFigure.day == day,
                (DailyFigure.measure != MESSAGES) | (DailyFigure.label != FIRST)).execute())
        add_all(DailyFigure, rows)
