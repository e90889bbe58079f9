"""What each reconciliation found, for those who watch."""

from peewee import Check, IntegerField, Model

from webapp.db import UtcDateTimeField


def up(migrator, db):
    class Reconciliation(Model):
        checked_at = UtcDateTimeField()
        differences = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            constraints = [Check("differences >= 0")]

    db.create_tables([Reconciliation], safe=False)


def down(migrator, db):
    migrator.migrate(migrator.drop_table("reconciliation"))
