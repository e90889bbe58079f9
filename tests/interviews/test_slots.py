"""Which slots there are: a table."""

from datetime import UTC, date, datetime, timedelta

import pytest

from webapp.interviews.slots import code_of, days_ahead, free_slots, may_change, slots_on

RULES = {"claim.interview_minutes": 30, "claim.interview_places": 2,
         "claim.interview_working_days_ahead": 10}
SUNDAY = date(2026, 11, 22)


def test_the_next_ten_working_days_but_not_today():
    days = days_ahead(SUNDAY, RULES)
    assert (days[0], len(days)) == (date(2026, 11, 23), 10)
    assert days_ahead(date(2026, 11, 23), RULES)[0] == date(2026, 11, 24)


def test_no_weekends_and_no_holidays():
    days = days_ahead(date(2026, 12, 23), RULES)
    assert date(2026, 12, 25) not in days
    assert {day.weekday() for day in days} <= {0, 1, 2, 3, 4}


def test_half_hours_from_nine_to_three_in_jakarta():
    slots = slots_on(date(2026, 11, 23), RULES)
    assert slots[0] == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert slots[-1] == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert len(slots) == 10


@pytest.mark.parametrize("minutes", [30, 45, 60, 50])
def test_nobody_is_met_between_noon_and_one(minutes):
    length = timedelta(minutes=minutes)
    noon, one = (datetime(2026, 11, 23, hour, 0, tzinfo=UTC) for hour in (5, 6))
    slots = slots_on(date(2026, 11, 23), RULES | {"claim.interview_minutes": minutes})
    assert one in slots
    assert not [slot for slot in slots if slot < one and slot + length > noon]


@pytest.mark.parametrize(("minutes", "count"), [(30, 10), (45, 6), (60, 5), (50, 5)])
def test_none_goes_on_after_three(minutes, count):
    rules = RULES | {"claim.interview_minutes": minutes}
    slots = slots_on(date(2026, 11, 23), rules)
    assert len(slots) == count
    assert slots[-1] + timedelta(minutes=minutes) <= datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_full_slots_and_full_days_are_not_offered():
    first, *_ = slots_on(date(2026, 11, 23), RULES)
    days = free_slots(SUNDAY, {first: 2}, RULES)
    assert first not in days[0][1]
    full = {slot: 2 for slot in slots_on(date(2026, 11, 23), RULES)}
    assert free_slots(SUNDAY, full, RULES)[0][0] == date(2026, 11, 24)
    assert first in free_slots(SUNDAY, {first: 1}, RULES)[0][1]


@pytest.mark.parametrize(("now", "may"), [
    ("2026-11-22T16:59:59", True),      # the day before, a second to midnight in Jakarta
    ("2026-11-22T17:00:00", False), ("2026-11-23T02:29:59", False),
    ("2026-11-23T02:30:00", True)])     # the half hour has gone by
def test_until_the_day_before_and_again_afterwards(now, may):
    slot = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert may_change(slot, moment, RULES) is may


def test_a_slot_as_forms_carry_it():
    assert code_of(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)) == "202611230200"
