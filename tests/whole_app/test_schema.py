"""The schema is what the models say, on both databases, and can be taken down again."""

import re

from webapp import db
from webapp.db import database
from webapp.models import ALL
from webapp.operation.migrations import pending, runner, unknown


def described():
    """Every table's columns and every index, normalised."""
    tables = {}
    for name in database.get_tables():
        columns = {(column.name, column.data_type, column.null)
                   for column in database.get_columns(name)}
        indexes = {(index.name, tuple(index.columns), index.unique,
                    _condition(index.sql)) for index in database.get_indexes(name)}
        keys = {(key.column, key.dest_table) for key in database.get_foreign_keys(name)}
        tables[name] = columns, indexes, keys
    tables.pop("schema_migration", None)
    return tables


def _condition(sql):
    where = (sql or "").partition(" WHERE ")[2]
    return "".join(re.sub(r'["()\[\]:]|::text|::character varying', "", where).split())


def checks():
    if db.is_sqlite():
        statements = database.execute_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: sorted(re.findall(r"CHECK \(.*?\)(?=, |\)$)", sql or ""))
                for name, sql in statements if name != "schema_migration"}
    rows = database.execute_sql(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'c'").fetchall()
    return sorted(map(tuple, rows))


def take_down():
    """Every migration, the newest first."""
    steps = runner(database.obj)
    for _ in steps.status():
        steps.down()


def test_the_migrations_make_what_the_models_describe(app):
    migrated, constraints = described(), checks()
    take_down()
    assert described() == {}
    database.create_tables(ALL)
    assert described() == migrated
    assert checks() == constraints


def test_up_down_up_ends_where_it_began(app):
    before = described()
    take_down()
    runner(database.obj).up()
    assert described() == before


def test_nothing_is_pending_or_unknown(app):
    assert pending(database.obj) == []
    assert unknown(database.obj) == []


def test_migrating_an_up_to_date_database_changes_nothing(app):
    answer = app.test_cli_runner().invoke(args=["migrate"])
    assert "nothing" in answer.output


def test_data_of_a_newer_release_is_not_touched(app):
    database.execute_sql("INSERT INTO schema_migration (name, applied) "
                         "VALUES ('9999_from_the_future', '2030-01-01')")
    answer = app.test_cli_runner().invoke(args=["migrate"])
    assert answer.exit_code != 0
    assert "newer release" in answer.output
