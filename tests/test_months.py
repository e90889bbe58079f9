"""Which months of contributions are due, and how people write a month."""

from datetime import date, datetime

import pytest

from webapp.formats import Malformed
from webapp.months import (
    last_day_of,
    last_due_month,
    parse_month,
    parse_paid_until,
    pay_by,
    show_month,
    unpaid_months,
    unpaid_since,
)


@pytest.mark.parametrize(("month", "day"), [
    ("2026-09", "2026-10-15"),      # a Thursday
    ("2026-10", "2026-11-16"),      # the 15th is a Sunday
    ("2026-07", "2026-08-18"),      # a Saturday, a Sunday, and Independence Day
    ("2026-12", "2027-01-15"), ("2027-01", "2027-02-15")])
def test_a_month_is_paid_by_the_fifteenth_of_the_next_or_the_working_day_after_it(month, day):
    assert pay_by(date.fromisoformat(f"{month}-01")).isoformat() == day


@pytest.mark.parametrize(("today", "month"), [
    ("2026-11-15", "2026-09"), ("2026-11-16", "2026-09"),     # its last day is not over
    ("2026-11-17", "2026-10"), ("2026-11-30", "2026-10"), ("2026-12-01", "2026-10"),
    ("2027-01-15", "2026-11"), ("2027-01-16", "2026-12"), ("2027-03-01", "2027-01")])
def test_a_month_is_due_once_its_last_day_for_paying_is_over(today, month):
    assert last_due_month(date.fromisoformat(today)) == date.fromisoformat(f"{month}-01")


@pytest.mark.parametrize(("paid", "today", "unpaid", "is_shown"), [
    ("2026-08", "2026-11-22", 2, True), ("2026-08", "2026-11-16", 1, False),
    ("2026-08", "2026-11-17", 2, True), ("2026-09", "2026-11-22", 1, False),
    ("2026-10", "2026-11-22", 0, False), ("2026-11", "2026-11-22", 0, False),
    ("2025-12", "2026-02-16", 0, False), ("2025-12", "2026-02-17", 1, False),
    ("2025-12", "2026-03-17", 2, True), ("2024-12", "2026-11-22", 22, True)])
def test_two_due_months_without_contributions_are_shown(paid, today, unpaid, is_shown):
    paid, today = date.fromisoformat(f"{paid}-01"), date.fromisoformat(today)
    assert unpaid_months(paid, today) == unpaid
    assert (paid <= unpaid_since(today, 2)) is is_shown


@pytest.mark.parametrize("typed", [
    "08/2026", "8-2026", "08.2026", "2026-08", "2026/8", "202608", 202608, 202608.0, "Agustus 2026",
    "AGUSTUS 2026", "Agu 2026", "agt-2026", "31/08/2026", "2026-08-31", date(2026, 8, 5),
    datetime(2026, 8, 5, 1)])  # noqa: DTZ001 (as spreadsheets give it)
def test_a_month_is_understood_as_people_write_it(typed):
    assert parse_month(typed) == date(2026, 8, 1)


@pytest.mark.parametrize("typed", ["", None, "lunas", "13/2026", "2026", "08/26", 8, 45000.5, True])
def test_what_is_no_month_says_how_to_write_one(typed):
    with pytest.raises(Malformed, match="Tulis bulan dan tahun: 08/2026"):
        parse_month(typed)


def test_nobody_is_paid_for_beyond_this_month():
    today = date(2026, 11, 22)
    assert parse_paid_until("11/2026", today) == date(2026, 11, 1)
    with pytest.raises(Malformed, match="Bulan ini belum tiba: Desember 2026"):
        parse_paid_until("12/2026", today)


def test_months_in_words_and_their_ends():
    assert show_month(date(2026, 8, 1)) == "Agustus 2026"
    assert last_day_of(date(2028, 2, 1)) == date(2028, 2, 29)
    assert last_day_of(date(2026, 12, 1)) == date(2026, 12, 31)
