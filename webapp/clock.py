"""The one place that asks what time it is.

Times are kept in UTC; the law and the people count days in Jakarta (WIB, UTC+7). Several machines
must not disagree about what is over: where they share a database, its clock is everybody's
(``webapp.db.follow_clock``), and a machine's own only tells how long ago that was asked.
"""

import time as machine
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.formats import show_date

WIB = ZoneInfo("Asia/Jakarta")
_agreed = None     # the shared clock's moment, and what this machine's count of seconds was then


def now():
    """The present moment, an aware datetime in UTC."""
    if not _agreed:
        return datetime.now(UTC)
    moment, seconds = _agreed
    return moment + timedelta(seconds=machine.monotonic() - seconds)


def agree(moment, seconds):
    """Count from another clock's moment from here on.

    :param moment: what that clock showed, aware.
    :param seconds: what ``time.monotonic()`` was then.
    :returns: how far that is from what ``now`` would have said, a ``timedelta``.
    """
    global _agreed  # noqa: PLW0603 (one time for all threads)
    thought = now() - timedelta(seconds=machine.monotonic() - seconds)
    _agreed = moment.astimezone(UTC), seconds
    return moment - thought


def day_of(moment):
    """The calendar day in Jakarta on which an aware moment falls."""
    return moment.astimezone(WIB).date()


def moment_of(seconds):
    """The aware moment of Unix seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def today():
    """Today's date in Jakarta."""
    return day_of(now())


def start_of(day):
    """The first moment of a Jakarta calendar day, in UTC."""
    return datetime.combine(day, time.min, WIB).astimezone(UTC)


def show_moment(moment):
    """A moment in words, as ``17 Agustus 2025 pukul 14.05 WIB``."""
    local = moment.astimezone(WIB)
    return f"{show_date(local.date())} pukul {local.hour:02}.{local.minute:02} WIB"
