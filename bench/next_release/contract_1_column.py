"""The release that still knew this column is gone."""


def up(migrator, db):
    """Remove it."""
    migrator.migrate(migrator.drop_column("membership", "remark"))
