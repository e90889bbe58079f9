"""Reading from a replica: which pages do, what it is when there is none, and what never may."""

import re
import socket
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from types import FunctionType

import psycopg
import pytest
import time_machine
from peewee import OperationalError

from tests import postgresql
from tests.conftest import POSTGRESQL
from tests.faults.processes import wait_until
from tests.gateways import free_port
from tests.page import Clerk, file
from tests.programmes.waving import drawn, joined, wave_of
from tests.standby import Standby
from webapp import audit, clock, db, replica
from webapp.models.deactivations import Deactivation
from webapp.models.people import Session
from webapp.models.programmes import Applicant, Programme, Wave
from webapp.rate_limit import Limit
from webapp.replica import may_lag

ON_POSTGRESQL = pytest.mark.skipif(not POSTGRESQL, reason="SQLite has no replica")
MAY_LAG = {"webapp.programmes.publishing.asked_of_drawn",
           "webapp.programmes.queries.wave_for_visitors",
           "webapp.programmes.queries.waves_for_visitors",
           "webapp.reports.queries.shown_at"}


@may_lag
def names():
    """Those of all programmes, as they are where they are read."""
    return [row.name for row in Programme.select().order_by(Programme.id)]


# Found before the server's own, by the search path: what the database says of itself is what a
# standby would say that has just followed.
SAYS_IT_FOLLOWS = """
ALTER DATABASE replica SET search_path = public, pg_catalog;
CREATE FUNCTION public.pg_is_in_recovery() RETURNS boolean RETURN true;
CREATE FUNCTION public.pg_last_xact_replay_timestamp() RETURNS timestamptz
    RETURN timestamptz '2100-01-01'"""


@pytest.fixture(scope="module")
def other_url(application):
    """Another database with the same tables: a replica whose rows tell it apart."""
    postgresql.create("replica", template=postgresql.name_of(application.config["DATABASE_URL"]))
    postgresql.execute(postgresql.address_of("replica"), SAYS_IT_FOLLOWS)
    yield postgresql.address_of("replica")
    postgresql.execute(postgresql.server_uri(), 'DROP DATABASE "replica" WITH (FORCE)')


@pytest.fixture
def other(cast, other_url):
    """A connection to it, for changing what stands there; pages read from it meanwhile."""
    with psycopg.connect(other_url, autocommit=True) as line:
        line.execute("SET session_replication_role = replica")     # rows without those they name
        empty(line, Programme, Wave, Applicant, Deactivation)
        called(line, postgresql.name_of(db.database.database))
        replica.use(other_url)
        yield line
        replica.use(None)


@pytest.fixture
def wave(cast, other):
    """A wave whose programme is called otherwise on the replica."""
    made = wave_of(cast)
    bring(other, Programme, Wave)
    other.execute("UPDATE programme SET name = 'Dari replika'")
    return made


def called(other, name):
    """The replica says that this is the name of its database."""
    other.execute("CREATE OR REPLACE FUNCTION public.current_database() RETURNS name "
                  f"RETURN '{name}'::name")


def empty(other, *tables):
    """Nothing stands in these tables on the replica."""
    for table in tables:
        other.execute(f"DELETE FROM {table._meta.table_name}")


def bring(other, *tables):
    """What stands in these tables is on the replica as well."""
    for table in tables:
        name, columns = table._meta.table_name, table._meta.sorted_fields
        listed = ", ".join(f'"{column.column_name}"' for column in columns)
        empty(other, table)
        other.cursor().executemany(
            f"INSERT INTO {name} ({listed}) VALUES ({', '.join(['%s'] * len(columns))})",
            db.database.execute_sql(f"SELECT {listed} FROM {name}").fetchall())


def asked_meanwhile(act):
    """The statements that the replica was asked while something was done."""
    asked, there = [], replica.in_use()
    there.query_hooks.append(note := lambda event: asked.append(event.sql))
    act()
    there.query_hooks.remove(note)
    return asked


@contextmanager
def closed_door():
    """A server that hangs up on everybody: its address, and a list that grows by whoever came."""
    came = []
    with socket.create_server(("127.0.0.1", free_port())) as door:
        def turn_away():
            with suppress(OSError):     # the door itself is closed in the end
                while True:
                    line, caller = door.accept()
                    came.append(caller)
                    line.close()

        porter = threading.Thread(target=turn_away)
        porter.start()
        yield f"postgresql://purna@127.0.0.1:{door.getsockname()[1]}/purna", came
        door.shutdown(socket.SHUT_RDWR)     # wakes who waits in accept()
        porter.join()


# Which pages

@ON_POSTGRESQL
def test_visitors_read_programmes_from_the_replica_and_who_is_signed_in_does_not(wave, visitor,
                                                                                siti):
    for path in ("/program", f"/program/{wave.public_id}"):
        assert "Dari replika" in visitor.open(path).words(), path
        assert "Kartu Prakerja" in siti.open(path).words(), path


@ON_POSTGRESQL
def test_what_is_not_there_yet_is_looked_for_on_the_primary(wave, other, visitor):
    empty(other, Wave)
    assert "Kartu Prakerja" in visitor.open(f"/program/{wave.public_id}").words()
    assert visitor.open("/program/00000000-0000-4000-8000-000000000000").status == 404


@ON_POSTGRESQL
def test_the_file_of_a_draw_comes_from_a_replica_that_has_its_result_and_from_no_other(
        wave, other, cast, visitor):
    for number in range(3):
        joined(wave, number)
    found = drawn(wave, cast)
    path = f"/program/{found.public_id}/undian.csv"
    bring(other, Applicant)      # all results, but the wave is not announced there
    other.execute("UPDATE applicant SET number = 'X' || right(number, 15)")
    whole = visitor.browser.get(path).text
    assert "\nX" not in whole
    assert len(re.findall("(LOLOS|BELUM)", whole)) >= 3
    bring(other, Wave)
    assert "\nX" in visitor.browser.get(path).text


@ON_POSTGRESQL
def test_laporan_counts_on_the_replica(other, cast, ani, eka):
    file(ani, cast.maju, cast.siti_at_maju)
    replica.use(None)
    assert "0 dari 1 laporan nonaktif terlambat" in eka.open("/cabang/laporan").words()
    replica.use(postgresql.address_of("replica"))
    assert "0 dari 1 laporan" not in eka.open("/cabang/laporan").words()


def test_the_functions_that_may_lag_are_these(app):
    found = {f"{module}.{name}" for module in sys.modules if module.startswith("webapp.")
             for name, value in vars(sys.modules[module]).items()
             if isinstance(value, FunctionType) and hasattr(value, "may_lag")}
    assert found == MAY_LAG | {f"webapp.programmes.routes.{name}" for name in
                               ("wave_for_visitors", "waves_for_visitors")}


def test_nothing_else_sends_a_thread_to_the_replica():
    users = {path.as_posix() for path in Path("webapp").rglob("*.py")
             if re.search(r"\breading_from\(|\.in_use\(|_thread\.replica =", path.read_text())}
    assert users == {"webapp/db.py", "webapp/replica.py"}


@ON_POSTGRESQL
@pytest.mark.parametrize(("email", "readers"), [
    (None, {"/program"}), ("siti@pekerja.example", set()), ("ani@maju.example", set()),
    ("fajar@cabang.example", {"/cabang/laporan", "/cabang/laporan/unduh"})])
def test_no_other_page_reads_the_replica(app, other, email, readers):
    browser = (Clerk(app).sign_in(email) if email else Clerk(app)).browser
    paths = [rule.rule for rule in app.url_map.iter_rules()
             if "GET" in rule.methods and not rule.arguments]
    assert {path for path in paths
            if asked_meanwhile(lambda url=path: browser.get(url))} == readers


# What stays exact meanwhile

@ON_POSTGRESQL
def test_messages_and_the_audit_trail_are_exact_meanwhile(other, cast, ani):
    def counted(ask):
        return [ask(f"SELECT count(*) FROM {name}").fetchone()[0] for name in
                ("message", "audit_entry", "deactivation")]

    here, there = counted(db.database.execute_sql), counted(other.execute)
    assert asked_meanwhile(lambda: file(ani, cast.maju, cast.siti_at_maju)) == []
    assert all(now > before for now, before in
               zip(counted(db.database.execute_sql), here, strict=True))
    assert counted(other.execute) == there


@ON_POSTGRESQL
def test_the_end_of_a_session_holds_at_once_on_pages_that_lag(other, cast, eka):
    assert eka.open("/cabang/laporan").status == 200, "the replica knows no session at all"
    bring(other, Session)
    Session.delete().where(Session.user == cast.eka).execute()
    assert eka.browser.get("/cabang/laporan").status_code == 303


@ON_POSTGRESQL
def test_the_limit_of_a_file_is_counted_exactly(wave, cast, visitor, monkeypatch):
    monkeypatch.setattr("webapp.programmes.routes.FILES", Limit("draw-files", 2, timedelta(1)))
    path = f"/program/{drawn(wave, cast).public_id}/undian.csv"
    assert [visitor.browser.get(path).status_code for _ in range(3)] == [200, 200, 429]


# What may not be done there

@pytest.mark.parametrize("write", [
    lambda: db.write_transaction().__enter__(),
    lambda: db.write_note(lambda: None),
    lambda: audit.record(audit.Event.COMPANY_ADDED, chain=audit.ACCOUNTS, actor=None, subject=None,
                         now=clock.now())])
def test_who_writes_where_only_reading_was_announced_is_refused(cast, write):
    with pytest.raises(RuntimeError, match="only reading|transaction of its act"):
        may_lag(write)()
    with db.write_transaction():
        Programme.delete().execute()


@ON_POSTGRESQL
def test_a_write_past_the_one_way_to_write_is_a_defect_too(other):
    with pytest.raises(RuntimeError, match="takes no writes"):
        may_lag(lambda: Programme.delete().execute())()


def test_nothing_that_may_be_old_is_read_inside_a_transaction(cast):
    with db.write_transaction(), pytest.raises(RuntimeError, match="outside any transaction"):
        names()


@pytest.mark.parametrize("late", [lambda: Programme.select(), lambda: iter([1])])
def test_a_query_that_would_run_later_is_refused(cast, late):
    with pytest.raises(RuntimeError, match="not read yet"):
        may_lag(late)()


# When there is none

def test_without_a_replica_the_database_itself_is_read(cast):
    wave_of(cast)
    assert names() == ["Kartu Prakerja"]


@ON_POSTGRESQL
def test_a_replica_that_is_away_costs_one_page_a_moment_and_the_next_ones_nothing(cast, visitor):
    made = wave_of(cast)
    with closed_door() as (address, came):
        replica.use(address)
        tried = []
        for _ in range(3):
            assert "Kartu Prakerja" in visitor.open(f"/program/{made.public_id}").words()
            tried.append(len(came))
        replica.use(None)
    assert tried[0] == tried[2] > 0, "the first one alone knocks"


@ON_POSTGRESQL
def test_a_replica_that_breaks_off_in_the_middle_is_left_and_the_page_still_answers(wave, other,
                                                                                   visitor):
    other.execute("ALTER TABLE wave RENAME TO real_wave")
    other.execute("CREATE VIEW wave AS SELECT * FROM real_wave "
                  "WHERE pg_terminate_backend(pg_backend_pid())")
    try:
        assert "Kartu Prakerja" in visitor.open(f"/program/{wave.public_id}").words()
        assert not replica.in_use().is_worth_asking()
    finally:
        other.execute("DROP VIEW wave")
        other.execute("ALTER TABLE real_wave RENAME TO wave")


@ON_POSTGRESQL
def test_it_is_tried_again_after_a_while_by_one_at_first(wave, other, monkeypatch):
    there = replica.in_use()
    there.was_away(OperationalError())
    assert names() == ["Kartu Prakerja"]
    monkeypatch.setattr(there, "away_until", time.monotonic() - 1)
    assert [there.is_worth_asking(), there.is_worth_asking()] == [True, False]
    monkeypatch.setattr(there, "away_until", time.monotonic() - 1)
    assert names() == ["Dari replika"]
    assert there.away_until is None


# When it is the wrong one

@pytest.fixture
def errors(caplog):
    """The errors that were logged by now, when called."""
    return lambda: [line.getMessage() for line in caplog.records if line.levelname == "ERROR"]


def forget_that_it_was_away(monkeypatch):
    monkeypatch.setattr(replica.in_use(), "away_until", time.monotonic() - 1)


@ON_POSTGRESQL
def test_another_database_is_not_read_and_said_once_to_be_an_error(wave, other, visitor, errors,
                                                                   monkeypatch):
    called(other, "staging")
    for _ in range(2):
        assert "Kartu Prakerja" in visitor.open(f"/program/{wave.public_id}").words()
        assert not replica.in_use().is_worth_asking()
        forget_that_it_was_away(monkeypatch)
    said, = errors()
    assert "leads to another database than DATABASE_URL" in said


@ON_POSTGRESQL
def test_a_database_of_another_server_is_not_read(wave, other, errors):
    other.execute("CREATE FUNCTION public.pg_control_system(OUT system_identifier bigint) RETURN 1")
    try:
        assert names() == ["Kartu Prakerja"]
    finally:
        other.execute("DROP FUNCTION public.pg_control_system")
    assert len(errors()) == 1


@ON_POSTGRESQL
def test_the_primary_itself_is_no_replica(wave, errors):
    replica.use(db.database.database)
    assert names() == ["Kartu Prakerja"]
    said, = errors()
    assert "a server that is no standby" in said


@ON_POSTGRESQL
def test_one_that_was_away_and_comes_back_wrong_is_an_error_until_it_is_right_again(
        wave, other, errors, monkeypatch):
    replica.in_use().was_away(OperationalError())
    forget_that_it_was_away(monkeypatch)
    called(other, "staging")
    assert names() == ["Kartu Prakerja"]
    assert len(errors()) == 1
    called(other, postgresql.name_of(db.database.database))
    forget_that_it_was_away(monkeypatch)
    assert names() == ["Dari replika"]
    called(other, "staging")
    assert names() == ["Kartu Prakerja"]
    assert len(errors()) == 2


# With a real one

@pytest.fixture(scope="module")
def standby(application):
    made = Standby()
    yield made
    made.remove()


@pytest.fixture
def followed(standby, database, cast):
    """The standby, with a programme that is there already; it is read from."""
    wave_of(cast)
    standby.has_all()
    replica.use(standby.address_of(postgresql.name_of(database.url)))
    yield standby
    replica.use(None)


def is_read():
    """Whether a page was answered by the replica."""
    asked = asked_meanwhile(names)
    return any("programme" in statement for statement in asked)


@ON_POSTGRESQL
def test_a_standby_is_read_as_long_as_it_is_not_too_far_behind(followed, monkeypatch):
    assert is_read()
    followed.ask("SELECT pg_wal_replay_pause()::text")
    wait_until(lambda: followed.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")
    Programme.update(name="Nama baru").execute()
    assert names() == ["Kartu Prakerja"], "a moment old"
    last = followed.ask("SELECT pg_last_xact_replay_timestamp()")
    with time_machine.travel(last + replica.MOST_OLD + timedelta(seconds=1)):
        assert names() == ["Nama baru"]
    assert not replica.in_use().is_worth_asking()
    followed.ask("SELECT pg_wal_replay_resume()::text")


@ON_POSTGRESQL
def test_a_standby_takes_no_writes(followed):
    with pytest.raises(RuntimeError, match="takes no writes"):
        may_lag(lambda: Programme.delete().execute())()


@ON_POSTGRESQL
def test_a_standby_that_dies_is_not_missed_and_read_again_when_it_is_back(followed, monkeypatch):
    assert is_read()
    followed.kill()
    assert names() == ["Kartu Prakerja"]
    assert not is_read(), "nobody tries at once"
    followed.start()
    Programme.update(name="Nama baru").execute()
    followed.has_all()
    monkeypatch.setattr(replica.in_use(), "away_until", time.monotonic() - 1)
    assert is_read()
    assert names() == ["Nama baru"]


@ON_POSTGRESQL
def test_a_standby_that_was_promoted_by_accident_is_read_no_longer(application, database, cast,
                                                                   errors):
    promoted = Standby()
    try:
        wave_of(cast)
        promoted.has_all()
        replica.use(promoted.address_of(postgresql.name_of(database.url)))
        assert is_read()
        promoted.ask("SELECT pg_promote()")
        Programme.update(name="Nama baru").execute()
        assert names() == ["Nama baru"]
        assert "no standby" in errors()[0]
    finally:
        replica.use(None)
        promoted.remove()
