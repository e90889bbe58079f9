"""Working days in Indonesia: Monday to Friday but for national holidays."""

from datetime import timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=1)
def _calendar():
    return holidays.country_holidays("ID")


def is_working_day(day):
    """Whether offices work on a date."""
    return day.weekday() < 5 and day not in _calendar()


@lru_cache(maxsize=4096)
def add_working_days(day, count):
    """The date ``count`` working days after a date; that date itself does not count."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day
