"""The application's share: settings from files, readiness, a server that becomes another."""

import select
import time

import psycopg
import pytest

from tests.conftest import POSTGRESQL
from webapp import clock, db
from webapp.config import Misconfigured, from_environment
from webapp.models.people import Throttle
from webapp.operation.routes import PROBE, WRITTEN_LATELY_SECONDS

ON_POSTGRESQL = pytest.mark.skipif(not POSTGRESQL, reason="SQLite has no server")
SETTINGS = ("statement_timeout", "lock_timeout", "timezone", "synchronous_commit")


def shown():
    """What the session's settings are."""
    return [db.database.execute_sql(f"SHOW {name}").fetchone()[0] for name in SETTINGS]


def test_an_address_with_a_password_may_come_from_a_file(tmp_path):
    (tmp_path / "url").write_text("postgresql://purna:secret@db.example/purna?sslmode=require\n")
    settings = from_environment({"PURNA_DATA": str(tmp_path),
                                 "DATABASE_URL_FILE": str(tmp_path / "url")})
    assert settings["DATABASE_URL"] == "postgresql://purna:secret@db.example/purna?sslmode=require"
    with pytest.raises(Misconfigured, match="DATABASE_URL_FILE cannot be read"):
        from_environment({"PURNA_DATA": str(tmp_path), "DATABASE_URL_FILE": str(tmp_path / "no")})


@pytest.mark.parametrize("url", ["postgresql://u:pa%ss@h/d", "postgresql://u:s3cret@h/d?sllmode=x"])
def test_an_address_that_postgresql_does_not_understand_is_refused_without_its_password(
        tmp_path, url):
    with pytest.raises(Misconfigured, match="not an address that PostgreSQL") as refusal:
        from_environment({"PURNA_DATA": str(tmp_path), "DATABASE_URL": url})
    assert "s3cret" not in str(refusal.value)


def test_a_node_that_is_about_to_stop_says_that_it_is_not_ready(app, cast, visitor, monkeypatch,
                                                                tmp_path):
    monkeypatch.setitem(app.config, "DRAIN_FILE", tmp_path / "draining")
    assert visitor.browser.get("/readyz").status_code == 200
    (tmp_path / "draining").touch()
    answer = visitor.browser.get("/readyz")
    assert (answer.status_code, answer.json["failing"]) == (503, ["draining"])
    assert visitor.browser.get("/healthz").status_code == 200


def test_readiness_is_a_row_that_was_really_written(app, cast, visitor):
    begun = clock.now()
    assert visitor.browser.get("/readyz").status_code == 200
    first = Throttle.get(Throttle.kind == PROBE).window_ends
    assert visitor.browser.get("/readyz").status_code == 200
    assert begun < first < Throttle.get(Throttle.kind == PROBE).window_ends


def test_a_stranger_makes_nothing_be_written_by_asking_again_and_again(app, cast, visitor):
    outside = {"REMOTE_ADDR": "203.0.113.9"}
    assert visitor.browser.get("/readyz").status_code == 200
    first = Throttle.get(Throttle.kind == PROBE).window_ends
    assert visitor.browser.get("/readyz", environ_base=outside).status_code == 200
    assert Throttle.get(Throttle.kind == PROBE).window_ends == first
    time.sleep(WRITTEN_LATELY_SECONDS)
    assert visitor.browser.get("/readyz", environ_base=outside).status_code == 200
    assert Throttle.get(Throttle.kind == PROBE).window_ends > first, "a balancer may be one"


@ON_POSTGRESQL
def test_a_session_has_its_limits_whatever_lies_between(app, cast):
    assert shown() == ["5s", "3s", "UTC", "on"]
    db.clear_traces([Throttle])
    assert shown() == ["5s", "3s", "UTC", "on"]


@ON_POSTGRESQL
def test_what_the_address_says_goes_before_what_is_usual(database):
    db.connect_to(f"{database.url}{'&' if '?' in database.url else '?'}application_name=web-7")
    db.ensure_connection()
    assert db.database.execute_sql("SHOW application_name").fetchone()[0] == "web-7"
    db.connect_to(database.url)


@ON_POSTGRESQL
def test_nobody_s_request_is_spent_on_finding_out_that_the_server_hung_up(app, cast, visitor,
                                                                         database):
    assert visitor.browser.get("/program").status_code == 200
    ours = db.database.connection().info.backend_pid
    with psycopg.connect(database.url, autocommit=True) as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 3000)", [ours]).fetchone()[0]
    assert visitor.browser.get("/program").status_code == 200
    assert db.database.connection().info.backend_pid != ours


@ON_POSTGRESQL
def test_a_notice_on_an_idle_line_is_no_reason_to_leave_it(app, cast, database):
    db.ensure_connection()
    ours = db.database.connection().info.backend_pid
    db.database.execute_sql("LISTEN news")
    with psycopg.connect(database.url, autocommit=True) as other:
        other.execute("NOTIFY news")
    assert select.select([db.database.connection().fileno()], [], [], 5)[0], "the notice came"
    db.ensure_connection()
    assert db.database.connection().info.backend_pid == ours


@ON_POSTGRESQL
def test_a_primary_that_became_a_standby_is_away_and_no_defect(app, cast, visitor):
    assert visitor.browser.get("/masuk").status_code == 200
    db.database.execute_sql("SET default_transaction_read_only = on")
    answer = visitor.browser.get("/readyz")
    assert (answer.status_code, answer.json["failing"]) == (503, ["database"])
    assert visitor.browser.get("/readyz").status_code == 200, "another connection, another server"
    visitor.open("/masuk")
    db.database.execute_sql("SET default_transaction_read_only = on")
    refused = visitor.send(account="ani@maju.example", password="salah sekali")
    assert (refused.status, refused.heading) == (503, "Layanan sedang terganggu")
    visitor.open("/masuk")
    assert visitor.send(account="ani@maju.example", password="salah sekali").status == 422
