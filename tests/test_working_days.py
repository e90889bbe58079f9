"""Working days in Indonesia."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from webapp.working_days import (
    _holidays_of,
    add_working_days,
    is_working_day,
    working_days_until,
)


def test_weekends_and_national_holidays_are_no_working_days():
    assert not is_working_day(date(2026, 8, 17))      # Independence Day, a Monday
    assert not is_working_day(date(2026, 11, 21))
    assert is_working_day(date(2026, 11, 23))


def test_seven_working_days_over_a_weekend_and_a_holiday():
    assert add_working_days(date(2026, 8, 12), 7) == date(2026, 8, 24)


def test_what_is_left_counts_working_days_alone():
    assert working_days_until(date(2026, 8, 12), date(2026, 8, 24)) == 7
    assert working_days_until(date(2026, 8, 22), date(2026, 8, 24)) == 1     # from a Saturday
    assert working_days_until(date(2026, 8, 24), date(2026, 8, 24)) == 0
    assert working_days_until(date(2026, 8, 25), date(2026, 8, 24)) == 0


def test_threads_that_ask_at_the_same_time_are_told_the_same():
    def ask(start):
        start.wait()
        return is_working_day(date(2026, 8, 17))

    for _ in range(20):
        _holidays_of.cache_clear()
        start = threading.Barrier(4)
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(ask, [start] * 4)) == [False] * 4
