import logging
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from tests.gateways import HANG, SmsServer, SmtpServer
from webapp import clock, db
from webapp.messages.sender import LEASE_SECONDS
from webapp.models.messages import EMAIL, SENT, SMS, WAITING, Message
from webapp.worker_process import HEARTBEAT, _do, _send_forever, channels_of, run


@pytest.fixture
def sms_server():
    with SmsServer() as server:
        yield server


@contextmanager
def worker(database_url, sms_url, folder):
    """The process of its own, as an operator starts it; what it logs goes to worker.log."""
    with open(folder / "worker.log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.messages.child", "work", database_url, sms_url,
             str(folder)], stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


@contextmanager
def working(config, *tasks, work=()):
    """The worker in a thread of this process."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(config, stop, tasks, work))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(5)
    assert not thread.is_alive()


def wait_until(true, seconds=10):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def state_of(message):
    return Message.select(Message.state).where(Message.id == message.id).scalar()


def test_messages_written_while_it_runs_are_sent_soon_and_nothing_personal_is_logged(
        told, database_url, sms_server, tmp_path):
    with worker(database_url, sms_server.url, tmp_path) as process:
        wait_until((tmp_path / HEARTBEAT).exists)
        begun = time.monotonic()
        message = told("Halo Rahasia", email=("Judul", "Isi Rahasia"))
        wait_until(lambda: not Message.select().where(Message.state == WAITING).exists())
        assert time.monotonic() - begun < 2
        assert sms_server.received[0].id == message.public_id.hex
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    log = (tmp_path / "worker.log").read_text()
    assert "worker stopped" in log
    for secret in ("Rahasia", "81234567890", "siti@", "rahasia"):
        assert secret not in log


def test_ctrl_c_ends_an_idle_worker_at_once(database, database_url, sms_server, tmp_path):
    with worker(database_url, sms_server.url, tmp_path) as process:
        wait_until((tmp_path / HEARTBEAT).exists)
        process.send_signal(signal.SIGINT)
        assert process.wait(2) == 0


def test_it_ends_within_five_seconds_even_while_a_gateway_hangs(
        told, database_url, sms_server, tmp_path):
    sms_server.answer_with(HANG)
    message = told("Halo")
    with worker(database_url, sms_server.url, tmp_path) as process:
        wait_until(lambda: sms_server.asked)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(6) == 0
        assert time.monotonic() - begun <= 5
    message = Message.get_by_id(message.id)
    assert message.state == WAITING
    assert (message.leased_until - clock.now()).total_seconds() < LEASE_SECONDS


def test_a_database_fault_is_outlived_without_a_restart(
        told, database, database_url, sms_server, tmp_path):
    with worker(database_url, sms_server.url, tmp_path) as process:
        first = told("pertama")
        wait_until(lambda: state_of(first) == SENT)
        break_database(database)
        second = told("kedua")
        wait_until(lambda: state_of(second) == SENT)
        assert process.poll() is None
    assert len(sms_server.received) == 2


def break_database(database):
    """Hide the table for a while and, where there is a server, end every other connection."""
    database.execute_sql("ALTER TABLE message RENAME TO hidden")
    if not db.is_sqlite():
        database.execute_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                             "WHERE datname = current_database() AND pid <> pg_backend_pid()")
    time.sleep(1)
    database.execute_sql("ALTER TABLE hidden RENAME TO message")


# The threads' end closes the file on which SQLite's writers queue; Python warns of that.
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
def test_without_gateways_messages_are_simply_accepted(told, tmp_path):
    message = told("Halo", email=("Judul", "Isi"))
    done = []

    def task(now):
        done.append(now)
        if len(done) == 1:
            raise ZeroDivisionError("sekali gagal")

    config = {"SMS_URL": "", "SMTP_URL": "", "DATA": tmp_path}
    with working(config, ("often", 0.1, task)):
        wait_until(lambda: len(done) >= 3 and state_of(message) == SENT)
    assert Message.select().where(Message.state == SENT).count() == 2
    assert all(moment.tzinfo for moment in done)


def test_real_addresses_make_real_channels(sms_server):
    with SmtpServer() as smtp_server:
        channels = channels_of({"SMS_URL": sms_server.url, "SMS_SENDER": "Purna",
                                "SMTP_URL": smtp_server.url, "MAIL_FROM": "p@purna.example"})
        assert {name: type(channel).__name__ for name, channel in channels.items()} == {
            SMS: "SmsGateway", EMAIL: "Mailer"}
        channels[SMS]._client.close()


def test_an_error_is_logged_by_class_and_place_only(database, caplog):
    def task(now):
        raise ValueError("NIK 3171014506900001")

    assert not _do("sweep", task)
    assert "task sweep failed: ValueError at" in caplog.text
    assert "3171014506900001" not in caplog.text


@pytest.mark.parametrize("fails", [True, False])
def test_a_channel_beats_when_its_round_went_well(database, caplog, fails):
    class OneRound:
        def run_once(self, now, channel):
            stop.set()
            if fails:
                raise RuntimeError

    caplog.set_level(logging.ERROR)
    stop, beats = threading.Event(), {}
    _send_forever(OneRound(), SMS, beats, stop)
    assert (SMS in beats) is not fails
    assert ("RuntimeError" in caplog.text) is fails


def test_the_heartbeat_is_renewed(database, tmp_path):
    heartbeat = tmp_path / HEARTBEAT
    with working({"SMS_URL": "", "SMTP_URL": "", "DATA": tmp_path}):
        wait_until(heartbeat.exists)
        os.utime(heartbeat, (0, 0))
        wait_until(lambda: heartbeat.stat().st_mtime > 0)


@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
def test_work_is_done_without_a_pause_while_there_is_some_and_its_faults_are_outlived(
        database, tmp_path, caplog):
    moments = []

    def some_work(now):
        moments.append(time.monotonic())
        if len(moments) == 1:
            raise ZeroDivisionError("sekali gagal")
        return len(moments) <= 50

    with working({"SMS_URL": "", "SMTP_URL": "", "DATA": tmp_path}, work=[("some", some_work)]):
        wait_until(lambda: len(moments) > 52)
    assert moments[50] - moments[1] < 0.5
    assert moments[52] - moments[51] >= 0.25
    assert "work some failed: ZeroDivisionError" in caplog.text


@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
def test_work_that_hangs_stops_the_heartbeat(database, tmp_path, monkeypatch):
    monkeypatch.setattr("webapp.worker_process.SILENT_SECONDS", 1)
    heartbeat, ending = tmp_path / HEARTBEAT, threading.Event()
    with working({"SMS_URL": "", "SMTP_URL": "", "DATA": tmp_path},
                 work=[("stuck", lambda now: ending.wait())]):
        time.sleep(3)
        assert not heartbeat.exists() or time.time() - heartbeat.stat().st_mtime > 1
        ending.set()
