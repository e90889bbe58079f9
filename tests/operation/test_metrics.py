"""What Prometheus is told: whom it is for, what it says, what it costs; and without a database."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from ipaddress import ip_network

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploy.render import TEMPLATES
from tests.challenges.conftest import begin, judged, send, wrong
from tests.conftest import POSTGRESQL
from tests.deploy.test_alarms import ALARMS
from tests.faults.processes import ROOT
from tests.statements import sent_by
from tests.test_audit import disarm
from webapp import clock, db
from webapp.audit_desk.service import check_everything, check_newest
from webapp.authenticator.service import WrongCode, use_step
from webapp.branch.queries import person_of
from webapp.branch.service import REVEALS, reveal_nik
from webapp.messages.outbox import tell
from webapp.messages.sender import _due
from webapp.models.audit import AuditEntry
from webapp.models.messages import EMAIL, FAILED, SENT, SMS, WAITING, Message
from webapp.operation.state import FAILED_WITHIN, _given_up, _next
from webapp.payouts.reconciling import reconcile
from webapp.rate_limit import Limit, TooMany, count_try

HOUR = timedelta(hours=1)
OUTSIDE = {"REMOTE_ADDR": "203.0.113.9"}


class Told(dict):
    """Values by the name of a sample, with its labels' values behind it."""

    def __init__(self, browser):
        answer = browser.get("/metrics")
        assert answer.status_code == 200
        self.text = answer.text
        super().__init__(
            (" ".join([sample.name, *(sample.labels[name] for name in sorted(sample.labels))]),
             sample.value)
            for family in text_string_to_metric_families(answer.text) for sample in family.samples)

    def since(self, earlier):
        """What rose, and by how much."""
        return {name: value - earlier.get(name, 0) for name, value in self.items()
                if value != earlier.get(name, 0) and "_seconds" not in name}


@pytest.fixture
def told(visitor):
    """Asks, as Prometheus does from the operators' network."""
    return lambda: Told(visitor.browser)


def written(worker, now, **values):
    """The messages of one letter to somebody, changed."""
    with db.write_transaction():
        tell(worker, kind="note", about=None, now=now, sms="Halo", email=("Halo", "Halo"))
        Message.update(**values or {"state": WAITING}).where(Message.created_at == now).execute()


@pytest.fixture
def siti_s(cast):
    """Siti as a worker, whom the company reported with phone and e-mail."""
    return cast.siti_at_maju.worker


# Who is told


def test_from_elsewhere_it_is_a_missing_page_like_any_other(visitor):
    hidden = visitor.browser.get("/metrics", environ_base=OUTSIDE)
    missing = visitor.browser.get("/tidak-ada", environ_base=OUTSIDE)
    assert (hidden.status_code, hidden.text) == (404, missing.text)
    assert set(hidden.headers.keys()) == set(missing.headers.keys())
    assert "purna_" in visitor.browser.get("/metrics").text


def test_a_branch_sees_no_figures_and_who_watches_no_staff_page(app, dewi, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "BRANCH_NETWORKS", [ip_network("10.20.0.0/16")])
    monkeypatch.setitem(app.config, "MONITORING_NETWORKS", [ip_network("10.10.0.41")])
    (tmp_path / "draining").touch()
    monkeypatch.setitem(app.config, "DRAIN_FILE", tmp_path / "draining")
    seen = {}
    for address in ("10.20.0.7", "10.10.0.41", "203.0.113.9"):
        told = {path: dewi.browser.get(path, environ_base={"REMOTE_ADDR": address})
                for path in ("/metrics", "/cabang", "/readyz")}
        seen[address] = (told["/metrics"].status_code, told["/cabang"].status_code,
                         told["/readyz"].json.get("failing"))
    assert seen == {"10.20.0.7": (404, 200, ["draining"]), "10.10.0.41": (200, 404, ["draining"]),
                    "203.0.113.9": (404, 404, None)}


def test_pr_04_no_label_is_made_by_a_visitor(told, ani, siti, visitor, cast):
    ani.open(f"/perusahaan/{cast.maju.public_id}/tenaga-kerja")
    siti.open("/kepesertaan")
    visitor.browser.open("/rahasia?nik=3171064508900001", method="BREW")
    visitor.open("/masuk")
    visitor.send(account="siti@pekerja.example", password="bukan sandinya siapa pun")
    labels = {(name, value) for family in text_string_to_metric_families(told().text)
              for sample in family.samples for name, value in sample.labels.items()}
    assert {name for name, _ in labels} == {
        "audience", "status", "le", "kind", "outcome", "channel"}
    assert len(labels) < 50
    assert not re.search(r"@|3171064508900001|rahasia|siti", told().text, re.IGNORECASE)


# What is counted


def test_requests_are_counted_by_audience_and_class_but_not_those_for_health(told, visitor, ani):
    before = told()
    visitor.browser.get("/masuk")
    visitor.browser.get("/tidak-ada")
    ani.browser.get("/cabang")
    for path in ("/healthz", "/readyz", "/metrics"):
        visitor.browser.get(path)
    rose = {name: by for name, by in told().since(before).items() if "requests" in name}
    assert rose == {"purna_http_requests_total public 2xx": 1,
                    "purna_http_requests_total none 4xx": 1,
                    "purna_http_requests_total branch 4xx": 1}
    assert told()["purna_http_request_duration_seconds_count public"] == (
        before["purna_http_request_duration_seconds_count public"] + 1)


def test_a_sign_in_that_was_refused_is_counted_and_one_that_went_well(told, visitor):
    before = told()
    visitor.open("/masuk")
    visitor.send(account="ani@maju.example", password="bukan sandinya siapa pun")
    visitor.sign_in("ani@maju.example")
    rose = told().since(before)
    assert (rose["purna_sign_ins_total refused"], rose["purna_sign_ins_total began"]) == (1, 1)


def test_codes_are_counted_by_what_became_of_them(told, cast, now):
    before = told()
    challenge = begin(cast.siti)
    code = send(challenge, now)
    with pytest.raises(TooMany):
        send(challenge, now)
    assert [judged(challenge, typed, now) for typed in (wrong(code), code)] == [
        "WrongCode", "right"]
    for number in range(1, 5):
        judged(challenge, wrong(code, number), now)
    other = begin(cast.siti)
    other_code = send(other, now + HOUR)
    for number in range(1, 6):
        judged(other, wrong(other_code, number), now + HOUR)
    assert judged(other, other_code, now + HOUR) == "TooMany"
    rose = told().since(before)
    assert {name.split()[1]: by for name, by in rose.items() if "purna_codes" in name} == {
        "sent": 2, "withheld": 1, "wrong": 10, "right": 1, "locked": 1}


def test_a_wrong_code_of_an_authenticator_and_a_try_too_many_are_counted(told, dewi, cast):
    before = told()
    with db.write_transaction(), pytest.raises(WrongCode):
        use_step(cast.dewi, "000000", clock.now())
    limit = Limit("test", 1, HOUR)
    count_try(limit, "somebody", clock.now())
    with pytest.raises(TooMany):
        count_try(limit, "somebody", clock.now())
    rose = told().since(before)
    assert (rose["purna_authenticator_wrong_total"], rose["purna_tries_refused_total"]) == (1, 1)


def held_lock(url):
    """Somebody else's lock on what a session's end wants to write."""
    if POSTGRESQL:
        other = psycopg.connect(url)
        other.execute('LOCK TABLE "session"')
        return other
    other = sqlite3.connect(db.sqlite_path(url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_a_lock_that_does_not_come_in_time_is_counted_as_such(told, ani, database):
    before = told()
    ani.open("/keluar")
    db.database.execute_sql("SET lock_timeout = 20" if POSTGRESQL else "PRAGMA busy_timeout = 20")
    with closing(held_lock(database.url)):
        assert ani.send(form="form[action='/keluar']").status == 503
    rose = told().since(before)
    assert rose["purna_database_faults_total busy"] == 1
    assert sum(by for name, by in rose.items() if name.endswith("5xx")) == 1


def test_several_processes_are_added_up_and_one_that_ended_is_not_forgotten(tmp_path):
    script = ("import os; from webapp import counters\n"
              "class Nothing:\n"
              "    def collect(self): return ()\n"
              "for _ in range(2):\n"
              "    child = os.fork()\n"
              "    if not child:\n"
              "        counters.note_request('public', 200, 0.01); os._exit(0)\n"
              "    os.waitpid(child, 0)\n"
              "print(counters.exposition(Nothing()).decode())")
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, text=True, timeout=20,
                          capture_output=True, check=True,
                          env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}).stdout
    assert 'purna_http_requests_total{audience="public",status="2xx"} 2.0' in said
    assert 'purna_codes_total{outcome="wrong"} 0.0' in said


# How things stand


def test_an_old_message_shows_however_often_it_was_tried(told, siti_s, now):
    assert told()["purna_outbox_oldest_seconds sms"] == 0
    written(siti_s, now - timedelta(minutes=6), due_at=now + timedelta(minutes=4), tries=9)
    written(siti_s, now - timedelta(minutes=1))
    written(siti_s, now - timedelta(hours=3), state=SENT)
    Message.delete().where(Message.channel == EMAIL,
                           Message.created_at < now - timedelta(minutes=2)).execute()
    found = told()
    assert (found["purna_outbox_waiting sms"], found["purna_outbox_waiting email"]) == (2, 1)
    assert found["purna_outbox_oldest_seconds sms"] == pytest.approx(360, abs=5)
    assert found["purna_outbox_oldest_seconds email"] == pytest.approx(60, abs=5)


def test_what_was_given_up_is_told_for_a_day(told, siti_s, now):
    written(siti_s, now - FAILED_WITHIN + timedelta(minutes=1), state=FAILED)
    written(siti_s, now - FAILED_WITHIN - timedelta(minutes=1), state=FAILED)
    assert told()["purna_outbox_failed sms"] == 1


def test_whoever_asks_for_the_most_full_numbers_is_told_without_a_name(told, cast, now):
    person = person_of(cast.siti)
    for officer, times in ((cast.dewi, 3), (cast.eka, 1)):
        for _ in range(times):
            reveal_nik(person, officer, "COCOKKAN_KTP", now)
    found = told()
    assert (found["purna_full_views"], found["purna_full_views_most"]) == (4, 3)


def test_whoever_is_refused_the_next_full_number_is_told_by_the_alarm(told, cast, now):
    person = person_of(cast.siti)
    for _ in range(REVEALS.tries):
        reveal_nik(person, cast.dewi, "COCOKKAN_KTP", now)
    for _ in range(2):
        with pytest.raises(TooMany):
            reveal_nik(person, cast.dewi, "COCOKKAN_KTP", now)
    most = told()["purna_full_views_most"]
    assert ALARMS["TooManyFullViews"]["expr"] == f"max(purna_full_views_most) >= {most:.0f}"


def test_an_entry_at_fault_shows_until_all_of_them_were_found_whole(told, ani, cast, now):
    ani.open("/keluar")
    ani.send(form="form[action='/keluar']")
    assert "purna_audit_faults all" not in told()
    check_everything([], now)
    assert told()["purna_audit_faults all"] == 0
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    disarm()
    AuditEntry.update(kind="x").where(AuditEntry.id == entry.id).execute()
    check_newest(cast.fajar, now)
    assert told()["purna_audit_faults newest"] == 1
    AuditEntry.update(kind=entry.kind).where(AuditEntry.id == entry.id).execute()
    check_everything([], now)
    found = told()
    assert (found["purna_audit_faults all"], "purna_audit_faults newest" in found) == (0, False)
    assert found["purna_audit_checked_timestamp_seconds"] == now.timestamp()


def test_how_the_money_stood_when_it_was_compared(told, cast, now):
    assert "purna_reconciliation_differences" not in told()
    reconcile(now)
    found = told()
    assert found["purna_reconciliation_differences"] == 0
    assert found["purna_reconciliation_checked_timestamp_seconds"] == now.timestamp()


def test_a_sender_s_beat_is_told_where_there_was_one(told, app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA", tmp_path)
    assert "purna_sender_beat_timestamp_seconds" not in told()
    beat = tmp_path / "worker-heartbeat"
    beat.touch()
    assert told()["purna_sender_beat_timestamp_seconds"] == pytest.approx(beat.stat().st_mtime)


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite's log is not archived")
@pytest.mark.parametrize(("archived", "failed", "expected"), [
    (None, None, (1000, 0)), (None, 3000, (1000, 1)), (2000, None, (2000, 0)),
    (2000, 3000, (2000, 1)), (4000, 3000, (4000, 0))])
def test_a_log_that_was_never_archived_is_as_old_as_its_statistics(told, cast, archived, failed,
                                                                   expected):
    db.ensure_connection()
    with db.database.atomic() as line:
        db.database.execute_sql(
            "CREATE TEMPORARY TABLE pg_stat_archiver AS SELECT to_timestamp(1000) AS stats_reset, "
            "to_timestamp(%s) AS last_archived_time, to_timestamp(%s) AS last_failed_time",
            (archived, failed))
        db.database.execute_sql("SET LOCAL search_path = pg_temp, pg_catalog, public")
        found = told()
        line.rollback()
    assert (found["purna_wal_archived_timestamp_seconds"],
            found["purna_wal_archive_failing"]) == expected


def test_what_the_alarms_ask_for_is_told(told, app, cast, now, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA", tmp_path)
    (tmp_path / "worker-heartbeat").touch()
    check_everything([], now)
    reconcile(now)
    asked = {(name, value) for alarm in ALARMS.values() for name, value in
             re.findall(r'(purna_\w+)(?:\{\w+=~?"([\w|]+)"\})?', alarm["expr"])}
    found = told()
    missing = {name for name, values in asked for value in values.split("|")
               if not any({name, *value.split()} <= {*sample.split()} for sample in found)}
    others = {"purna_wal_bytes"} if POSTGRESQL else {"purna_wal_archived_timestamp_seconds",
                                                     "purna_wal_archive_failing"}
    backup = (TEMPLATES / "purna-backup.service").read_text("utf-8")
    assert missing - others == {*re.findall(r"purna_\w+_seconds", backup)}


# What it costs, and without a database


def test_a_scrape_takes_as_many_statements_whatever_there_is(told, siti_s, cast, now):
    few = len(sent_by(told))
    for minute in range(1, 30):
        written(siti_s, now - timedelta(minutes=minute), state=FAILED if minute % 2 else WAITING)
    check_everything([], now)
    reconcile(now)
    assert len(sent_by(told)) == few <= 14


@pytest.mark.skipif(POSTGRESQL, reason="its planner decides by what is there")
def test_the_outbox_is_read_along_its_indexes(told, cast, now):
    assert [plan_of(rows) for rows in (_next(SMS), _given_up(SMS, now), _due(SMS, now))] == [
        ["SEARCH t1 USING INDEX message_next (channel=?)"],
        ["SEARCH t1 USING INDEX message_failed (channel=? AND created_at>?)"],
        ["SEARCH t1 USING INDEX message_next (channel=? AND due_at<?)"]]


def plan_of(rows):
    """What SQLite would do."""
    sql, values = rows.sql()
    return [step[-1] for step in
            db.database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()]


def test_without_the_database_the_rest_is_told(told, database, tmp_path):
    db.connect_to("postgresql://purna@127.0.0.1:1/purna" if POSTGRESQL else f"sqlite:///{tmp_path}")
    try:
        found = told()
    finally:
        db.connect_to(database.url)
    assert found["purna_database_up"] == 0
    assert "purna_outbox_waiting sms" not in found
    assert {"purna_http_requests_total public 2xx", "purna_disk_free_ratio"} <= {*found}
    assert told()["purna_database_up"] == 1


def test_a_schema_that_is_behind_the_code_is_told_and_no_failure(told, cast):
    db.database.execute_sql("DELETE FROM schema_migration WHERE name = '0008_reconciliation'")
    db.database.execute_sql("ALTER TABLE reconciliation RENAME TO not_there_yet")
    found = told()
    assert (found["purna_migrations_pending"], found["purna_database_up"]) == (1, 0)
    db.database.execute_sql("ALTER TABLE not_there_yet RENAME TO reconciliation")
