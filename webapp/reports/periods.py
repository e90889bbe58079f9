"""The periods that a report can be of, and the bars its days fall into. Pure."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.formats import show_date
from webapp.months import month_of, months_before

DAYS = (7, 30, 90, 365)
USUAL = 30
_LONGEST_BY_DAY, _LONGEST_BY_WEEK = 30, 90
_MONTHS = 12
_SHORT = 3      # letters of a month


@dataclass(frozen=True)
class Period:
    """Some days until today, and how they are gathered.

    :param days: one of ``DAYS``.
    :param unit: what one bar is: hari, minggu, bulan.
    :param starts: the first day of each bar, the oldest first.
    """

    days: int
    unit: str
    starts: tuple

    @property
    def words(self):
        """How long it is, for a link and a heading."""
        return "1 tahun" if self.days == DAYS[-1] else f"{self.days} hari"

    @property
    def labels(self):
        """A few letters for below each bar."""
        return [self._label(start) for start in self.starts]

    def bar_of(self, day):
        """The place of the bar that a day falls into."""
        return bisect_right(self.starts, day) - 1

    def _label(self, start):
        number, month, year = show_date(start).split()
        if self.unit == "bulan":
            return f"{month[:_SHORT]} {year[2:]}"
        return f"{number} {month[:_SHORT]}"


def period_of(days, today):
    """The ``Period`` of so many days that ends today.

    :param days: one of ``DAYS``.
    """
    if days > _LONGEST_BY_WEEK:     # whole months, so that they can be compared
        return Period(days, "bulan", tuple(months_before(month_of(today), back)
                                           for back in reversed(range(_MONTHS))))
    length, unit = (1, "hari") if days <= _LONGEST_BY_DAY else (7, "minggu")
    count = -(-days // length)
    return Period(days, unit, tuple(today - timedelta(days=length * back - 1)
                                    for back in range(count, 0, -1)))


def in_bars(period, by_day):
    """How many there were in each bar, a list.

    :param by_day: how many there were on a day: dict of days as text.
    """
    bars = [0] * len(period.starts)
    for day, value in by_day.items():
        place = period.bar_of(date.fromisoformat(day))
        if place >= 0:
            bars[place] += value
    return bars
