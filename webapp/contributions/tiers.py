"""The 33 tiers of income and the base each is reckoned with. Pure.

PP 44/2015, Lampiran II, as in research/domain.md §3. The printed table leaves holes of 999 rupiah
between its rows; a tier therefore reaches to where the next one begins: ``income < next.min``. The
rows stand in ``tiers.csv``, each valid from a day, since a decree may bring another table.
"""

import csv
from datetime import date
from importlib.resources import files
from typing import NamedTuple


class Tier(NamedTuple):
    """Incomes from ``starts_at`` on (rupiah a month), and the base of what is paid for them."""

    valid_from: date
    starts_at: int
    base: int


def _shipped():
    text = files("webapp.contributions").joinpath("tiers.csv").read_text(encoding="utf-8")
    return tuple(Tier(date.fromisoformat(row["valid_from"]), int(row["from_rupiah"]),
                      int(row["base_rupiah"])) for row in csv.DictReader(text.splitlines()))


ALL = _shipped()


def tiers_on(day):
    """The tiers in force on a day, the lowest first: those of the newest table, a list."""
    newest = max(tier.valid_from for tier in ALL if tier.valid_from <= day)
    return sorted((tier for tier in ALL if tier.valid_from == newest),
                  key=lambda tier: tier.starts_at)


def tier_of(income, day):
    """The ``Tier`` of an income.

    :param income: whole rupiah a month, 0 or more.
    :param day: on which the table must be in force.
    """
    return next(tier for tier in reversed(tiers_on(day)) if tier.starts_at <= income)
