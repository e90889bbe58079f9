"""Figures of days that are over, so that a report over a million cases reads a few hundred rows."""

import peewee

from webapp.models.branches import Branch
from webapp.tables import Table


class DailyFigure(Table):
    """How many there were of one thing on one day at one branch."""

    branch = peewee.ForeignKeyField(Branch, null=True, index=False)    # null: of no branch
    day = peewee.DateField()                        # in Jakarta
    measure = peewee.CharField(20)
    label = peewee.CharField(20)
    value = peewee.BigIntegerField()

    class Meta:
        indexes = ((("branch", "measure", "day", "label"), True),)
        constraints = [peewee.Check("value >= 0")]


# No two rows without a branch are alike to an index of the branch.
DailyFigure.add_index(DailyFigure.index(
    DailyFigure.measure, DailyFigure.day, DailyFigure.label, unique=True,
    name="daily_figure_of_none", where=DailyFigure.branch.is_null()))
