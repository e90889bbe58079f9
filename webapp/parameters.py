"""Amounts, rates, limits and deadlines as of a day; they change by decree, not by release."""

import csv
from datetime import date
from importlib.resources import files

from webapp.db import write_transaction
from webapp.models.parameters import Parameter


class Rules:
    """The values in force on one day. Remembers which were asked, for the record of a decision."""

    def __init__(self, day, values):
        self.day, self._values, self.used = day, values, {}

    def __getitem__(self, name):
        """The value of a parameter, an integer. Raises ``KeyError`` when none is in force."""
        self.used[name] = self._values[name]
        return self._values[name]


def rules_on(day):
    """All parameters in force on a day."""
    rows = (Parameter.select(Parameter.name, Parameter.value)
            .where(Parameter.valid_from <= day).order_by(Parameter.valid_from).tuples())
    return Rules(day, {name: int(value) for name, value in rows})


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
