"""Amounts, rates, limits and deadlines as of a day; they change by decree, not by release."""

import csv
import json
import time
from datetime import date
from functools import lru_cache
from importlib.resources import files

from webapp.db import database, write_transaction
from webapp.models.parameters import Parameter

SEEN_AFTER_SECONDS = 60


class Rules:
    """The values in force on one day. Remembers which were asked, for the record of a decision."""

    def __init__(self, day, values):
        self.day, self._values, self.used = day, values, {}

    def __getitem__(self, name):
        """The value of a parameter, an integer. Raises ``KeyError`` when none is in force."""
        self.used[name] = self._values[name]
        return self._values[name]

    def afresh(self):
        """The same values, none of them asked yet: one for each decision."""
        return Rules(self.day, self._values)

    def used_as_json(self):
        """The values asked so far, as a decision keeps them."""
        return json.dumps(self.used, sort_keys=True)


def rules_on(day):
    """All parameters in force on a day; a change in the table is seen within a minute."""
    minute = time.monotonic() // SEEN_AFTER_SECONDS
    return Rules(day, _values_on(day, minute, database.database))


@lru_cache(maxsize=8)
def _values_on(day, minute, database_name):
    del minute, database_name     # they only tell one answer from another
    rows = (Parameter.select(Parameter.name, Parameter.value)
            .where(Parameter.valid_from <= day).order_by(Parameter.valid_from).tuples())
    return {name: int(value) for name, value in rows}


def load_shipped():
    """Add the values that ship with the app; a value already in the table is left as it is."""
    with write_transaction():
        for row in shipped():
            Parameter.insert(**row).on_conflict_ignore().execute()


def shipped():
    """The shipped rows: name, valid_from (date), value, source."""
    text = files("webapp").joinpath("parameters.csv").read_text(encoding="utf-8")
    return [{**row, "valid_from": date.fromisoformat(row["valid_from"])}
            for row in csv.DictReader(text.splitlines())]
