"""Commands of whoever runs Purna: moving it to another database."""

import click
from flask import current_app
from flask.cli import with_appcontext

from webapp.operation import moving

SQLITE = "sqlite:///"


@click.command("move-database")
@click.argument("target")
@with_appcontext
def move_database(target):
    """Copy everything from the SQLite file to an empty PostgreSQL (TARGET: postgresql://…).

    Purna must be stopped. Every row is counted and compared; all of it is there, or nothing.
    """
    source = current_app.config["DATABASE_URL"]
    if not source.startswith(SQLITE) or not target.startswith(("postgresql://", "postgres://")):
        raise click.UsageError("from a SQLite file (DATABASE_URL) to postgresql:// only")
    path = source.removeprefix(SQLITE)
    try:
        moved = moving.move(path, target)
    except moving.CannotMove as problem:
        raise click.ClickException(f"{problem}. Nothing was changed.") from problem
    for table in moved:
        click.echo(f"{table.rows:>12} {table.table}")
    click.echo(f"{sum(table.rows for table in moved)} rows in {len(moved)} tables are the same on "
               f"both sides. Start Purna with the new DATABASE_URL; the old file is "
               f"{path}{moving.MOVED}.")


COMMANDS = (move_database,)
