"""After 72 hours: what must go is gone, from the rows and from the files; what must stay stays."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine

from tests.closure.conftest import EMAIL, ask_to_close
from tests.conftest import POSTGRESQL
from tests.destinations.linking import linked_before
from tests.gateways import SERVER_ERROR, SmsServer, SmtpServer
from tests.page import Clerk, file, in_parallel
from tests.people import PHONE
from webapp import audit, clock, db, otp, passwords, sessions, vault
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.closure import service
from webapp.closure.erasure import TABLES
from webapp.closure.finishing import Finishing
from webapp.demo.people import PASSWORD
from webapp.linking import service as linking
from webapp.messages.mail import Mailer
from webapp.messages.outbox import tell
from webapp.messages.sender import Sender
from webapp.messages.sms import SmsGateway
from webapp.models.accounts import (
    Agreement,
    Authenticator,
    Closure,
    Passkey,
    Recovery,
    RecoveryCode,
)
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case, CaseVisit, DeactivationRequest
from webapp.models.claims import Destination
from webapp.models.companies import CompanyClerk
from webapp.models.deactivations import Deactivation
from webapp.models.messages import Message
from webapp.models.people import CLOSED, KeptInput, Session, User
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership, Worker
from webapp.parameters import rules_on

ADDRESS, REPORTED = "Jalan Melati 7, Depok", "+628123454512"
NIK = "3171064508900001"

pytestmark = pytest.mark.own_files


@pytest.fixture
def full(siti, cast, ani, now):
    """Siti with everything an account can hold, and a deactivation that she was told about."""
    file(ani, cast.maju, cast.siti_at_maju)
    siti = User.get_by_id(siti.id)
    siti.nik, siti.address, siti.unproven = NIK, ADDRESS, "siti.lama@pekerja.example"
    siti.birth_date, siti.claimed_kpj = date(1990, 8, 5), "30145274512"
    siti.password_hash = passwords.hash_password(PASSWORD)     # the cast shares one
    siti.save()
    sessions.forget_devices(siti)
    app_of = Authenticator(user=siti, created_at=now, confirmed_at=now)
    app_of.secret = otp.new_secret()
    app_of.save(force_insert=True)
    RecoveryCode.create(user=siti, digest=vault.current().index("kode", "test"))
    Passkey.create(user=siti, credential="a-credential-of-sitis-phone", created_at=now,
                   public_key=b"a public key of forty bytes and a little", name="Ponsel Siti")
    kept = KeptInput(user=siti, path="/profil/alamat", created_at=now)
    kept.fields = "{}"
    kept.save(force_insert=True)
    recovery = Recovery(user=siti, papers="KTP", note="Ponsel hilang, 0812 999",
                        asked_by=cast.dewi, asked_at=now)
    recovery.phone = "+628999000111"
    recovery.save(force_insert=True)
    case = Case.create(kind="pemulihan", number="N7K422QD8MX2", branch=cast.dewi.branch, user=siti,
                       recovery=recovery, opened_by=cast.dewi, opened_at=now, held_since=now,
                       holder="branch", due_on=date(2026, 11, 23))
    visit = CaseVisit(case=case, user=siti, opened_at=now, seen_at=now)
    visit.typed = "0812 999"
    visit.save(force_insert=True)
    linked_before(siti)
    challenge = challenges.begin(Purpose.CHANGE_CONTACT_OLD, user=siti, bound={"a": 1}, now=now)
    challenges.send(challenge, "email", EMAIL, now)
    return siti


@pytest.fixture
def due(full, browser_of_siti):
    """Her closure is due at this moment."""
    ask_to_close(browser_of_siti)
    return Closure.get().due_at


@pytest.fixture
def browser_of_siti(app, full):
    return Clerk(app, device="ponsel-siti").sign_in(EMAIL)


def contents(table, where=True):
    return list(table.select().where(where).tuples())


def traces(user):
    """Every sealed value, index and digest of a person, as bytes to search for."""
    found = set()
    for table in TABLES:
        for row in _rows_of(table, user):
            for name, value in row.__data__.items():
                if name.startswith("nik_") and table is Worker:
                    continue
                if name == "body_sealed" and row.user_id is None:
                    continue
                found |= _bytes_of(name, value)
    return found


def _rows_of(table, user):
    if table is User:
        return [User.get_by_id(user.id)]
    if table is Message:
        worker = Worker.get_or_none(Worker.user == user)
        return Message.select().where((Message.user == user) | (Message.worker == worker))
    if table is DeactivationRequest:
        return []     # only the address in it goes
    return table.select().where(table.user == user)


def _bytes_of(name, value):
    if value is None or not name.endswith(
            ("_sealed", "_index", "digest", "mac", "_hash", "credential", "public_key", "person")):
        return set()
    return {bytes(value) if isinstance(value, bytes | memoryview) else value.encode()} - {b""}


def left(wanted, database_url):
    """Which of these bytes are still in the files of the database (but PostgreSQL's own log)."""
    if POSTGRESQL:
        db.database.execute_sql("CHECKPOINT")     # what is only in its memory yet
    held = b"".join(each.read_bytes() for each in _folder(database_url).iterdir()
                    if each.is_file())
    return {each for each in wanted if each in held}


def left_in_rows(wanted):
    """Which of these a ``SELECT`` over every table still gives."""
    rows = [part for name in db.database.get_tables()
            for row in db.database.execute_sql(f'SELECT * FROM "{name}"')  # noqa: S608
            for part in row]
    values = {bytes(part) if isinstance(part, bytes | memoryview) else str(part).encode()
              for part in rows}
    return wanted & values


def _folder(database_url):
    if not POSTGRESQL:
        return Path(database_url.removeprefix("sqlite:///")).parent
    (data, number), = db.database.execute_sql(
        "SELECT current_setting('data_directory'), oid FROM pg_database "
        "WHERE datname = current_database()")
    return Path(data) / "base" / str(number)


def senders(sms, smtp):
    return Sender({"sms": SmsGateway(sms.url, "Purna"),
                   "email": Mailer(smtp.url, "purna@purna.example")},
                  first_wait=timedelta(0), rest=0)


def test_nothing_happens_a_second_before(due, full):
    before = contents(User)
    assert service.finish_due(due - timedelta(seconds=1)) == 0
    assert contents(User) == before


def test_every_listed_field_is_erased(due, full):
    worker = Worker.get(Worker.user == full)
    assert service.finish_due(due) == 1
    row = User.get_by_id(full.id).__data__
    kept = {name for name, value in row.items() if value not in (None, "")}
    assert kept == {"id", "public_id", "role", "state", "created_at"}
    assert row["state"] == CLOSED
    for table in TABLES:
        if table not in (User, Worker, Message, Recovery, DeactivationRequest, Destination):
            assert not table.select().where(table.user == full).exists(), table
    gone = Worker.get_by_id(worker.id)
    assert (gone.user_id, gone.phone, gone.email) == (None, None, None)
    assert (Recovery.get().phone, Recovery.get().note, Recovery.get().state) == (
        None, "", "DITOLAK")
    linked = Destination.get()
    assert (linked.state, linked.number, linked.number_index, linked.holder) == (
        "DIPUTUS", None, None, None)


def test_a_recovery_waits_at_the_branch_no_more(due, full):
    service.finish_due(due)
    assert (Case.get().holder, Case.get().closed_at) == (None, due)


def test_memberships_receipts_worker_and_audit_stay(due, full, cast):
    kept = (Membership, Receipt, Deactivation, Agreement)
    before = [contents(table) for table in kept]
    entries = AuditEntry.select().count()
    service.finish_due(due)
    assert [contents(table) for table in kept] == before
    worker = Worker.get(Worker.nik.matches(NIK))
    assert (worker.name, worker.birth_date) == ("Siti Rahayu", date(1990, 8, 5))
    assert AuditEntry.select().count() == entries + 1
    assert AuditEntry.get(AuditEntry.kind == "account:closed").subject == full.public_id
    assert list(audit.verify()) == []


def test_messages_lose_their_address_and_those_of_the_account_their_text(due, full):
    service.finish_due(due)
    last = Message.select().where(Message.kind == "account:closed")
    assert {(m.channel, m.recipient) for m in last} == {("sms", PHONE), ("email", EMAIL)}
    others = Message.select().where(Message.kind != "account:closed")
    assert others.count() > 4
    assert all(m.recipient is None for m in others)
    assert not others.where(Message.state == "MENUNGGU").exists()
    assert all(m.body is None for m in others if m.user_id)
    assert all("PT Maju Bersama" in m.body for m in others if m.worker_id)


@pytest.mark.parametrize("rewrites", [0, 40])
def test_the_bytes_are_gone_from_the_files(due, full, database, rewrites):
    if rewrites and not POSTGRESQL:      # as an older release left its pages, or moved rows do
        db.database.execute_sql("PRAGMA secure_delete = off")
    for _ in range(rewrites):
        User.update(reminded_at=clock.now()).execute()
        Message.update(due_at=Message.due_at).execute()
    wanted = traces(full)
    assert len(wanted) > 30
    assert left(wanted, database.url) == wanted, "the search can find them"
    finishing = Finishing()
    with time_machine.travel(due):
        assert finishing(due) == 1
        assert left(wanted, database.url) == set()
        farewell = {bytes(m.recipient_sealed) for m in
                    Message.select().where(Message.kind == "account:closed")}
        with SmsServer() as sms, SmtpServer() as smtp:
            assert senders(sms, smtp).run_once(clock.now()) == 2
            assert [text.to for text in sms.received] == [PHONE]
            assert smtp.recipients == [[EMAIL]]
        assert finishing(clock.now()) == 0
    assert left(wanted | farewell, database.url) == set()
    assert not Message.select().where(
        Message.kind == "account:closed", Message.body_sealed.is_null(False)).exists()
    assert not left_in_rows(wanted | farewell)


def test_documents_and_logs_hold_no_contact(due, full, app, caplog):
    with time_machine.travel(due):
        Finishing()(due)
    folder = Path(app.config["DATA"])
    held = b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())
    for value in (PHONE, EMAIL, ADDRESS, REPORTED):
        assert value.encode() not in held
        assert value not in caplog.text


def test_a_process_that_died_in_between_is_made_good_by_the_next(due, full, database):
    wanted = traces(full)
    service.finish_due(due)      # and here it was killed
    Finishing()(due + timedelta(minutes=1))
    assert left(wanted, database.url) == set()


def test_a_large_database_is_written_anew_at_night(due, full, database):
    wanted, finishing = traces(full), Finishing(small=0)
    assert finishing(due) == 1
    assert left(wanted, database.url), "half past one in the afternoon: still in the files"
    finishing(due.replace(hour=20))       # three in the morning in Jakarta
    assert left(wanted, database.url) == set()


@pytest.mark.parametrize("ending", ["refused", "expired"])
def test_the_last_contact_goes_also_when_it_cannot_be_reached(due, full, ending):
    service.finish_due(due)
    with SmsServer() as sms, SmtpServer() as smtp:
        sender = senders(sms, smtp)
        sms.answer_with(SERVER_ERROR)
        smtp.answer_with("refuse recipient" if ending == "refused" else "temporary failure")
        sender.run_once(due)
        if ending == "expired":
            smtp.stop()
        sender.run_once(due + timedelta(hours=72))
    rows = Message.select().where(Message.kind == "account:closed")
    assert {m.state for m in rows} <= {"GAGAL", "KEDALUWARSA"}
    assert all(m.recipient is None and m.body is None for m in rows)


def test_a_dead_gateway_does_not_lose_the_confirmation(due, full):
    service.finish_due(due)
    with SmsServer() as sms, SmtpServer() as smtp:
        sender = senders(sms, smtp)
        sms.answer_with(SERVER_ERROR, times=1)
        sender.run_once(due)
        assert Message.get(Message.kind == "account:closed", Message.channel == "sms").recipient
        sender.run_once(due + timedelta(minutes=5))
        assert "sudah DITUTUP" in sms.received[0].text
        assert "sudah ditutup" in smtp.received[0]["Subject"]


def test_two_processes_finishing_at_once_close_it_once(due, full):
    assert sorted(in_parallel(lambda _: service.finish_due(due), 6)) == [0, 0, 0, 0, 0, 1]
    assert AuditEntry.select().where(AuditEntry.kind == "account:closed").count() == 1
    assert Message.select().where(Message.kind == "account:closed").count() == 2


def test_the_waiting_session_and_every_known_browser_are_dead(due, full, browser_of_siti, app):
    service.finish_due(due)
    assert browser_of_siti.open("/tutup-akun/menunggu").heading == "Masuk"
    assert not Session.select().where(Session.user == full).exists()
    clerk = Clerk(app)
    clerk.open("/masuk")
    page = clerk.send(account=EMAIL, password=PASSWORD)
    assert (page.heading, page.status) == ("Masuk", 422)


def test_the_same_person_can_register_again_and_is_linked_again(due, full, now):
    service.finish_due(due)
    again = User(role="worker", name="Siti Rahayu", created_at=due, birth_date=date(1990, 8, 5))
    again.phone, again.email, again.nik = PHONE, EMAIL, NIK
    again.save(force_insert=True)
    worker = linking.claim_card(again, "30145274512", due)
    assert worker.user_id == again.id
    assert worker.nik == NIK
    assert again.id != full.id


def test_what_is_told_about_the_membership_afterwards_goes_nowhere(due, full, cast):
    service.finish_due(due)
    with db.write_transaction():
        assert tell(Worker.get(Worker.nik.matches(NIK)), kind="test:told", about=None, now=due,
                    sms="Purna: kabar.") == []


def test_a_clerks_name_stays_on_receipts_and_the_right_to_act_goes(app, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    ask_to_close(ani, "email")
    due = Closure.get().due_at
    assert CompanyClerk.select().where(CompanyClerk.user == cast.ani).count() == 2
    service.finish_due(due)
    assert not CompanyClerk.select().where(CompanyClerk.user == cast.ani).exists()
    gone = User.get_by_id(cast.ani.id)
    assert (gone.name, gone.email) == ("Ani Wulandari", None)
    report = Deactivation.get()
    page = Clerk(app).sign_in("budi@maju.example").open(
        f"/perusahaan/{cast.maju.public_id}/nonaktif/{report.public_id}")
    assert "oleh Ani Wulandari" in page.words()


def test_several_accounts_end_in_one_run_and_one_unreadable_does_not_stop_the_others(
        app, due, full, ani, budi):
    for clerk in (ani, budi):
        ask_to_close(clerk, "email")
    User.update(phone_sealed=b"x" * 40).where(User.id == full.id).execute()
    assert service.finish_due(due + timedelta(minutes=5)) == 2
    assert User.get_by_id(full.id).state != CLOSED


def test_the_hours_are_a_parameter(app):
    assert rules_on(clock.today())["closure.cooling_off_hours"] == 72
