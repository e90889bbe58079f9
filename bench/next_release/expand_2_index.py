"""An index, made while everybody goes on writing."""

atomic = False     # PostgreSQL makes it in several transactions


def up(migrator, db):
    """Make it; whatever an interrupted try left is of no use to anybody."""
    db.execute_sql("SET lock_timeout = 0")     # it waits for older transactions, nobody for it
    db.execute_sql("DROP INDEX CONCURRENTLY IF EXISTS audit_entry_actor_at")
    db.execute_sql("CREATE INDEX CONCURRENTLY audit_entry_actor_at ON audit_entry (actor, at)")
