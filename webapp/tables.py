"""What every table has in common."""

from functools import cache

import peewee

from webapp.db import database
from webapp.prepared import Prepared


class Table(peewee.Model):
    """The base of every table. A row by its number, which every foreign key asks for, is found by
    a statement that was put together before."""

    class Meta:
        database = database
        legacy_table_names = False

    @classmethod
    def get(cls, *query, **filters):
        """As peewee has it."""
        number = _number_in(query, cls._meta.primary_key) if not filters else None
        if number is None:
            return super().get(*query, **filters)
        row = _numbered(cls).one(number)
        if row is None:
            raise cls.DoesNotExist(f"no {cls.__name__} has the number {number}")
        return row


def _number_in(query, key):
    """What the primary key is asked to be, where nothing else is asked; or None."""
    if len(query) != 1 or not isinstance(query[0], peewee.Expression):
        return None
    asked = query[0]
    is_plain = asked.op == peewee.OP.EQ and asked.lhs is key and isinstance(asked.rhs, int)
    return asked.rhs if is_plain else None


@cache
def _numbered(table):
    return Prepared(lambda number: table.select().where(table._meta.primary_key == number))
