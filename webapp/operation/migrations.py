"""The schema's history, by ``playhouse.migrations``."""

from pathlib import Path

from playhouse.migrations import Runner

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def runner(database):
    """A runner over this project's migrations."""
    return Runner(database, str(FOLDER))


def pending(database):
    """Names of the migrations that were not applied."""
    return [step.name for step in runner(database).status() if not step.applied]


def unknown(database):
    """Names of applied migrations that this release does not have: it is older than the data."""
    return [step.name for step in runner(database).status() if step.path is None]
