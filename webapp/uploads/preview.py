"""What follows in sum from applying a list, said before it happens. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from webapp.working_days import add_working_days


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
