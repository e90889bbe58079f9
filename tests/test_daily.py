"""What is done once a day, by one of all processes."""

from datetime import timedelta

import pytest

from webapp.daily import EVERY, HELD_FOR, LATER, Daily

MINUTE = timedelta(minutes=1)


class Work:
    """Three steps; notes when it was done, for all processes."""

    def __init__(self):
        self.done_at, self.steps = [], 0

    def process(self):
        """One more process that would do it."""
        return Daily("work", lambda: self.done_at[-1] if self.done_at else None, self._begin)

    def _begin(self):
        for _ in range(3):
            self.steps += 1
            yield
        return self.done_at.append


@pytest.fixture
def work(app):
    return Work()


def test_one_of_two_processes_does_it_and_the_other_finds_it_done(work, now):
    one, other = work.process(), work.process()
    assert [one(now), other(now), one(now), one(now), one(now)] == [True, False, True, True, False]
    assert work.done_at == [now]
    assert not other(now + LATER)
    assert work.steps == 3
    assert other(now + EVERY)
    assert not one(now + EVERY)


def test_what_a_dead_process_began_another_begins_anew_when_its_time_is_over(work, now):
    dead, other = work.process(), work.process()
    assert dead(now)
    assert not other(now + HELD_FOR - MINUTE)
    assert other(now + HELD_FOR + LATER)
    assert work.steps == 2


def test_whoever_goes_on_for_hours_keeps_the_others_off(work, now):
    slow, other = work.process(), work.process()
    for hours in range(3):
        at = now + hours * (HELD_FOR - MINUTE)
        assert slow(at)
        assert not other(at + HELD_FOR / 2 - MINUTE)


def test_after_a_fault_the_same_process_begins_anew_at_once(work, now):
    process = Daily("work", lambda: None, broken)
    with pytest.raises(ZeroDivisionError):
        process(now)
    with pytest.raises(ZeroDivisionError):
        process(now)
    assert not work.process()(now)


def broken():
    """Fails at its first step."""
    yield 1 / 0
