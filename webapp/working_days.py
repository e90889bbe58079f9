"""Working days in Indonesia: Monday to Friday but for national holidays."""

from datetime import timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def _holidays_of(year):
    """The dates of one year's national holidays.

    A ``holidays`` calendar fills itself while it is asked, and a second thread that asks meanwhile
    is told that a holiday is none. So each year is made whole before anybody can see it.
    """
    return frozenset(holidays.country_holidays("ID", years=year))


def is_working_day(day):
    """Whether offices work on a date."""
    return day.weekday() < 5 and day not in _holidays_of(day.year)


@lru_cache(maxsize=4096)
def add_working_days(day, count):
    """The date ``count`` working days after a date; that date itself does not count."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_until(day, until):
    """How many working days are left after a date, up to and with another; 0 when it has come."""
    left = 0
    while day < until:
        day += timedelta(days=1)
        left += is_working_day(day)
    return left
