"""How long somebody has been a member in all."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.eligibility.asking import left, working
from webapp.eligibility.length import days_until, reaches, years_and_days

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(("services", "days"), [
    ([], 0), ([working(TODAY)], 0), ([working(date(2026, 11, 21))], 1),
    ([left("RSG", date(2026, 11, 21), began=date(2026, 11, 21))], 1),
    ([working(date(2027, 1, 1))], 0),                                       # begins later
    ([left("RSG", date(2020, 1, 10), began=date(2020, 1, 1)),
      left("RSG", date(2020, 1, 20), began=date(2020, 1, 6))], 20),         # overlap
    ([left("RSG", date(2020, 1, 31), began=date(2020, 1, 1)),
      left("RSG", date(2020, 1, 6), began=date(2020, 1, 5))], 31),          # one inside the other
    ([left("RSG", date(2020, 1, 10), began=date(2020, 1, 1)),
      left("RSG", date(2020, 2, 10), began=date(2020, 2, 1))], 20),         # a gap
])
def test_each_day_counts_once_and_when_it_is_over(services, days):
    assert days_until(services, TODAY) == days


@pytest.mark.parametrize(("services", "full_on"), [
    ([working(date(2016, 11, 22))], TODAY),
    ([working(date(2016, 11, 23))], date(2026, 11, 23)),
    ([working(date(2024, 2, 29))], date(2034, 3, 1)),
    ([left("RSG", date(2026, 11, 21), began=date(2016, 11, 22))], TODAY),   # ended just full
    ([left("RSG", date(2026, 11, 20), began=date(2016, 11, 22))], None),    # a day short
    ([], None),
    ([left("RSG", date(2019, 12, 31), began=date(2010, 1, 1)), working(date(2026, 6, 1))],
     TODAY),
    ([left("RSG", date(2018, 12, 31), began=date(2010, 1, 1)), working(date(2026, 6, 1))],
     date(2027, 6, 1)),
    ([working(date(2027, 1, 1))], date(2037, 1, 1)),                        # begins later
])
def test_ten_years_are_full_on_the_anniversary(services, full_on):
    assert reaches(services, 10, TODAY) == full_on


def test_a_gap_and_an_overlap_only_move_the_anniversary():
    first = left("RSG", date(2020, 12, 31), began=date(2012, 3, 1))     # 8 years and 306 days
    second = working(date(2026, 6, 1))
    full_on = reaches([first, second], 10, TODAY)
    assert years_and_days([first, second], full_on) == (10, 0)
    assert years_and_days([first, second], full_on - timedelta(days=1))[0] == 9


spans = st.lists(st.builds(
    lambda began, length: left("RSG", began + timedelta(days=length), began=began) if length
    else working(began),
    st.dates(date(1990, 1, 1), date(2026, 1, 1)), st.integers(0, 6000)), max_size=4)


@settings(max_examples=150, deadline=None)
@given(spans, st.dates(date(2000, 1, 1), date(2040, 1, 1)))
def test_the_count_is_that_of_a_calendar_ticked_off_day_by_day(services, day):
    ticked = set()
    for one in services:
        last = min(one.last_on or date.max, day - timedelta(days=1))
        ticked.update(range(one.started_on.toordinal(), last.toordinal() + 1))
    assert days_until(services, day) == len(ticked)


@settings(max_examples=150, deadline=None)
@given(spans, st.dates(date(2000, 1, 1), date(2040, 1, 1)))
def test_the_day_named_is_the_first_on_which_they_are_full(services, day):
    full_on = reaches(services, 10, day)
    later = day + timedelta(days=40_000)
    assert (full_on is None) == (years_and_days(services, later)[0] < 10)
    if full_on:
        assert years_and_days(services, full_on)[0] >= 10
        assert full_on == day or years_and_days(services, full_on - timedelta(days=1))[0] < 10
