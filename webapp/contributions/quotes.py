"""What going on alone would cost somebody, before anything is filled in. Pure."""

from datetime import date
from typing import NamedTuple

from webapp.contributions.amounts import Parts, discount_ends, monthly
from webapp.contributions.tiers import tier_of
from webapp.months import month_of


class Price(NamedTuple):
    """A month from ``month`` on (its first day): without JHT, and with it."""

    month: date
    without: Parts
    with_savings: Parts


class Quote(NamedTuple):
    """What an income costs: from now on, and (or None) from the month in which the discount that
    holds now has ended."""

    base: int
    now: Price
    later: Price | None


def quote(income, sector, today, rules_of):
    """The ``Quote`` of an income.

    :param income: rupiah a month.
    :param sector: one of ``models.switches.SECTORS``.
    :param rules_of: gives the parameters in force on a day.
    """
    month = month_of(today)
    ended = discount_ends(sector, month, rules_of)
    return Quote(tier_of(income, month).base, _price(income, sector, month, rules_of),
                 ended and _price(income, sector, ended, rules_of))


def as_record(income, has_savings, sector, month, rules_of):
    """What a decision about an amount rests on, JSON values: the base, the parts, the parameters
    of that month."""
    rules = rules_of(month).afresh()
    parts = monthly(income, has_savings, sector, month, rules)
    return {"month": month.isoformat(), "base": tier_of(income, month).base,
            "amount": parts.amount, **parts._asdict(), "rules": dict(rules.used)}


def _price(income, sector, month, rules_of):
    return Price(month, *(monthly(income, has_savings, sector, month, rules_of(month))
                          for has_savings in (False, True)))
