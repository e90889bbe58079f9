"""Whose time it is: the shared clock's, as long as it can be believed."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from peewee import OperationalError

from tests.conftest import POSTGRESQL
from webapp import clock, counters, db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def at(monkeypatch):
    """Lets the shared clock, this machine's count of seconds and its own clock show something."""
    monkeypatch.setattr(clock, "_agreed", None)

    def agree(shared, seconds, own):
        with time_machine.travel(own, tick=False):
            clock.agree(shared, seconds)
        return clock._agreed[0]

    return agree


def test_a_machine_that_is_minutes_off_goes_by_the_shared_clock(at):
    assert at(NOON, 0, own=NOON + 5 * MINUTE) == NOON
    later = NOON + 30 * SECOND
    assert at(later, 30, own=later + 5 * MINUTE) == later


def test_of_two_that_are_hours_apart_neither_is_believed_at_first(at):
    with pytest.raises(clock.Doubtful, match="far apart"):
        at(NOON, 0, own=NOON + timedelta(hours=7))


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(hours=-7), 2 * MINUTE])
def test_a_shared_clock_that_jumps_is_not_followed_and_what_was_agreed_stays(at, jump):
    at(NOON, 0, own=NOON)
    with pytest.raises(clock.Doubtful, match="jumped"):
        at(NOON + 30 * SECOND + jump, 30, own=NOON + 30 * SECOND)
    assert clock._agreed[0] == NOON
    assert at(NOON + MINUTE, 60, own=NOON + MINUTE) == NOON + MINUTE


def test_whoever_was_suspended_for_hours_goes_on_by_the_shared_clock(at):
    at(NOON, 0, own=NOON)
    later = NOON + timedelta(hours=3)
    assert at(later, 2, own=later) == later     # the count of seconds stood still


def test_a_machine_whose_own_clock_is_set_goes_on_by_the_shared_one(at):
    at(NOON, 0, own=NOON + 5 * MINUTE)
    later = NOON + 30 * SECOND
    assert at(later, 30, own=later) == later


@pytest.mark.skipif(not POSTGRESQL, reason="a file of SQLite has one machine and one clock")
def test_nobody_works_by_a_database_that_is_days_off_and_it_is_counted(database, monkeypatch):
    # This process believes in a day that the server knows is over.
    monkeypatch.setattr(db._time, "ask_at", 0)
    before = counters.CLOCK_DOUBTED._value.get()
    with pytest.raises(OperationalError, match="far apart"):
        db.ensure_connection()
    assert counters.CLOCK_DOUBTED._value.get() == before + 1
    assert db._time.ask_at == 0, "the next one asks again"
