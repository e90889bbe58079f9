"""A contact changes when a proven one and the new one have answered, and not before."""

from datetime import timedelta

import pytest
import time_machine

from tests.contacts.person import (
    EMAIL,
    NEW_EMAIL,
    NEW_PHONE,
    OLD_PHONE,
    Changer,
    code_sent,
    is_just_now,
    latest,
    siti_now,
    siti_with,
    wrong_code,
)
from tests.page import Clerk
from webapp import clock
from webapp.demo.people import PASSWORD
from webapp.formats import mask_phone
from webapp.messages.gsm import LONGEST_SMS, gsm_text
from webapp.models.accounts import Challenge
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import Session


@pytest.fixture
def siti(app, cast):
    """Siti with phone and e-mail, signed in."""
    siti_with(phone=OLD_PHONE)
    return Changer(app).is_signed_in_as(cast.siti)


def test_a_phone_changes_by_a_code_to_the_old_contact_and_one_to_the_new(siti, app):
    page = siti.ask(value="0813 9000 4512", channel="sms")
    assert "•••• •••• 7890" in page.words()
    assert latest().recipient == OLD_PHONE
    assert "MENGGANTI KONTAK AKUN" in latest().body
    page = siti.send(code=code_sent())
    assert "•••• •••• 4512" in page.words()
    assert latest().recipient == NEW_PHONE
    assert siti_now().phone == OLD_PHONE
    page = siti.send(code=code_sent())
    assert page.path == "/profil?selesai=phone"
    assert "Nomor ponsel sudah terpasang" in page.words()
    user = siti_now()
    assert user.phone == NEW_PHONE
    assert is_just_now(user.phone_changed_at)
    assert (user.email, user.email_changed_at) == (EMAIL, None)


@pytest.mark.parametrize(("path", "value", "to"), [
    ("/profil/ponsel", NEW_PHONE, "**** 4512"),
    ("/profil/email", NEW_EMAIL, "s***@pekerja.example"),
    ("/profil/email", "u@perusahaan-yang-sangat-panjang-sekali.co.id",
     "u***@perusahaan-yang-sang...")])
@pytest.mark.parametrize("channel", ["sms", "email"])
def test_the_first_message_says_to_what_the_contact_changes(siti, path, value, to, channel):
    siti.ask(path, value=value, channel=channel)
    assert f"MENGGANTI KONTAK AKUN menjadi {to}" in latest().body
    if channel == "sms":
        assert gsm_text(latest().body) == latest().body
        assert len(latest().body) <= LONGEST_SMS
    siti.send(code=code_sent())
    assert "menjadi" not in latest().body


def test_the_pages_say_which_code_of_two_it_is_and_where_it_came(siti):
    def said():
        return siti.page.words(".steps"), siti.page.heading

    siti.ask(value=NEW_PHONE, channel="sms")
    assert said() == ("Kode 1 dari 2", "Kode dari ponsel lama")
    siti.send(code=code_sent())
    assert said() == ("Kode 2 dari 2", "Kode dari ponsel baru")
    siti.ask("/profil/email", value=NEW_EMAIL, channel="email")
    assert said() == ("Kode 1 dari 2", "Kode dari email lama")


def test_the_first_code_may_come_by_the_other_channel(siti):
    siti.ask(value=NEW_PHONE, channel="email")
    assert latest().recipient == EMAIL
    assert siti.page.heading == "Kode dari email Anda"
    siti.send(code=code_sent())
    siti.send(code=code_sent())
    assert siti_now().phone == NEW_PHONE


def test_an_email_changes_alike(siti):
    page = siti.change("/profil/email", value="Siti.Baru@Pekerja.example", channel="sms")
    assert "Email sudah terpasang" in page.words()
    assert siti_now().email == NEW_EMAIL
    assert is_just_now(siti_now().email_changed_at)


def test_the_old_contact_and_every_proven_one_are_told(siti):
    siti.change(value=NEW_PHONE, channel="sms")
    told = Message.select().where(Message.kind == "security:contact")
    assert sorted(message.recipient for message in told) == sorted([OLD_PHONE, NEW_PHONE, EMAIL])
    assert all("nomor ponsel akun Anda diganti" in message.body.replace("Nomor", "nomor")
               and "Bukan Anda?" in message.body for message in told)


def test_what_is_recorded_is_masked(siti):
    siti.change(value=NEW_PHONE, channel="sms")
    entry = AuditEntry.get(AuditEntry.kind == "contact:changed")
    assert entry.subject == siti_now().public_id
    assert mask_phone(NEW_PHONE) in entry.details
    assert NEW_PHONE[-8:] not in entry.details


def test_every_other_session_ends_and_this_one_gets_a_new_id(siti, app):
    other, before = Clerk(app).sign_in(EMAIL), siti.browser.get_cookie("purna").value
    siti.change(value=NEW_PHONE, channel="sms")
    assert siti.browser.get_cookie("purna").value != before
    assert siti.open("/profil").heading == "Profil"
    assert other.open("/profil").heading == "Masuk"
    thief = Clerk(app)
    thief.browser.set_cookie("purna", before)
    assert thief.open("/profil").heading == "Masuk"


def signs_in_with_the_old_phone(app):
    """Somebody who has the old phone and the password, where the code is asked for."""
    thief = Clerk(app, device="")
    thief.open("/masuk")
    thief.send(account=EMAIL, password=PASSWORD)
    assert latest().recipient == OLD_PHONE
    return thief


def test_a_sign_in_code_sent_to_the_old_phone_opens_nothing_any_more(siti, app):
    thief = signs_in_with_the_old_phone(app)
    code = code_sent()
    siti.change(value=NEW_PHONE, channel="email")
    assert thief.send(code=code).status == 410
    assert thief.open("/profil").heading == "Masuk"


def test_nor_does_one_that_is_judged_while_the_phone_changes(siti, app):
    thief = signs_in_with_the_old_phone(app)
    siti_with(phone=NEW_PHONE)
    assert thief.send(code=code_sent()).heading == "Masuk"
    assert Session.select().count() == 1


def test_one_that_is_missing_is_added_and_counts_as_changed_now(app, cast):
    siti = Changer(app).sign_in(EMAIL)
    page = siti.open("/profil/ponsel")
    assert page.heading == "Pasang nomor ponsel"
    assert not page.select("[name=channel]")
    siti.change(value=NEW_PHONE)
    user = siti_now()
    assert user.phone == NEW_PHONE
    assert is_just_now(user.phone_changed_at)
    assert "ditambahkan" in latest().body


def test_a_wrong_code_changes_nothing(siti):
    siti.ask(value=NEW_PHONE, channel="sms")
    page = siti.send(code=wrong_code())
    assert page.status == 422
    assert "Sisa 4 percobaan" in page.errors()["code"]
    siti.send(code=code_sent())
    assert siti.send(code=wrong_code()).status == 422
    assert siti_now().phone == OLD_PHONE


def test_the_code_to_the_old_contact_is_no_code_for_the_new(siti):
    siti.ask(value=NEW_PHONE, channel="sms")
    first = code_sent()
    siti.send(code=first)
    assert siti.send(code=first).status == 422 or first == code_sent()
    assert siti_now().phone == OLD_PHONE


def test_the_last_step_cannot_be_reached_past_the_first(siti):
    siti.ask(value=NEW_PHONE, channel="sms")
    challenge = Challenge.get(Challenge.purpose == "ubah-kontak")
    assert siti.open(f"/profil/kontak/{challenge.public_id}/baru").status == 404


def test_a_strangers_challenge_is_missing(siti, ani):
    siti.ask(value=NEW_PHONE, channel="sms")
    assert ani.open(siti.page.path).status == 404
    siti.send(code=code_sent())
    assert ani.open(siti.page.path).status == 404


def test_asking_twice_keeps_the_code_that_is_on_its_way(siti):
    siti.ask(value=NEW_PHONE, channel="sms")
    first, code = siti.page.path, code_sent()
    siti.ask(value=NEW_PHONE, channel="sms")
    assert siti.page.path == first
    assert Message.select().where(Message.kind == "otp-ubah-kontak").count() == 1
    assert "/baru" in siti.send(code=code).path


def test_another_wish_ends_the_one_before(siti):
    siti.ask(value=NEW_PHONE, channel="sms")
    first = siti.page.path
    siti.ask("/profil/email", value=NEW_EMAIL, channel="email")
    assert siti.open(first).status == 410


def test_a_first_code_used_already_leads_to_where_it_led(siti):
    siti.ask(value=NEW_PHONE, channel="sms")
    first, code = siti.page.path, code_sent()
    second = siti.send(code=code).path
    fields = {"csrf_token": siti.token(), "code": code}
    assert siti.post(first, fields).path == second


def test_a_last_code_sent_twice_ends_in_profil(siti):
    siti.ask(value=NEW_PHONE, channel="sms")
    siti.send(code=code_sent())
    last, code = siti.page.path, code_sent()
    siti.send(code=code)
    assert siti.post(last, {"csrf_token": siti.token(), "code": code}).heading == "Profil"
    assert AuditEntry.select().where(AuditEntry.kind == "contact:changed").count() == 1


def test_a_last_code_whose_answer_was_lost_is_sent_again_and_one_stays_signed_in(siti):
    siti.ask(value=NEW_PHONE, channel="sms")
    siti.send(code=code_sent())
    page = siti.send_again(code=code_sent())
    assert "Nomor ponsel sudah terpasang" in page.words()
    assert siti.open("/profil").heading == "Profil"
    assert AuditEntry.select().where(AuditEntry.kind == "contact:changed").count() == 1


@pytest.mark.parametrize(("path", "value", "sentence"), [
    ("/profil/ponsel", "", "Tulis nomor ponsel yang baru."),
    ("/profil/ponsel", "021", "Nomor ponsel ini tidak dikenali"),
    ("/profil/ponsel", "0812 3456 7890", "Nomor ponsel baru ini sudah terpasang"),
    ("/profil/email", "siti", "tidak lengkap atau salah tulis"),
    ("/profil/email", "SITI@pekerja.example", "Email baru ini sudah terpasang")])
def test_what_is_no_new_contact_is_said_beside_its_field(siti, path, value, sentence):
    page = siti.ask(path, value=value, channel="sms")
    assert page.status == 422
    assert sentence in page.errors()["value"]
    assert Challenge.select().count() == 0


def test_what_is_wrong_is_listed_in_the_order_of_the_page_and_stays_as_typed(siti):
    siti.open("/profil/ponsel")
    page = siti.send(value="")
    assert [link.get("href") for link in page.select(".error-summary a")] == ["#value", "#channel"]
    page = siti.send(value="0813 9000 4512")
    assert page.errors().keys() == {"channel"}
    assert page.fields()["value"] == "0813 9000 4512"


def test_nothing_typed_is_lost_when_the_session_ended(siti):
    siti.open("/profil/ponsel")
    Session.update(ended_at=clock.now()).execute()
    siti.send(value="0813 9000 4512", channel="email")
    page = siti.send(account=EMAIL, password="purna-demo-2026")
    assert page.fields()["value"] == "0813 9000 4512"
    assert page.fields()["channel"] == "email"


def test_a_session_that_ended_meanwhile_changes_nothing(siti):
    siti.ask(value=NEW_PHONE, channel="sms")
    siti.send(code=code_sent())
    Session.update(ended_at=clock.now()).execute()
    assert siti.send(code=code_sent()).heading == "Masuk"
    assert siti_now().phone == OLD_PHONE


def test_staff_are_given_their_email_and_change_their_phone(app, cast):
    dewi = Changer(app).sign_in("dewi@cabang.example")
    profile = dewi.open("/profil")
    assert not profile.select("main a[href='/profil/email']")
    assert "Email petugas diganti oleh manajemen cabang" in profile.words()
    page = dewi.open("/profil/email")
    assert page.status == 403
    assert "Minta manajemen cabang" in page.words()
    answer = dewi.post("/profil/email", {"csrf_token": dewi.token(), "value": NEW_EMAIL})
    assert answer.status == 403
    assert dewi.change(value=NEW_PHONE).heading == "Profil"


def test_a_code_may_be_sent_again_after_a_minute(siti, app):
    siti.ask(value=NEW_PHONE, channel="sms")
    page = siti.send(ulang="sms")
    assert page.status == 429
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        assert siti.send(ulang="email").status == 200
        assert latest().recipient == EMAIL
