"""Figures of days that are over, so that a report over a million cases reads a few hundred rows."""

import peewee

from webapp.db import Table
from webapp.models.branches import Branch


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
