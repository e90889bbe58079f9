"""What is owed for months that were not paid, and when a membership of one's own lapses. Pure.

Research/domain.md §3 (S05): unpaid months are counted up to three in a row; after three of them
the membership is no longer active, and on re-activation nothing from before is charged. What a
company did not pay is never asked of its worker (rules §3).

A month is unpaid from its first day on: the present one is owed like those before it, but it makes
nobody late while it lasts. So a membership is active while at most the present month is unpaid,
behind with two or three, and lapses when a fourth begins.
"""

from datetime import timedelta

from webapp.models.switches import ACTIVE, BEHIND, LAPSED
from webapp.months import last_day_of, month_of, months_before, pay_by


def unpaid_months(paid_until, today):
    """How many months from the last one that was paid up to the present one, both by their first
    day: 0 where it is paid, or some are paid ahead."""
    return max(0, (today.year - paid_until.year) * 12 + today.month - paid_until.month)


def state_after(unpaid, rules):
    """How a membership stands with so many unpaid months: ``ACTIVE``, ``BEHIND`` or ``LAPSED``."""
    if unpaid > rules["bpu.owed_months"]:
        return LAPSED
    return BEHIND if unpaid > 1 else ACTIVE


def owed_months(unpaid, rules):
    """How many months are owed: the unpaid ones, and none any more once it lapsed."""
    return 0 if state_after(unpaid, rules) == LAPSED else unpaid


def owed_by_company(_months):
    """How many of a company's unpaid months its worker owes: never one (rules §3)."""
    return 0


def lapses_on(paid_until, rules):
    """The first day on which a membership has lapsed, if nothing is paid.

    :param paid_until: the first day of the last month that was paid.
    """
    return months_before(paid_until, -(rules["bpu.owed_months"] + 1))


def covered_until(paid_until, state, today):
    """The last day on which somebody is covered: the end of what was paid; of an active
    membership, whose present month can still be paid in time, the end of this one.

    :param state: of the membership.
    """
    month = max(paid_until, month_of(today)) if state == ACTIVE else paid_until
    return last_day_of(month)


def earliest_start(last_day, today):
    """The first day of a membership of one's own: the day after the last covered one, so that
    there is no gap, while that day's month can still be paid for in time; else the first of this
    month. Never before the end.

    :param last_day: the last covered day at the company.
    """
    day_after = last_day + timedelta(days=1)
    if pay_by(month_of(day_after)) >= today:
        return day_after
    return month_of(today)
