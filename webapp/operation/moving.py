"""From the SQLite file to PostgreSQL, once: every row copied, counted and compared."""

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC
from itertools import zip_longest
from pathlib import Path

import peewee
import psycopg

from webapp import db
from webapp.operation import migrations
from webapp.tables import Table

AT_A_TIME = 1000     # rows that are compared with one look at each side
BUSY_SECONDS = 2
MOVED = ".moved"     # is added to the file's name: nobody goes on writing to it


class CannotMove(Exception):
    """Nothing was changed; the sentence says why."""


@dataclass(frozen=True)
class Moved:
    """One table and how many rows it has, on both sides alike."""

    table: str
    rows: int


def move(source, target):
    """Copy all that a SQLite file holds to an empty PostgreSQL, in one transaction; the file is
    renamed afterwards. Returns a ``Moved`` for each table.

    Afterwards the models speak to the target.

    :param source: the file's path. Nobody else has it open.
    :param target: ``postgresql://…`` of a database without tables.
    :raises CannotMove: nothing was changed on either side.
    """
    source = Path(source)
    with _alone_with(source) as lite:
        database = db.connect_to(target)
        try:
            db.ensure_connection()
        except peewee.PeeweeException as problem:
            raise CannotMove(f"the target does not answer: {str(problem).strip()}") from problem
        with database.atomic():
            moved = _copy_all(lite, database)
    source.rename(f"{source}{MOVED}")
    return moved


def tables():
    """The models of all tables, each after those it refers to."""
    return peewee.sort_models(Table.__subclasses__())


@contextmanager
def _alone_with(path):
    """A connection to the file, which nobody else has open, nor can open meanwhile."""
    if not path.exists():
        raise CannotMove(f"there is no database at {path}")
    with closing(sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)) as lite:
        try:
            # Leaving the log takes that nobody else is connected.
            lite.execute("PRAGMA journal_mode = DELETE")
            lite.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as problem:
            raise CannotMove("Purna is running: stop it first, so that nothing is written "
                             "meanwhile") from problem
        if lite.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
            raise CannotMove(f"{path} is damaged: PRAGMA integrity_check says where")
        yield lite
        lite.execute("COMMIT")


def _copy_all(lite, database):
    driver = database.connection()
    driver.execute("SET LOCAL statement_timeout = 0")
    _refuse_unless_empty(driver)
    migrations.runner(database).up()
    _refuse_unless_alike(lite, driver)
    for table in reversed(tables()):     # what the migrations themselves put there
        if table.select().exists():
            table.delete().execute()
    return [_copy(table, lite, driver) for table in tables()]


def _refuse_unless_empty(driver):
    found = driver.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() "
                           "ORDER BY 1").fetchall()
    if found:
        raise CannotMove(f"the target is not empty: it has the table {found[0][0]}")


def _refuse_unless_alike(lite, driver):
    asked = "SELECT name FROM schema_migration ORDER BY name"
    has, wants = lite.execute(asked).fetchall(), driver.execute(asked).fetchall()
    if has != wants:
        raise CannotMove("the data was made by another release: run `flask migrate` with this one "
                         "first")


def _copy(table, lite, driver):
    columns = table._meta.sorted_fields
    name = table._meta.table_name
    listed = ", ".join(f'"{field.column_name}"' for field in columns)
    key = ", ".join(f'"{field.column_name}"' for field in table._meta.get_primary_keys())
    rows = f'SELECT {listed} FROM "{name}" ORDER BY {key}'  # noqa: S608 (our own names)
    count = 0
    try:
        with driver.cursor().copy(f'COPY "{name}" ({listed}) FROM STDIN') as copy:
            for row in lite.execute(rows):
                copy.write_row(_native(columns, row))
                count += 1
    except psycopg.Error as problem:
        raise CannotMove(f"{name}: PostgreSQL refuses a row: {problem.diag.message_primary}"
                         ) from problem
    _compare(name, columns, lite.execute(rows), driver, rows)
    _let_numbers_go_on(table, driver)
    return Moved(name, count)


def _native(columns, row):
    """A row of SQLite's as the models know it, and as PostgreSQL's driver gives it."""
    return tuple(_moment(field.python_value(value)) for field, value in
                 zip(columns, row, strict=True))


def _moment(value):
    is_moment = getattr(value, "tzinfo", None) is not None
    return value.astimezone(UTC).replace(tzinfo=None) if is_moment else value


def _compare(name, columns, ours, driver, rows):
    """Both sides once more, row by row."""
    with driver.cursor(name="moved") as theirs:
        theirs.itersize = AT_A_TIME
        theirs.execute(rows)
        for place, (row, other) in enumerate(zip_longest(ours, theirs)):
            if row is None or other is None or _native(columns, row) != other:
                raise CannotMove(f"{name}, row {place + 1} is not the same on both sides")


def _let_numbers_go_on(table, driver):
    if not isinstance(table._meta.primary_key, peewee.AutoField):
        return
    name, column = table._meta.table_name, table._meta.primary_key.column_name
    driver.execute(
        psycopg.sql.SQL("SELECT setval(pg_get_serial_sequence({text}, {key}), max({column})) "
                        "FROM {table} HAVING count(*) > 0").format(
            text=psycopg.sql.Literal(f'"{name}"'), key=psycopg.sql.Literal(column),
            column=psycopg.sql.Identifier(column), table=psycopg.sql.Identifier(name)))
