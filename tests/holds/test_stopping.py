"""Hentikan pencairan: what the code of a message does, once, for 72 hours, without signing in."""

from datetime import timedelta

import pytest
import time_machine

from tests.contacts.person import NEW_PHONE, Changer
from tests.destinations.linking import (
    BCA,
    OTHERS,
    code_sent,
    linked_before,
    newest,
    stop_code,
    told,
)
from tests.page import Clerk, in_parallel
from tests.payouts.claiming import claim_of
from tests.people import PHONE
from tests.recovery_desk.counter import NEW_PHONE as PROVEN_PHONE
from tests.recovery_desk.counter import Counter
from webapp import audit, clock
from webapp.closure.service import finish_due
from webapp.db import write_transaction
from webapp.holds import service
from webapp.holds.queries import held_until, held_users, is_stopped
from webapp.models.accounts import Challenge, Closure, SendHistory
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case
from webapp.models.claims import (
    APPROVED,
    CHECKING,
    FAILED,
    Claim,
    Destination,
    Hold,
    Payout,
    PayoutFile,
)
from webapp.models.messages import Message
from webapp.models.people import CLOSED, CLOSING, Device, Session, User
from webapp.models.workers import Worker
from webapp.receipts.signing import new_number, parse_number, show_number

HOURS, SECOND = timedelta(hours=72), timedelta(seconds=1)


@pytest.fixture
def code(app, user):
    """Somebody changed Siti's phone; the code in the message to her old one."""
    Changer(app).is_signed_in_as(user).change(value=NEW_PHONE, channel="email")
    return stop_code(told("security:contact")[PHONE])


def stop(visitor, code):
    visitor.open("/hentikan-pencairan")
    return visitor.send(code=code)


def worker_of(user):
    return Worker.get(Worker.user == user)


def states_of(*rows):
    return [type(row).get_by_id(row.id).state for row in rows]


def test_whoever_has_the_code_stops_it_without_signing_in(visitor, user, code, now):
    row = linked_before(user)
    page = stop(visitor, code)
    assert page.heading == "Pencairan dihentikan"
    assert "kantor cabang dengan KTP" in page.words()
    assert is_stopped(user)
    assert Hold.get().stopped_at is not None
    assert states_of(row) == ["DIPUTUS"]
    assert set(told("security:payouts stopped")) == {NEW_PHONE, PHONE, "siti@pekerja.example"}
    entry = AuditEntry.get(AuditEntry.kind == "hold:stopped")
    assert (entry.actor, entry.subject) == (None, user.public_id)
    assert list(audit.verify()) == []


def test_everybody_in_the_account_is_out_and_their_codes_are_dead(app, visitor, user, code):
    thief = Changer(app).is_signed_in_as(user)
    thief.open("/tutup-akun")
    thief.send(channel="email")
    stop(visitor, code)
    assert not Session.select().where(Session.user == user, Session.ended_at.is_null()).exists()
    assert not Challenge.select().where(Challenge.used_at.is_null(),
                                        Challenge.expires_at > clock.now()).exists()
    assert not Device.select().where(Device.user == user).exists()
    assert thief.open("/beranda").heading == "Masuk"


def test_what_was_approved_is_not_paid_and_waits_for_the_person(visitor, user, cast, code):
    approved = claim_of(user, worker_of(user), cast, kind="LAIN")
    checked = claim_of(user, worker_of(user), cast, kind="MED", state=CHECKING)
    stop(visitor, code)
    assert states_of(approved, checked) == [FAILED, CHECKING]
    case = Case.get_by_id(approved.case_id)
    assert (case.holder, case.due_on, case.closed_at) == ("worker", None, None)
    row = Message.get(Message.kind == "case:claim held back", Message.channel == "sms")
    assert "Rp400.000 belum dibayar karena dihentikan" in row.body
    assert AuditEntry.select().where(AuditEntry.kind == "hold:stopped").count() == 2


def test_what_is_at_the_bank_stays_and_is_told(visitor, user, cast, code, now):
    claim = claim_of(user, worker_of(user), cast)
    file = PayoutFile.create(number=new_number(), made_at=now, count=1, total=400_000, digest="0")
    payout = Payout(claim=claim, file=file, amount=400_000, provider="BCA")
    payout.number, payout.holder = "1234568123", "SITI RAHAYU"
    payout.save(force_insert=True)
    stop(visitor, code)
    assert states_of(claim) == [APPROVED]
    assert "sudah diproses bank" in told("security:payouts stopped")["siti@pekerja.example"]


def test_what_waits_at_the_branch_is_over(visitor, user, code):
    moment = clock.now()
    row = Destination(user=user, provider="BRI", state="DIPERIKSA", begun_at=moment, distance=9)
    row.number, row.holder = "001234567890123", "Bambang"
    row.case = Case.create(kind="rekening", number=new_number(), branch=1, worker=worker_of(user),
                           opened_by=user, opened_at=moment, held_since=moment, holder="branch",
                           due_on=clock.today())
    row.save(force_insert=True)
    stop(visitor, code)
    assert states_of(row) == ["DIPUTUS"]
    assert Case.get_by_id(row.case_id).holder is None


def test_doing_it_again_changes_nothing(visitor, user, code):
    stop(visitor, code)
    before = [list(table.select().tuples()) for table in (Hold, Destination, AuditEntry, Message)]
    assert stop(visitor, code).heading == "Pencairan dihentikan"
    with time_machine.travel(clock.now() + HOURS + HOURS):
        assert stop(visitor, code).heading == "Pencairan dihentikan"
    after = [list(table.select().tuples()) for table in (Hold, Destination, AuditEntry, Message)]
    assert before == after


def test_pressed_by_many_at_once_it_is_one_stop(app, visitor, user, code):
    number = parse_number(code)
    in_parallel(lambda place: service.stop(number, address=f"10.0.0.{place}", now=clock.now()), 6)
    assert AuditEntry.select().where(AuditEntry.kind == "hold:stopped").count() == 1


@pytest.mark.parametrize(("after", "works"), [(HOURS - SECOND, True), (HOURS, False),
                                              (HOURS + SECOND, False)])
def test_it_works_for_72_hours_to_the_second(user, now, after, works):
    with write_transaction():
        service.begin(user, "rekening", now)
    text = Message.get(Message.kind == "security:destination", Message.channel == "sms").body
    number = parse_number(stop_code(text))
    if works:
        service.stop(number, address="", now=now + after)
    else:
        with pytest.raises(service.NothingToStop):
            service.stop(number, address="", now=now + after)
    assert is_stopped(user) is works


def test_unknown_and_expired_are_answered_alike(visitor, user, code):
    unknown = stop(visitor, show_number(new_number()))
    with time_machine.travel(clock.now() + HOURS + SECOND):
        expired = stop(visitor, code)
    assert unknown.status == expired.status == 422
    assert unknown.errors() == expired.errors()
    assert "Tidak ada pencairan yang bisa dihentikan" in unknown.errors()["code"]
    assert not is_stopped(user)


@pytest.mark.parametrize(("typed", "sentence"), [
    ("", "Ketik kode"), ("N7K4", "belum lengkap atau salah ketik"),
    ("N7K4-22QD-8MX3", "belum lengkap atau salah ketik")])
def test_what_is_no_code_is_said(visitor, user, typed, sentence):
    page = stop(visitor, typed)
    assert page.status == 422
    assert sentence in page.errors()["code"]


def test_small_letters_and_no_dashes_will_do(visitor, user, code):
    assert stop(visitor, code.lower().replace("-", "")).heading == "Pencairan dihentikan"


def test_guessing_waits_after_twenty_in_a_minute(visitor, user):
    for _ in range(20):
        assert stop(visitor, show_number(new_number())).status == 422
    page = stop(visitor, show_number(new_number()))
    assert page.status == 429
    assert page.headers["Retry-After"]


def test_a_closed_account_has_nothing_to_stop(user, code):
    User.update(state=CLOSED).where(User.id == user.id).execute()
    with pytest.raises(service.NothingToStop):
        service.stop(parse_number(code), address="", now=clock.now())


def test_it_is_found_from_the_sign_in_page(visitor):
    page = visitor.open("/masuk")
    link, = page.tree.xpath("//a[normalize-space()='Hentikan pencairan']/@href")
    assert visitor.open(link).heading == "Hentikan pencairan"


# While it is stopped


def test_nothing_is_linked_and_the_page_says_what_to_do(app, visitor, user, code):
    stop(visitor, code)
    siti = Changer(app).is_signed_in_as(user)
    page = siti.open("/rekening/sambungkan")
    assert page.path == "/rekening"
    assert "Pencairan di akun ini dihentikan" in page.words()
    assert "kantor cabang dengan KTP" in page.words()
    siti.post("/rekening/sambungkan", {**BCA, "csrf_token": siti.token()})
    assert not Destination.select().exists()


def test_a_code_that_was_on_its_way_links_nothing(siti, visitor, user, now):
    siti.ask(OTHERS)
    with write_transaction():
        service.begin(user, "rekening", now)
    Hold.update(stopped_at=now).execute()
    text = Message.select().where(Message.kind == "otp-rekening").get().body
    page = siti.send(code="".join(text.split()[1:3]))
    assert "Pencairan di akun ini dihentikan" in page.words()
    assert newest().state == "MENUNGGU_OTP"


def test_stopped_while_the_last_press_is_under_way_nothing_stays_linked(app, siti, user, now):
    for number in range(6):
        User.update(phone_changed_at=None).where(User.id == user.id).execute()
        Hold.update(lifted_at=now).execute()
        SendHistory.delete().execute()
        siti.is_signed_in_as(user)
        siti.ask(number=f"12345678{number:02}")
        fields, path = {**siti.page.fields(), "code": code_sent()}, siti.page.action()
        with write_transaction():
            service.begin(user, "rekening", now)
        number = parse_number(stop_code(told()[PHONE]))
        in_parallel(lambda place, path=path, fields=fields, number=number:
                    service.stop(number, address="", now=now) if place
                    else siti.browser.post(path, data=fields).status_code, 2)
        assert is_stopped(user)
        assert "TERSAMBUNG" not in states_of(*Destination.select())


def test_it_lasts_longer_than_72_hours(visitor, user, code, now):
    stop(visitor, code)
    later = now + 100 * HOURS
    assert user.id in {number for (number,) in held_users(later).tuples()}
    assert held_until(user, later) is None
    assert is_stopped(user)


# Until the branch has met the person


def test_the_branch_sees_it_and_what_to_do(visitor, user, dewi, code):
    page = dewi.open(f"/cabang/orang/{user.public_id}")
    assert "Pembayaran menunggu sampai 25 November 2026" in page.words()
    stop(visitor, code)
    page = dewi.open(f"/cabang/orang/{user.public_id}")
    assert "Pencairan dihentikan dengan kode dari pesan" in page.words()
    assert "Pemulihan akun yang disetujui membukanya lagi" in page.words()


def test_a_recovery_at_the_branch_lifts_it(app, visitor, user, cast, code, now):
    stop(visitor, code)
    case = Counter(app).is_signed_in_as(cast.dewi).file(user)
    assert is_stopped(user)
    eka = Clerk(app).is_signed_in_as(cast.eka)
    eka.open(case)
    assert "Disetujui" in eka.send(form="#approve", is_checked="y").words()
    assert not is_stopped(user)
    hold = Hold.get()
    assert hold.lifted_at is not None
    assert hold.lifted_by == cast.eka
    entry = AuditEntry.get(AuditEntry.kind == "hold:lifted")
    assert (entry.actor, entry.subject) == (cast.eka.public_id, user.public_id)
    (recipient, text), = told("security:payouts open").items()
    assert recipient == PROVEN_PHONE
    assert "dibuka lagi" in text
    # Its contacts are new: 72 hours pass first.
    assert held_until(User.get_by_id(user.id), now) is not None


def test_a_recovery_that_is_refused_lifts_nothing(app, visitor, user, cast, code):
    stop(visitor, code)
    case = Counter(app).is_signed_in_as(cast.dewi).file(user)
    eka = Clerk(app).is_signed_in_as(cast.eka)
    eka.open(case)
    eka.send(form="#refuse", reason="Bukan orangnya")
    assert is_stopped(user)


def test_one_that_only_runs_is_not_lifted(user, cast, now):
    with write_transaction():
        service.begin(user, "rekening", now)
        assert service.lift(user, cast.eka, now) == 0
    assert held_until(user, now) == now + HOURS
    assert not Message.select().where(Message.kind == "security:payouts open").exists()


def test_after_it_another_account_lets_what_was_approved_be_paid(app, siti, user, cast, now):
    claim = claim_of(user, worker_of(user), cast)
    old = Destination.get()
    with write_transaction():
        service.begin(user, "rekening", now)
    text = Message.get(Message.kind == "security:destination", Message.channel == "sms").body
    service.stop(parse_number(stop_code(text)), address="", now=now)
    assert states_of(claim) == [FAILED]
    with write_transaction():
        service.lift(user, cast.eka, now)
    siti.is_signed_in_as(user)
    page = siti.link()
    assert "tersambung" in page.path
    fresh = Claim.get_by_id(claim.id)
    assert (fresh.state, fresh.destination) == (APPROVED, newest())
    assert fresh.destination != old
    assert Case.get_by_id(claim.case_id).holder is None
    assert held_until(user, now) is not None, "a change waits"


def test_a_stopped_account_is_not_closed_before_the_branch_has_met_the_person(app, visitor, user,
                                                                              code, now):
    stop(visitor, code)
    Closure.create(user=user, channel="sms", requested_at=now - HOURS, due_at=now,
                   cancel_index="0" * 32)
    User.update(state=CLOSING).where(User.id == user.id).execute()
    assert finish_due(now) == 0
    assert User.get_by_id(user.id).state == CLOSING
    with write_transaction():
        service.lift(user, None, now)
    assert finish_due(now) == 1
