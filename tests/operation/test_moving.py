"""From SQLite to PostgreSQL: all of it, or nothing."""

import shutil
import sqlite3
import uuid
from contextlib import closing

import psycopg
import pytest

from tests import postgresql
from tests.conftest import POSTGRESQL
from tests.page import Clerk
from webapp import audit, clock, db, parameters
from webapp.application import use_keys
from webapp.demo import data as demo
from webapp.demo.people import PASSWORD
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.workers import Worker
from webapp.operation.migrations import runner
from webapp.operation.moving import CannotMove, move, tables

pytestmark = pytest.mark.skipif(not POSTGRESQL, reason="there is one way: towards PostgreSQL")


@pytest.fixture(scope="module")
def full(application, tmp_path_factory):
    """A SQLite file with the demo's people and what they did."""
    path = tmp_path_factory.mktemp("lite") / "purna.sqlite3"
    use_keys(application.config)
    db.connect_to(f"sqlite:///{path}")
    db.ensure_connection()
    runner(db.database.obj).up()
    parameters.load_shipped()
    demo.load(20, now=clock.now(), today=clock.today())
    db.database.close()
    return path


@pytest.fixture
def source(full, tmp_path):
    """One to move."""
    return shutil.copy(full, tmp_path / "purna.sqlite3")


@pytest.fixture
def target(database):
    """An empty database; the models speak to the test's own again afterwards."""
    name = f"moved_{uuid.uuid4().hex[:8]}"
    postgresql.create(name)
    yield postgresql.address_of(name)
    db.connect_to(database.url)
    db.ensure_connection()
    postgresql.execute(postgresql.server_uri(), f"DROP DATABASE {name} WITH (FORCE)")


def counted(path):
    with closing(sqlite3.connect(path)) as lite:
        return {table._meta.table_name: lite.execute(
            f'SELECT count(*) FROM "{table._meta.table_name}"').fetchone()[0]  # noqa: S608
            for table in tables()}


def test_every_row_is_there_and_people_go_on_where_they_were(app, source, target):
    before = counted(source)
    moved = move(source, target)
    assert {one.table: one.rows for one in moved} == before
    assert before["worker"] > 20
    assert before["audit_entry"] > 10
    assert list(audit.verify()) == []
    siti = User.get(User.email.matches("siti@pekerja.example"))
    assert Worker.get(Worker.user == siti).name == siti.name
    visitor = Clerk(app)
    visitor.open("/masuk")
    assert visitor.send(account="siti@pekerja.example", password=PASSWORD).status == 200
    newest = max(row.id for row in Message.select(Message.id))
    assert newest > before["message"] - 1, "numbers go on after the last"


def test_the_old_file_is_out_of_the_way(source, target):
    move(source, target)
    assert not source.exists()
    assert source.with_name("purna.sqlite3.moved").exists()
    with pytest.raises(CannotMove, match="there is no database"):
        move(source, target)


@pytest.fixture
def run(application, app, source, monkeypatch, tmp_path):
    """The command, with a file that holds an address."""
    monkeypatch.setitem(application.config, "DATABASE_URL", f"sqlite:///{source}")

    def run_it(address):
        (tmp_path / "address").write_text(f"{address}\n")
        return app.test_cli_runner().invoke(
            args=["move-database"], env={"PURNA_TARGET_URL_FILE": str(tmp_path / "address")})

    return run_it


def test_the_command_takes_the_address_from_a_file(run, source, target):
    answer = run(target)
    assert answer.exit_code == 0, answer.output
    assert "are the same on both sides" in answer.output
    assert not source.exists()


@pytest.mark.parametrize(("address", "reason"), [
    ("postgresql://purna:geheim@127.0.0.1:1/purna", "the target does not answer"),
    ("postgresql://purna:geheim@127.0.0.1:1/purna?colour=red", "understands"),
    ("postgresql://purna:geh%eim@127.0.0.1:1/purna", "understands"),
    ("sqlite:////geheim", "must begin with postgresql://"), ("", "must begin with")])
def test_an_address_that_is_none_is_said_without_its_password(run, source, target, address, reason):
    answer = run(address)
    assert (answer.exit_code, reason in answer.output) == (1, True)
    assert isinstance(answer.exception, SystemExit)
    assert "geheim" not in answer.output.replace("%", "")
    assert source.exists()


def nothing_happened(source, target):
    assert source.exists()
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT tablename FROM pg_tables "
                                  "WHERE schemaname = 'public'").fetchall() == []


def test_not_while_somebody_else_has_it_open(source, target):
    with closing(sqlite3.connect(source)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("SELECT count(*) FROM worker").fetchone()
        with pytest.raises(CannotMove, match="Purna is running"):
            move(source, target)
    nothing_happened(source, target)


def test_not_into_a_database_that_holds_something(source, target):
    postgresql.execute(target, "CREATE TABLE mine (id int)")
    with pytest.raises(CannotMove, match="not empty: it has the table mine"):
        move(source, target)
    assert source.exists()


@pytest.mark.parametrize("change", [
    "UPDATE worker SET name = 'a' || char(0) || 'b' WHERE id = 3",
    "UPDATE membership SET worker_id = 999999 WHERE id = 3",
    "UPDATE savings SET taken = -1 WHERE id = 1",
    "DELETE FROM schema_migration WHERE name LIKE '0006%'"])
def test_what_postgresql_would_not_hold_moves_nothing(source, target, change):
    with closing(sqlite3.connect(source)) as lite:
        lite.execute("PRAGMA ignore_check_constraints = ON")
        assert lite.execute(change).rowcount == 1
        lite.commit()
    with pytest.raises(CannotMove):
        move(source, target)
    nothing_happened(source, target)
