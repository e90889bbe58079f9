"""Commands of whoever runs Purna: backups, and moving to another database."""

import sqlite3
import sys
from contextlib import contextmanager
from pathlib import Path

import click
import psycopg
from flask import current_app
from flask.cli import with_appcontext
from peewee import PeeweeException

from webapp import audit, clock, config
from webapp.db import ensure_connection, sqlite_path
from webapp.operation import backup, moving
from webapp.payouts import reconciling


@click.command("move-database")
@with_appcontext
def move_database():
    """Copy everything from the SQLite file to an empty PostgreSQL.

    PURNA_TARGET_URL_FILE names a file that holds its address, postgresql://…; Purna must be
    stopped. Every row is counted and compared; all of it is there, or nothing.
    """
    path = sqlite_path(current_app.config["DATABASE_URL"])
    if not path:
        raise click.UsageError("from a SQLite file (DATABASE_URL) only")
    try:
        moved = moving.move(path, config.target())
    except config.Misconfigured as problem:
        raise click.ClickException(str(problem)) from problem
    except moving.CannotMove as problem:
        raise click.ClickException(f"{problem}. Nothing was changed.") from problem
    for table in moved:
        click.echo(f"{table.rows:>12} {table.table}")
    click.echo(f"{sum(table.rows for table in moved)} rows in {len(moved)} tables are the same on "
               f"both sides. Start Purna with the new DATABASE_URL; the old file is "
               f"{path}{moving.MOVED}.")


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="Remove all but so many of the newest.")
@with_appcontext
def make_backup(folder, keep):
    """Write a backup into FOLDER: database, documents, heads of the audit trail; and verify it.

    The keys are not in it: keep them elsewhere.
    """
    with _said_plainly(), backup.alone_in(folder):
        ensure_connection()
        made = backup.make(folder, *_places(), clock.now())
        _refuse_faults(backup.faults(made))
        if keep:
            backup.forget(folder, keep)
    click.echo(f"{made} is complete")


@click.command("verify-backup")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def verify_backup(folder):
    """Compare every part of a backup with what was written, by the keys it was written with."""
    with _said_plainly():
        _refuse_faults(backup.faults(folder))
    click.echo("every part is as it was written")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def restore(folder):
    """Put a backup into this installation, whose database and document store are empty.

    Then the audit trail is verified, the money reconciled, and every document looked for.
    """
    with _said_plainly():
        backup.restore(folder, *_places())
        ensure_connection()
    _refuse_faults([
        *(f"chain {fault.chain}: entry {fault.sequence} {fault.problem}"
          for fault in audit.verify()),
        *reconciling.differences(),
        *(f"document {path} is missing" for path in backup.missing_documents())])
    click.echo("everything is there; the audit trail is whole and the money agrees")


def _places():
    return current_app.config["DATABASE_URL"], current_app.config["DATA"]


@contextmanager
def _said_plainly():
    """A full disk or a database that is away is one sentence, as are the troubles we know."""
    try:
        yield
    except (backup.BackupTrouble, sqlite3.Error, psycopg.Error, PeeweeException) as problem:
        raise click.ClickException(str(problem).strip()) from problem
    except OSError as problem:
        said = ": ".join(str(part) for part in (problem.filename, problem.strerror) if part)
        raise click.ClickException(said) from problem


def _refuse_faults(faults):
    found = list(faults)
    for fault in found:
        click.echo(fault)
    if found:
        sys.exit(1)


COMMANDS = (move_database, make_backup, verify_backup, restore)
