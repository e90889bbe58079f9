"""What follows from ending a membership, as a table."""

from datetime import date

import pytest

from webapp.deactivation.consequences import birthday, consequences, months_later
from webapp.parameters import Rules, shipped

BORN = date(1990, 8, 5)


def follow(reason, last_day, today=date(2026, 11, 22), born=BORN):
    values = {row["name"]: int(row["value"]) for row in shipped()}
    return consequences(reason, last_day, birth_date=born, rules=Rules(today, values), today=today)


@pytest.mark.parametrize(("reason", "last_day", "opens"), [
    ("RSG", date(2025, 1, 31), date(2025, 2, 28)),
    ("RSG", date(2024, 1, 31), date(2024, 2, 29)),
    ("RSG", date(2026, 10, 31), date(2026, 11, 30)),
    ("PHK", date(2026, 12, 15), date(2027, 1, 15)),
    ("PKW", date(2026, 10, 31), date(2026, 11, 1)),
    ("LNG", date(2026, 10, 31), date(2026, 11, 1)),
])
def test_savings_open_on_the_day_of_the_rule(reason, last_day, opens):
    assert follow(reason, last_day).openings[0].from_date == opens


@pytest.mark.parametrize(("born", "opens"), [
    (date(1970, 11, 22), date(2026, 11, 23)),      # 56 on the last day: the day after it
    (date(1971, 1, 10), date(2027, 1, 10)),        # not yet: on the birthday
    (date(1960, 1, 1), date(2026, 11, 23)),
])
def test_pension_savings_open_at_fifty_six(born, opens):
    assert follow("PSN", date(2026, 11, 22), born=born).openings[0].from_date == opens


@pytest.mark.parametrize(("reason", "codes"), [
    ("MUT", 0), ("SLH", 0), ("RSG", 1), ("PHK", 2), ("MGL", 2), ("CTT", 1)])
def test_each_reason_opens_what_the_table_says(reason, codes):
    assert len(follow(reason, date(2026, 11, 20)).openings) == codes


@pytest.mark.parametrize(("last_day", "today", "late"), [
    (date(2026, 11, 2), date(2026, 11, 11), False),     # the seventh working day
    (date(2026, 11, 2), date(2026, 11, 12), True),
    (date(2026, 12, 22), date(2027, 1, 4), False),      # Christmas and New Year do not count
])
def test_late_is_after_seven_working_days(last_day, today, late):
    assert follow("RSG", last_day, today).is_late is late


@pytest.mark.parametrize(("last_day", "scheduled"), [
    (date(2026, 11, 21), False), (date(2026, 11, 22), False), (date(2026, 11, 23), True)])
def test_only_a_last_day_ahead_is_scheduled(last_day, scheduled):
    assert follow("RSG", last_day).is_scheduled is scheduled


def test_going_on_alone_costs_the_lowest_tier():
    effects = follow("RSG", date(2026, 11, 20))
    assert (effects.continuing_rupiah, effects.continuing_with_jht_rupiah) == (16_800, 36_800)
    assert follow("PHK", date(2026, 11, 20)).continuing_rupiah is None


def test_a_month_later_ends_with_the_month():
    assert months_later(date(2025, 12, 31), 2) == date(2026, 2, 28)
    assert months_later(date(2025, 3, 15), 1) == date(2025, 4, 15)


def test_those_of_29_february_have_their_birthday_on_1_march():
    assert birthday(date(1968, 2, 29), 57) == date(2025, 3, 1)
