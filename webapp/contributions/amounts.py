"""What is paid for a month: JKK, JKM and, by choice, JHT, less the discount of that month. Pure.

PP 44/2015 and Permenaker 5/2021: JKK 1 %, JKM 6.800, JHT 2 % of the tier's base. PP 50/2025: half
of JKK and JKM is remitted, in transport from January 2026 to March 2027, in other work from April
to December 2026. All of it stands in the parameters (``bpu.…``).

Everything is whole rupiah. Whatever does not divide evenly is rounded in the person's favour:
each part down, the discount up. With today's table every base is a multiple of 50.000, so that
nothing needs it.
"""

from typing import NamedTuple

from webapp.contributions.tiers import tier_of
from webapp.months import months_before


class Parts(NamedTuple):
    """What is paid, in rupiah: the three parts before the discount, the discount, and what is left
    to pay."""

    jkk: int
    jkm: int
    jht: int
    discount: int

    @property
    def amount(self):
        """What is to be paid."""
        return self.jkk + self.jkm + self.jht - self.discount


def monthly(income, has_savings, sector, month, rules):
    """The ``Parts`` of one month.

    :param income: rupiah a month.
    :param has_savings: whether JHT is paid too.
    :param sector: one of ``models.switches.SECTORS``.
    :param month: its first day.
    :param rules: the parameters in force on that day.
    """
    return _parts(tier_of(income, month).base, has_savings, rules,
                  rules[f"bpu.discount_percent.{sector}"])


def lowest(rules):
    """(without JHT, with JHT): the least that anybody pays a month, before any discount."""
    base = rules["bpu.lowest_base_rupiah"]
    return _parts(base, False, rules, 0).amount, _parts(base, True, rules, 0).amount


def of_months(income, has_savings, sector, first_month, count, rules_of):
    """The ``Parts`` of several months in a row: the sum of each month's own.

    :param first_month: its first day.
    :param rules_of: gives the parameters in force on a day.
    """
    each = [monthly(income, has_savings, sector, month, rules_of(month))
            for month in months_from(first_month, count)]
    return Parts(*(sum(column) for column in zip(*each, strict=True)))


def months_from(first_month, count):
    """So many months in a row, each by its first day, a list."""
    return [months_before(first_month, -place) for place in range(count)]


def discount_ends(sector, month, rules_of):
    """The first month without the discount that holds in a month; None where there is none in it,
    or no end is known within three years.

    :param rules_of: gives the parameters in force on a day.
    """
    name = f"bpu.discount_percent.{sector}"
    if not rules_of(month)[name]:
        return None
    return next((later for later in months_from(month, 37) if not rules_of(later)[name]), None)


def _parts(base, has_savings, rules, percent):
    jkk, jkm = base * rules["bpu.jkk_permille"] // 1000, rules["bpu.jkm_rupiah"]
    jht = base * rules["bpu.jht_permille"] // 1000 if has_savings else 0
    return Parts(jkk, jkm, jht, -(-(jkk + jkm) * percent // 100))
