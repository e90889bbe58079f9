"""How long somebody has been a member in all, counted in days. Pure.

A day counts once, however many memberships there are on it, and only once it is over. The days are
laid end to end from the first day of the first membership: ten years are reached on the tenth
anniversary of that day. So one unbroken membership reaches them on its own anniversary, and not on
the day before, when it is 9 years and 364 days.
"""

from datetime import date, timedelta

from webapp.deactivation.consequences import birthday

DAY = timedelta(days=1)


def days_until(services, day):
    """How many days of membership are over when a day begins.

    :param services: ``Service`` that count.
    """
    total, reached = 0, date.min
    for start, end in sorted((one.started_on, _end_of(one, day)) for one in services):
        start = max(start, reached)
        if end > start:
            total += (end - start).days
            reached = end
    return total


def reaches(services, years, today):
    """The first day, today or later, on which so many years of membership are full; None when
    nobody's further membership leads there.

    :param services: ``Service`` that count.
    """
    if not services:
        return None
    first = min(one.started_on for one in services)
    needed = (birthday(first, years) - first).days
    if days_until(services, today) >= needed:
        return today
    latest = max(today, *(one.started_on for one in services)) + timedelta(days=needed)
    if days_until(services, latest) < needed:
        return None
    return _first(today, latest, lambda day: days_until(services, day) >= needed)


def years_and_days(services, day):
    """How long that is, as (whole years, days beyond them)."""
    if not services:
        return 0, 0
    first = min(one.started_on for one in services)
    laid = first + timedelta(days=days_until(services, day))
    years = laid.year - first.year
    years -= birthday(first, years) > laid
    return years, (laid - birthday(first, years)).days


def _end_of(service, day):
    """The day before which this membership counts."""
    return day if service.last_on is None else min(day, service.last_on + DAY)


def _first(low, high, is_true):
    """The first day after ``low`` for which something is true that stays so, and is at ``high``."""
    while (high - low).days > 1:
        middle = low + (high - low) // 2
        low, high = (low, middle) if is_true(middle) else (middle, high)
    return high
