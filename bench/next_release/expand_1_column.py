"""A column that the release before does not know: nobody must fill it."""

from peewee import CharField


def up(migrator, db):
    """Add it."""
    migrator.migrate(migrator.add_column("membership", "remark", CharField(null=True)))
