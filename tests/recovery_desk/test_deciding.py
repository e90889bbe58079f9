"""A supervisor decides, never the one who asked; then the account has new contacts only."""

import json
from datetime import timedelta

import peewee
import pytest
import time_machine

from tests.page import Clerk, authenticator_code, in_parallel
from tests.recovery.forgetful import Forgetful
from tests.recovery_desk.counter import (
    NEW_EMAIL,
    NEW_PHONE,
    NIK,
    OLD_EMAIL,
    OLD_PHONE,
    Counter,
    last_message,
    recorded,
    sent_since,
)
from webapp import clock, otp
from webapp.accounts import notices
from webapp.db import database
from webapp.demo.people import PASSWORD
from webapp.formats import mask_phone
from webapp.models.accounts import Authenticator, Passkey, Recovery, RecoveryCode
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case
from webapp.models.messages import Message
from webapp.models.people import CLOSING, Device, Session, User
from webapp.recovery_desk import service
from webapp.recovery_desk.queries import recovery_with


def fresh(user):
    return User.get_by_id(user.id)


def approve(one, case):
    one.open(case)
    return one.send(form="#approve", is_checked="y")


def refuse(one, case, reason="Foto KTP tidak cocok"):
    one.open(case)
    return one.send(form="#refuse", reason=reason)


def test_approved_the_account_has_the_new_contacts_only(dewi, eka, siti, cast, now):
    page = approve(eka, dewi.file(siti, email=NEW_EMAIL))
    assert "Disetujui oleh Eka Prasetya" in page.words()
    assert "Antrean" in page.words("#upcoming")
    user = fresh(siti)
    assert (user.phone, user.email, user.unproven) == (NEW_PHONE, NEW_EMAIL, None)
    assert user.phone_changed_at >= now
    assert user.email_changed_at >= now
    row = Recovery.get()
    assert (row.state, row.decided_by, row.phone, row.email) == (
        "DISETUJUI", cast.eka, None, None)
    assert row.decided_at >= now


def test_a_contact_that_was_not_given_again_is_gone(dewi, eka, siti):
    User.update(unproven_sealed=b"x").where(User.id == siti.id).execute()
    approve(eka, dewi.file(siti))
    user = fresh(siti)
    assert (user.phone, user.email, user.unproven_sealed) == (NEW_PHONE, None, None)
    assert user.email_changed_at


def test_a_contact_that_is_kept_stays_as_old_as_it_was(dewi, eka, siti):
    number = last_message()
    approve(eka, dewi.file(siti, email=OLD_EMAIL))
    assert fresh(siti).email == OLD_EMAIL
    assert fresh(siti).email_changed_at is None
    kinds = [(kind, address) for kind, _, address in sent_since(number)]
    assert ("security:contact replaced", OLD_EMAIL) not in kinds
    assert ("security:recovered", OLD_EMAIL) in kinds


def test_whoever_had_the_account_open_has_it_no_more(app, dewi, eka, siti, now):
    thief = Clerk(app).sign_in(OLD_EMAIL)
    RecoveryCode.create(user=siti, digest="x")
    Passkey.create(user=siti, credential="x", public_key=b"x", name="Ponsel", created_at=now)
    authenticator = Authenticator(user=siti, created_at=now, confirmed_at=now)
    authenticator.secret = otp.new_secret()
    authenticator.save(force_insert=True)
    approve(eka, dewi.file(siti))
    assert thief.open("/beranda").heading == "Masuk"
    assert not Session.select().where(Session.user == siti, Session.ended_at.is_null()).exists()
    for table in (Device, Authenticator, RecoveryCode, Passkey):
        assert not table.select().where(table.user == siti).exists()
    assert fresh(siti).password_hash is None
    thief.open("/masuk")
    for account in (NIK, OLD_EMAIL, NEW_PHONE):
        assert thief.send(account=account, password=PASSWORD).status == 422


def test_staff_keep_their_authenticator(dewi, eka, cast):
    approve(eka, dewi.file(cast.fajar))
    assert fresh(cast.fajar).phone == NEW_PHONE
    assert Authenticator.select().where(Authenticator.user == cast.fajar).exists()


def test_old_and_new_contacts_are_told(dewi, eka, siti):
    case = dewi.file(siti, email=NEW_EMAIL)
    number = last_message()
    approve(eka, case)
    assert sent_since(number) == [
        ("security:contact replaced", "sms", OLD_PHONE),
        ("security:contact replaced", "email", OLD_EMAIL),
        ("security:recovered", "sms", NEW_PHONE), ("security:recovered", "email", NEW_EMAIL)]
    for row in Message.select().where(Message.id > number):
        assert "http" not in row.body
        assert row.channel == "email" or len(row.body) <= 160
        assert ("Lupa sandi" in row.body) == (row.kind == "security:recovered")


def test_a_contact_that_was_taken_away_a_day_before_is_told_too(dewi, eka, siti, now):
    notices.tell_at("sms", "+628111222333", siti, "security:contact", "kontak diganti",
                    now - timedelta(days=1))
    case = dewi.file(siti)
    number = last_message()
    approve(eka, case)
    told = [address for kind, _, address in sent_since(number)
            if kind == "security:contact replaced"]
    assert told == ["+628111222333", OLD_PHONE, OLD_EMAIL]


def test_the_person_goes_on_by_lupa_sandi(app, dewi, eka, siti):
    approve(eka, dewi.file(siti))
    with time_machine.travel("2026-11-22T06:33:00Z"):
        one = Forgetful(app)
        one.ask(NIK)
        one.answer()
        one.send(account=NIK, password="kuda baterai hijau jendela")
        assert one.page.path == "/beranda"     # the new contact was proven on this device


def test_a_code_of_lupa_sandi_that_went_to_the_old_phone_is_dead(app, dewi, eka, siti):
    thief = Forgetful(app)
    thief.ask(OLD_PHONE)
    body = Message.select().order_by(Message.id.desc()).get().body
    code = body[7:14].replace(" ", "")
    approve(eka, dewi.file(siti))
    assert thief.answer(code).status == 410
    assert fresh(siti).password_hash is None


def test_the_decision_is_on_record(dewi, eka, siti, cast):
    approve(eka, dewi.file(siti))
    (actor, subject, details), = recorded("recovery:approved")
    assert (actor, subject) == (cast.eka.public_id, siti.public_id)
    assert details == {"recovery": Recovery.get().public_id.hex,
                       "contacts": [mask_phone(NEW_PHONE)]}
    text = json.dumps([row.details for row in AuditEntry.select()])
    for secret in (NIK, NEW_PHONE, NEW_PHONE[3:], OLD_PHONE, OLD_EMAIL):
        assert secret not in text


def test_refused_everything_stays_and_everybody_is_told(dewi, eka, siti, cast):
    before = User.select().where(User.id == siti.id).dicts().get()
    case = dewi.file(siti)
    number = last_message()
    page = refuse(eka, case)
    assert "Ditolak oleh Eka Prasetya" in page.words()
    assert "Alasan: Foto KTP tidak cocok" in page.words()
    assert User.select().where(User.id == siti.id).dicts().get() == before
    row = Recovery.get()
    assert (row.state, row.reason, row.decided_by, row.phone) == (
        "DITOLAK", "Foto KTP tidak cocok", cast.eka, None)
    assert sent_since(number) == [
        ("security:recovery refused", "sms", OLD_PHONE),
        ("security:recovery refused", "email", OLD_EMAIL),
        ("account:not recovered", "sms", NEW_PHONE)]
    assert recorded("recovery:refused")[0][:2] == (cast.eka.public_id, siti.public_id)


def test_refusing_needs_a_reason(dewi, eka, siti):
    page = refuse(eka, dewi.file(siti), "  ")
    assert page.status == 422
    assert page.errors() == {"reason": "Tulis alasan penolakan."}
    assert Recovery.get().state == "DIAJUKAN"


def test_after_a_refusal_one_may_ask_again(dewi, eka, siti):
    refuse(eka, dewi.file(siti))
    with time_machine.travel("2026-11-22T06:33:00Z"):
        dewi.file(siti)
    assert Recovery.select().where(Recovery.state == "DIAJUKAN").count() == 1


def test_whoever_approves_says_that_they_checked(dewi, eka, siti):
    case = dewi.file(siti)
    eka.open(case)
    page = eka.send(form="#approve")
    assert page.status == 422
    assert page.errors() == {"is_checked": "Periksa dulu, lalu beri tanda centang."}
    assert page.select("title")[0].text.startswith("Keliru: ")
    assert (Recovery.get().state, fresh(siti).phone) == ("DIAJUKAN", OLD_PHONE)


def test_the_case_says_who_asked_and_when_and_the_buttons_say_what_they_do(dewi, eka, siti):
    page = eka.open(dewi.file(siti))
    assert ("Dewi Anggraini meminta kontak baru untuk akun ini pada 22 November 2026 pukul 13.3"
            in page.words(".sentence"))
    assert [button.text for button in page.select("main button")] == [
        "Tampilkan NIK lengkap", "Ambil", "Setujui pemulihan Siti Rahayu",
        "Tolak pemulihan Siti Rahayu"]


def test_beside_the_papers_the_full_nik_is_shown_for_a_reason_on_record(dewi, eka, siti, cast):
    case = dewi.file(siti)
    eka.open(case)
    page = eka.send(form="#nik form")
    assert (page.status, page.errors()) == (
        422, {"what-for": "Pilih untuk apa NIK lengkap diperlukan."})
    assert NIK not in page.text
    page = eka.send(form="#nik form", reason="COCOKKAN_KTP")
    assert NIK in page.words("dl.summary")
    assert page.select("#approve")
    assert recorded("person:seen")[-1] == (
        cast.eka.public_id, siti.public_id, {"page": "nik", "reason": "COCOKKAN_KTP"})
    page = eka.open(page.path)
    assert page.path == case
    assert NIK not in page.text


def test_thirty_full_numbers_an_hour_at_the_case_too(dewi, eka, siti):
    case = dewi.file(siti)
    fields = eka.open(case).fields("#nik form") | {"reason": "COCOKKAN_KTP"}
    statuses = [eka.browser.post(f"{case}/nik", data=fields).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]


def test_what_comes_next_is_said_to_who_filed_it_and_who_approved_it(dewi, eka, siti):
    case = dewi.file(siti, email=NEW_EMAIL)
    assert "Siti Rahayu diberi tahu di kontak barunya" in dewi.page.words(".notice")
    page = approve(eka, case)
    assert "Minta Siti Rahayu membuat kata sandi baru" in page.words(".notice")
    assert "Kontak baru •••• •••• 4512, s•••@pekerja.example" in page.words("dl.summary")
    assert NEW_PHONE[3:] not in page.text


def test_an_officer_decides_nothing(app, dewi, eka, siti):
    other = Counter(app)
    other.browser = eka.browser
    case = other.file(siti)
    page = dewi.open(case)
    assert "Menunggu penyelia" in page.words(".notice")
    assert not page.select("#approve, #refuse")
    page = decide_by_force(dewi, case, "tolak")
    assert page.heading == "Bukan Anda yang memutuskan"
    assert decide_by_force(dewi, case, "setujui").status == page.status == 403
    assert Recovery.get().state == "DIAJUKAN"


def decide_by_force(one, case, choice="setujui"):
    """Send what the form would, from a page without it."""
    return one.post(case, {"csrf_token": one.token(), "keputusan": choice, "is_checked": "y",
                           "reason": "x"})


def test_mc_03_whoever_asked_does_not_decide_not_even_with_another_role(dewi, siti, cast):
    case = dewi.file(siti)
    User.update(role="supervisor").where(User.id == cast.dewi.id).execute()
    assert not dewi.open(case).select("#approve, #refuse")
    assert decide_by_force(dewi, case).status == 403
    assert Recovery.get().state == "DIAJUKAN"


def test_mc_03_nor_with_a_second_account(app, dewi, eka, siti, cast):
    case = dewi.file(siti)
    for user in (cast.dewi, cast.eka):
        user.nik = "3171065511900009"
        user.save()
    assert decide_by_force(eka, case).status == 403
    assert Recovery.get().state == "DIAJUKAN"


def test_nobody_decides_about_themselves(dewi, eka, cast):
    case = dewi.file(cast.eka)
    for page in (eka.open(case), decide_by_force(eka, case)):
        assert page.status == 403
        assert page.heading == "Ini akun Anda sendiri"


@pytest.mark.parametrize("decider", ["dewi", "siti"])
def test_the_schema_itself_refuses_maker_and_person_as_checker(dewi, siti, cast, decider):
    dewi.file(siti)
    decider = getattr(cast, decider).id
    with pytest.raises(peewee.IntegrityError), database.atomic():
        database.execute_sql(f"UPDATE recovery SET decided_by_id = {decider}")
    with pytest.raises(peewee.IntegrityError), database.atomic():
        database.execute_sql(f"UPDATE recovery SET asked_by_id = {siti.id}")


def test_two_supervisors_at_once_make_one_decision(app, dewi, eka, fajar, siti):
    case = dewi.file(siti)
    for one in (eka, fajar):
        one.open(case)
    number = last_message()

    def decide(place):
        return (eka, fajar)[place].send(form="#approve", is_checked="y").status

    assert sorted(in_parallel(decide, 2)) == [200, 409]
    assert len(recorded("recovery:approved")) == 1
    assert len(sent_since(number)) == 3


def test_who_comes_second_is_told_who_was_first_and_keeps_the_words(dewi, eka, fajar, siti):
    case = dewi.file(siti)
    fajar.open(case)
    approve(eka, case)
    page = fajar.send(form="#refuse", reason="KTP buram")
    assert page.status == 409
    assert "Eka Prasetya memutuskannya pada 22 November 2026 pukul 13.3" in page.words()
    assert "disetujui" in page.words()
    assert "KTP buram" in page.words()
    assert "Disetujui oleh Eka Prasetya" in fajar.open(case).words(".notice")
    assert Recovery.get().state == "DISETUJUI"


def test_deciding_wants_a_fresh_proof_and_keeps_what_was_written(dewi, eka, siti):
    case = dewi.file(siti)
    Session.update(factor_at=clock.now() - timedelta(minutes=6)).execute()
    page = refuse(eka, case, "KTP buram")
    assert page.path.startswith("/buktikan")
    assert Recovery.get().state == "DIAJUKAN"
    with time_machine.travel("2026-11-22T06:33:00Z"):
        page = eka.send(code=authenticator_code("eka@cabang.example"))
    assert page.path.startswith(case)
    assert page.fields("#refuse")["reason"].strip() == "KTP buram"
    assert Recovery.get().state == "DIAJUKAN"


def test_a_form_of_an_ended_session_comes_back_with_what_was_written(dewi, eka, siti):
    eka.open(dewi.file(siti))
    fields = {**eka.page.fields("#refuse"), "csrf_token": "stale", "reason": "KTP buram"}
    page = eka.post(eka.page.path, fields)
    assert page.fields("#refuse")["reason"].strip() == "KTP buram"
    assert Recovery.get().state == "DIAJUKAN"


def test_a_contact_taken_meanwhile_is_not_taken_away(dewi, eka, siti, cast):
    case = dewi.file(siti)
    cast.ani.phone = NEW_PHONE
    cast.ani.save()
    page = approve(eka, case)
    assert page.status == 409
    assert page.heading == "Kontak baru ini sekarang milik akun lain"
    assert Recovery.get().state == "DIAJUKAN"
    assert fresh(siti).phone == OLD_PHONE


def test_what_the_schema_refuses_is_not_called_a_contact_taken(dewi, siti, cast, now):
    dewi.file(siti)
    seen = recovery_with(Recovery.get().public_id)
    Recovery.update(asked_by=cast.eka).execute()     # another than whoever looked at it saw
    with pytest.raises(peewee.IntegrityError):
        service.approve(seen, cast.eka, now)
    assert Recovery.get().state == "DIAJUKAN"


def test_an_account_that_began_to_close_meanwhile_is_not_recovered(dewi, eka, siti):
    case = dewi.file(siti)
    User.update(state=CLOSING).where(User.id == siti.id).execute()
    assert approve(eka, case).status == 409
    assert Recovery.get().state == "DIAJUKAN"
    assert fresh(siti).phone == OLD_PHONE
    assert "Ditolak" in refuse(eka, case).words()


def test_what_a_closure_ended_says_so(dewi, eka, siti):
    case = dewi.file(siti)
    Recovery.update(state="DITOLAK", decided_at=clock.now(), phone_sealed=None).execute()
    assert "Ditolak, karena akunnya ditutup" in eka.open(case).words()
    page = decide_by_force(eka, case)
    assert page.status == 409
    assert "Penutupan akun memutuskannya" in page.words()


def test_the_case_shows_masked_data_only_and_every_look_is_recorded(dewi, eka, siti, cast):
    case = dewi.file(siti, email=NEW_EMAIL)
    before = len(recorded("person:seen"))
    for page in (eka.open(case), refuse(eka, case, "")):
        for secret in (NIK, NEW_PHONE, NEW_PHONE[3:], NEW_EMAIL, OLD_EMAIL):
            assert secret not in page.text
        assert "KTP asli, Kartu keluarga (KK) asli" in page.words()
        assert "Dewi Anggraini" in page.words()
        assert "Siti" not in page.select("title")[0].text
    assert recorded("person:seen")[before:] == [
        (cast.eka.public_id, siti.public_id, {"page": "recovery case", "refused": False})] * 3


@pytest.mark.parametrize("decision", [approve, refuse])
def test_decided_its_case_is_over(dewi, eka, siti, cast, decision):
    decision(eka, dewi.file(siti))
    row = Case.get()
    assert (row.holder, row.closed_at is not None, row.owner) == (None, True, cast.eka)
    assert "Antrean kosong" in eka.open("/cabang").words()


def test_who_has_taken_it_decides_it(dewi, eka, fajar, siti):
    case = dewi.file(siti)
    fajar.open(case)
    stale = fajar.page
    eka.open(case)
    eka.send(form="form[action$='/ambil']")
    assert eka.page.path == case
    fajar.page = stale
    page = fajar.send(form="#refuse", reason="KTP buram")
    assert page.status == 409
    assert page.heading == "Permintaan ini dipegang Eka Prasetya"
    assert "KTP buram" in page.words()
    assert "Dipegang Eka Prasetya" in fajar.open(case).words()
    assert not fajar.page.select("#approve, #refuse")
    assert Recovery.get().state == "DIAJUKAN"
    assert "Disetujui oleh Eka Prasetya" in approve(eka, case).words()


def test_an_officer_does_not_take_what_only_a_supervisor_decides(dewi, siti):
    dewi.file(siti)
    assert not dewi.page.select("form[action$='/ambil']")
    assert "Menunggu penyelia" in dewi.open("/cabang").words("table")
    path = f"/cabang/kasus/{Case.get().public_id}/ambil"
    assert dewi.post(path, {"csrf_token": dewi.token()}).status == 403
    assert Case.get().owner is None


def test_who_else_has_it_open_is_said(dewi, eka, siti):
    case = dewi.file(siti)
    assert "Dewi Anggraini juga membuka kasus ini" in eka.open(case).words("#others")
