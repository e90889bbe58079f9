"""The chain of accounts becomes several, so that a nation's sign-ins do not queue for one row."""

from peewee import BigIntegerField, CharField, Model

NAMES = [f"accounts:{number}" for number in range(16)]


def _chain(db):
    class AuditChain(Model):
        name = CharField(120, unique=True)
        sequence = BigIntegerField(default=0)
        head = CharField(64, default="")

        class Meta:
            database = db
            legacy_table_names = False

    return AuditChain


def up(migrator, db):
    """Make them, empty: the first entry of each then costs nothing more."""
    _chain(db).insert_many([{"name": name} for name in NAMES]).execute()


def down(migrator, db):
    """Remove them; what stands in them keeps them there."""
    table = _chain(db)
    table.delete().where(table.name << NAMES, table.sequence == 0).execute()
