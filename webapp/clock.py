"""The one place that asks what time it is.

Times are kept in UTC; the law and the people count days in Jakarta (WIB, UTC+7). Several machines
must not disagree about what is over: where they share a database, its clock is everybody's
(``webapp.db.follow_clock``), and a machine's own only tells how long ago that was asked. A shared
clock that jumps is believed only if this machine's clock did the same.
"""

import time as machine
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.formats import show_date

WIB = ZoneInfo("Asia/Jakarta")
ODD = timedelta(minutes=1)      # between what two clocks that run on by themselves show
FAR = timedelta(minutes=15)     # more than a machine that is kept at all is off

_agreed = None     # what the shared clock showed, and both counts of this machine then


class Doubtful(Exception):
    """Two clocks are further apart than they can be, and nothing tells which is right."""


def now():
    """The present moment, an aware datetime in UTC."""
    if not _agreed:
        return datetime.now(UTC)
    moment, seconds, _ = _agreed
    return moment + timedelta(seconds=machine.monotonic() - seconds)


def agree(moment, seconds):
    """Count from another clock's moment from here on.

    :param moment: what that clock showed, aware.
    :param seconds: what ``time.monotonic()`` was then.
    :raises Doubtful: it is not believed; what was agreed before stays.
    """
    global _agreed  # noqa: PLW0603 (one time for all threads)
    moment, own = moment.astimezone(UTC), datetime.now(UTC)
    if _agreed:
        last, then, own_then = _agreed
        # The count of seconds stands still while a machine is suspended, its clock is set now and
        # then: one of them must have gone as far.
        gone = timedelta(seconds=seconds - then), own - own_then
        if min(abs(moment - last - one) for one in gone) > ODD:
            raise Doubtful("the shared clock jumped")
    elif abs(moment - own) > FAR:
        raise Doubtful("the shared clock and this machine's are far apart")
    _agreed = moment, seconds, own


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
