"""What follows in sum from applying a list or taking it back, said before it happens. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from webapp.models.deactivations import DISPUTED, EFFECTIVE, RESTORED, SCHEDULED, UNDONE
from webapp.working_days import add_working_days

ACTIVE_AGAIN = (UNDONE, RESTORED)


@dataclass(frozen=True, slots=True)
class Preview:
    """The consequences of all rows that would be applied, as numbers of workers and as days."""

    count: int
    told: int
    late: int
    scheduled: int
    first_day: date | None
    last_day: date | None
    undo_until: date
    report_days: int

    @property
    def untold(self) -> int:
        """How many cannot be reached."""
        return self.count - self.told


def sum_up(days, *, told, rules, today) -> Preview:
    """Add up what each last working day brings.

    :param days: (last working day, how many workers) of each day.
    :param told: how many of the workers can be reached.
    :param rules: the parameters in force.
    :param today: the date in Jakarta.
    """
    within = rules["deactivation.report_working_days"]
    return Preview(
        count=sum(count for _, count in days), told=told,
        late=sum(count for day, count in days if today > add_working_days(day, within)),
        scheduled=sum(count for day, count in days if day > today),
        first_day=min((day for day, _ in days), default=None),
        last_day=max((day for day, _ in days), default=None),
        undo_until=today + timedelta(days=rules["deactivation.undo_days"]), report_days=within)


@dataclass(frozen=True, slots=True)
class Return:
    """How many come back when a list is taken back, and how many stay as they are, and why."""

    back: int
    told: int
    disputed: int
    past: int

    @property
    def untold(self) -> int:
        """How many come back and cannot be reached."""
        return self.back - self.told


def sum_up_return(ends, *, back, told, waiting=0) -> Return:
    """Add up what becomes of each worker whom a list has ended.

    :param ends: {state of a deactivation: how many}.
    :param back: how many come back, or came.
    :param told: how many of them can be reached.
    :param waiting: how many of them are still to come back.
    """
    return Return(back=back, told=told, disputed=ends.get(DISPUTED, 0),
                  past=ends.get(EFFECTIVE, 0) + ends.get(SCHEDULED, 0) - waiting)
