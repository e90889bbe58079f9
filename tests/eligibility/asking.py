"""Facts of a person, as short as a table of cases needs them."""

from dataclasses import replace
from datetime import date

from webapp.eligibility.judging import Facts, Service, judge
from webapp.models.deactivations import EFFECTIVE, SCHEDULED
from webapp.models.workers import ACTIVE, ENDED
from webapp.parameters import Rules, shipped

TODAY = date(2026, 11, 22)
BEGAN = date(2021, 5, 1)


def rules(day=TODAY, **other):
    """The shipped parameters in force on a day, some of them otherwise."""
    rows = sorted(shipped(), key=lambda row: row["valid_from"])
    values = {row["name"]: int(row["value"]) for row in rows if row["valid_from"] <= day}
    return Rules(day, values | other)


def working(began=BEGAN, company="PT Maju", number=1):
    """A membership that goes on."""
    return Service(number, company, ACTIVE, began, None)


def left(reason, last_day, *, state=EFFECTIVE, began=BEGAN, company="PT Maju", number=1):
    """A membership whose end was filed."""
    is_over = state != SCHEDULED
    return Service(number, company, ENDED if is_over else ACTIVE, began,
                   last_day if is_over else None, 100 + number, reason, last_day, state)


def facts(*memberships, today=TODAY, born=date(1990, 8, 5), credited=5_000_000, **more):
    """A person with a small balance."""
    more.setdefault("is_dead", any(one.reason == "MGL" for one in memberships))
    return Facts(today=today, birth_date=born, memberships=memberships, credited=credited,
                 as_of=credited and date(2026, 10, 31), **more)


def asked(kind, known, **typed):
    """The verdict with the parameters of that day."""
    return judge(kind, known, rules(known.today), **typed)


def on(day, known):
    """The same person on another day."""
    return replace(known, today=day)
