"""Messages are found by channel: those that wait, and those given up."""

from peewee import SqliteDatabase

atomic = False     # PostgreSQL makes these in several transactions, while everybody goes on writing

NEW = {
    "message_next": "(channel, due_at) WHERE (state = 'MENUNGGU')",
    "message_failed": "(channel, created_at) WHERE (state = 'GAGAL')",
}
OLD = {"message_waiting": "(due_at) WHERE (state = 'MENUNGGU')"}


def up(migrator, db):
    _replace(db, OLD, NEW)


def down(migrator, db):
    _replace(db, NEW, OLD)


def _replace(db, these, those):
    """The new ones first: nobody is left without. It may be run twice."""
    aside = ""
    if not isinstance(db, SqliteDatabase) and not db.in_transaction():     # there nobody looks on
        aside = "CONCURRENTLY"
        db.execute_sql("SET lock_timeout = 0")     # it waits for the old, and nobody for it
    for name, rows in those.items():
        db.execute_sql(f"DROP INDEX {aside} IF EXISTS {name}")     # half made, perhaps
        db.execute_sql(f"CREATE INDEX {aside} {name} ON message {rows}")
    for name in these:
        db.execute_sql(f"DROP INDEX {aside} IF EXISTS {name}")
