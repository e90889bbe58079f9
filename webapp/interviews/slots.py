"""When people can be met at a branch: half hours of working days, a few places each. Pure."""

from datetime import UTC, datetime, time, timedelta

from webapp.clock import WIB, day_of
from webapp.working_days import add_working_days

# In Jakarta; the counter is open longer, and whoever meets people eats at noon.
HOURS = ((time(9), time(12)), (time(13), time(15)))


def days_ahead(today, rules):
    """The days on which a slot can be chosen today: from the next working day on."""
    return [add_working_days(today, count + 1)
            for count in range(rules["claim.interview_working_days_ahead"])]


def slots_on(day, rules):
    """When the interviews of a day begin, aware moments in UTC."""
    length = timedelta(minutes=rules["claim.interview_minutes"])
    slots = []
    for opens, closes in HOURS:
        moment, end = (datetime.combine(day, hour, WIB).astimezone(UTC) for hour in (opens, closes))
        while moment + length <= end:
            slots.append(moment)
            moment += length
    return slots


def free_slots(today, taken, rules):
    """(day, its slots with a place left) of the days ahead that have one.

    :param taken: how many places are taken, by slot.
    """
    places = rules["claim.interview_places"]
    days = [(day, [slot for slot in slots_on(day, rules) if taken.get(slot, 0) < places])
            for day in days_ahead(today, rules)]
    return [(day, slots) for day, slots in days if slots]


def may_change(starts_at, now, rules):
    """Whether somebody may still choose another slot: until the day before, and again once the time
    has gone by."""
    is_over = starts_at + timedelta(minutes=rules["claim.interview_minutes"]) <= now
    return is_over or day_of(starts_at) > day_of(now)


def code_of(slot):
    """A slot as a form carries it."""
    return slot.strftime("%Y%m%d%H%M")
