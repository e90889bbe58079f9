"""What those who watch a site ask for: messages by channel, those given up, and the reconciliations."""

from peewee import Check, IntegerField, Model

from webapp.db import UtcDateTimeField

INDEXES = {
    "message_waiting": "(channel, due_at) WHERE (state = 'MENUNGGU')",
    "message_failed": "(channel, created_at) WHERE (state = 'GAGAL')",
}
BEFORE = {"message_waiting": "(due_at) WHERE (state = 'MENUNGGU')"}


def up(migrator, db):
    class Reconciliation(Model):
        checked_at = UtcDateTimeField()
        differences = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            constraints = [Check("differences >= 0")]

    db.create_tables([Reconciliation], safe=False)
    _replace(db, BEFORE, INDEXES)


def down(migrator, db):
    _replace(db, INDEXES, BEFORE)
    migrator.migrate(migrator.drop_table("reconciliation"))


def _replace(db, these, those):
    for name in these:
        db.execute_sql(f"DROP INDEX {name}")
    for name, rows in those.items():
        db.execute_sql(f"CREATE INDEX {name} ON message {rows}")
