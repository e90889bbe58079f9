"""The one place that asks what time it is.

Times are kept in UTC; the law and the people count days in Jakarta (WIB, UTC+7).
"""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from webapp.formats import show_date

WIB = ZoneInfo("Asia/Jakarta")


def now():
    """The present moment, an aware datetime in UTC."""
    return datetime.now(UTC)


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
