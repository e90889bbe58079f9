"""A new release comes while the one before it still works on the same database."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import psycopg
import pytest

from tests.conftest import POSTGRESQL
from tests.faults.processes import wait_until
from webapp.db import database as connected
from webapp.models.people import Throttle
from webapp.operation.migrations import TablesInUse, apply_pending, pending, turn_to_migrate

ON_POSTGRESQL = pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one lock, for a moment")
ADDS_A_COLUMN = """
from peewee import CharField

def up(migrator, db):
    migrator.migrate(migrator.add_column("throttle", "note", CharField(null=True)))
"""


@pytest.fixture
def release(app, tmp_path):
    """The folder of a release's migrations: one that adds a column."""
    (tmp_path / "9998_note.py").write_text(ADDS_A_COLUMN)
    return tmp_path


@contextmanager
def reading(url):
    """Somebody reads the table, and goes on until the block ends."""
    with psycopg.connect(url) as reader:
        reader.execute("SELECT count(*) FROM throttle")
        yield


def somebody_waits(url):
    """Whether anybody in this database stands behind somebody else's lock."""
    with psycopg.connect(url) as looker:
        return looker.execute("SELECT count(*) FROM pg_locks l JOIN pg_database d "
                              "ON d.oid = l.database WHERE NOT l.granted "
                              "AND d.datname = current_database()").fetchone()[0]


def columns():
    return {column.name for column in connected.get_columns("throttle")}


def test_a_node_of_the_release_before_stays_ready(app, cast, visitor, release):
    apply_pending(connected.obj, release)
    assert "note" in columns()
    assert visitor.browser.get("/readyz").status_code == 200
    assert list(Throttle.select()), "and works with what it knows"


def test_a_node_that_comes_before_its_migrations_is_not_ready(app, cast, visitor):
    connected.execute_sql("DELETE FROM schema_migration WHERE name = "
                          "(SELECT max(name) FROM schema_migration)")
    answer = visitor.browser.get("/readyz")
    assert (answer.status_code, answer.json["failing"]) == (503, ["schema"])


@ON_POSTGRESQL
def test_a_migration_waits_for_a_reader_and_lets_everybody_pass_meanwhile(
        database, release):
    with ThreadPoolExecutor(1) as pool:
        with reading(database.url):
            applying = pool.submit(applied, release)
            wait_until(lambda: somebody_waits(database.url), what="the migration to wait")
            begun = time.monotonic()
            with reading(database.url):     # stands behind it, until it gives way
                assert time.monotonic() - begun < 1
            assert not applying.done()
        assert applying.result(10) == ["9998_note"]
    assert "note" in columns()


def applied(release):
    try:
        return apply_pending(connected.obj, release)
    finally:
        connected.close()


@ON_POSTGRESQL
def test_a_migration_gives_up_when_its_tables_stay_in_use(database, release):
    with reading(database.url), pytest.raises(TablesInUse, match="9998_note"):
        apply_pending(connected.obj, release, patience=0)
    assert "9998_note" in pending(connected.obj, release)
    assert connected.execute_sql("SHOW lock_timeout").fetchone()[0] == "3s"
    assert apply_pending(connected.obj, release) == ["9998_note"]


@ON_POSTGRESQL
def test_a_migration_may_take_longer_than_a_page_would(database, release):
    (release / "9999_slow.py").write_text("""
def up(migrator, db):
    assert db.execute_sql("SHOW statement_timeout").fetchone()[0] == "0"
""")
    assert apply_pending(connected.obj, release) == ["9998_note", "9999_slow"]


# Two at once

def test_who_comes_second_waits_until_the_first_has_ended_and_finds_nothing_to_do(app, release):
    told = []

    def second():
        try:
            with turn_to_migrate(connected.obj, lambda: told.append("waits")):
                return apply_pending(connected.obj, release)
        finally:
            connected.close()

    with ThreadPoolExecutor(1) as pool:
        with turn_to_migrate(connected.obj, lambda: pytest.fail("nobody is before it")):
            waiting = pool.submit(second)
            wait_until(lambda: told, what="the second to wait")
            assert apply_pending(connected.obj, release) == ["9998_note"]
            assert not waiting.done()
        assert waiting.result(10) == []
    assert told == ["waits"]


def test_the_command_says_that_it_waits_for_somebody_who_migrates(app):
    has_turn = Event()

    def first():
        try:
            with turn_to_migrate(connected.obj, lambda: None):
                has_turn.set()
                time.sleep(0.1)
        finally:
            connected.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(first)
        assert has_turn.wait(10)
        answer = app.test_cli_runner().invoke(args=["migrate"])
    assert "somebody else is migrating" in answer.stderr
    assert "nothing, up to date" in answer.stdout


@ON_POSTGRESQL
def test_a_migration_that_failed_leaves_the_turn_to_others(app):
    with (pytest.raises(ZeroDivisionError),
          turn_to_migrate(connected.obj, lambda: None)):
        _ = 1 / 0
    assert not connected.execute_sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                                     ).fetchone()[0]
