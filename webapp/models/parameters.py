"""Amounts, rates, limits and deadlines, each valid from a date."""

import peewee

from webapp.tables import Table


class Parameter(Table):
    """One value of one parameter from one day on."""

    name = peewee.CharField(60)
    valid_from = peewee.DateField()
    value = peewee.CharField(60)
    source = peewee.CharField(200, default="")

    class Meta:
        indexes = ((("name", "valid_from"), True),)
