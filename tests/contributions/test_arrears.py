"""How many months are owed, when a membership of one's own lapses, and when one begins."""

from datetime import date

import pytest

from tests.eligibility.asking import rules
from webapp.contributions.arrears import (
    covered_until,
    earliest_start,
    lapses_on,
    owed_by_company,
    owed_months,
    state_after,
    unpaid_months,
)


@pytest.mark.parametrize(("unpaid", "state", "owed"), [
    (0, "AKTIF", 0), (1, "AKTIF", 1), (2, "MENUNGGAK", 2), (3, "MENUNGGAK", 3),
    (4, "NONAKTIF", 0), (5, "NONAKTIF", 0), (40, "NONAKTIF", 0)])
def test_up_to_three_months_are_owed_and_none_once_it_lapsed(unpaid, state, owed):
    assert (state_after(unpaid, rules()), owed_months(unpaid, rules())) == (state, owed)


@pytest.mark.parametrize(("paid_until", "today", "unpaid"), [
    (date(2026, 11, 1), date(2026, 11, 30), 0), (date(2026, 11, 1), date(2026, 12, 1), 1),
    (date(2026, 11, 1), date(2027, 1, 31), 2), (date(2026, 11, 1), date(2027, 2, 28), 3),
    (date(2026, 11, 1), date(2027, 3, 1), 4), (date(2027, 6, 1), date(2026, 11, 22), 0)])
def test_a_month_is_unpaid_from_its_first_day_on(paid_until, today, unpaid):
    assert unpaid_months(paid_until, today) == unpaid


def test_it_lapses_when_the_fourth_unpaid_month_begins():
    assert lapses_on(date(2026, 11, 1), rules()) == date(2027, 3, 1)


@pytest.mark.parametrize("months", [0, 1, 3, 12])
def test_what_a_company_did_not_pay_is_never_the_workers(months):
    assert owed_by_company(months) == 0


@pytest.mark.parametrize(("paid_until", "state", "last"), [
    (date(2026, 11, 1), "AKTIF", date(2026, 11, 30)),
    (date(2026, 10, 1), "AKTIF", date(2026, 11, 30)),     # this month can still be paid in time
    (date(2027, 2, 1), "AKTIF", date(2027, 2, 28)),
    (date(2026, 9, 1), "MENUNGGAK", date(2026, 9, 30)),
    (date(2026, 7, 1), "NONAKTIF", date(2026, 7, 31))])
def test_somebody_is_covered_to_the_end_of_what_was_paid(paid_until, state, last):
    assert covered_until(paid_until, state, date(2026, 11, 22)) == last


@pytest.mark.parametrize(("last_day", "today", "start"), [
    (date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 21)),
    (date(2026, 12, 5), date(2026, 11, 22), date(2026, 12, 6)),      # not before the end
    (date(2026, 10, 31), date(2026, 11, 22), date(2026, 11, 1)),
    (date(2026, 10, 20), date(2026, 11, 16), date(2026, 10, 21)),    # 15 November is a Sunday
    (date(2026, 10, 20), date(2026, 11, 17), date(2026, 11, 1)),
    (date(2019, 3, 31), date(2026, 11, 22), date(2026, 11, 1))])
def test_it_begins_without_a_gap_unless_the_end_is_long_ago(last_day, today, start):
    assert earliest_start(last_day, today) == start
