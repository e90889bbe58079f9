"""Ini bukan saya: everybody out, the password void, and a code to the owner alone."""

from datetime import timedelta

import pytest

from tests.page import Clerk
from webapp import clock
from webapp.accounts import notices
from webapp.challenges import send_limits
from webapp.db import write_transaction
from webapp.demo.people import PASSWORD
from webapp.models.accounts import Challenge, Passkey
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import Device, Session, User

EMAIL, PHONE = "siti@pekerja.example", "+6281234567890"


@pytest.fixture
def siti(app, cast):
    """Siti with phone and e-mail, signed in."""
    change(cast, phone=PHONE)
    return Clerk(app).is_signed_in_as(cast.siti)


def change(cast, **values):
    user = User.get_by_id(cast.siti.id)
    for name, value in values.items():
        setattr(user, name, value)
    user.save()


def press(clerk):
    clerk.open("/profil/bukan-saya")
    return clerk.send("form.confirm-bar")


def go_on(clerk):
    link, = clerk.page.tree.xpath("//main//a[contains(., 'Buat kata sandi baru')]/@href")
    return clerk.open(link)


def code_message():
    return Message.get_or_none(Message.kind == "otp-sandi-baru")


def test_every_session_and_device_and_the_password_are_gone_at_once(siti, app, cast):
    other = Clerk(app).sign_in(EMAIL)
    Passkey.create(user=cast.siti, credential="x", public_key=b"x", name="Ponsel",
                   created_at=clock.now())
    press(siti)
    assert not Session.select().where(Session.ended_at.is_null()).exists()
    assert not Device.select().where(Device.user == cast.siti).exists()
    assert not Passkey.select().exists()
    assert User.get_by_id(cast.siti.id).password_hash is None
    assert other.open("/profil").heading == "Masuk"
    visitor = Clerk(app)
    visitor.open("/masuk")
    assert visitor.send(account=EMAIL, password=PASSWORD).status == 422


def test_a_code_for_a_new_password_is_on_its_way_and_its_page_is_open(siti):
    page = press(siti)
    assert page.heading == "Akun Anda sudah diamankan"
    assert "Semua perangkat sudah keluar" in page.words()
    assert "Kata sandi dan passkey tidak berlaku lagi" in page.words()
    assert "lewat SMS ke •••• •••• 7890" in page.words()
    assert go_on(siti).heading == "Kata sandi baru"
    assert code_message().recipient == PHONE
    assert siti.browser.get_cookie("purna") is None
    assert siti.open("/profil").heading == "Masuk"


def test_the_code_makes_a_new_password(siti, app):
    press(siti)
    page = go_on(siti)
    code = "".join(code_message().body.split()[1:3])
    siti.post(page.path, {**page.fields(), "code": code,
                          "new_password": "kuda baterai hijau jendela"})
    assert User.get(User.email.matches(EMAIL)).password_hash


@pytest.mark.parametrize(("hours", "recipient"), [(71, EMAIL), (72, PHONE)])
def test_no_code_goes_to_a_contact_changed_within_72_hours(siti, cast, hours, recipient):
    change(cast, phone_changed_at=clock.now() - timedelta(hours=hours))
    press(siti)
    assert code_message().recipient == recipient


def test_where_both_are_new_no_code_goes_anywhere(siti, cast):
    change(cast, phone_changed_at=clock.now(), email_changed_at=clock.now())
    page = press(siti)
    assert page.heading == "Semua perangkat sudah keluar"
    assert "kantor cabang" in page.words()
    assert code_message() is None
    assert Challenge.select().where(Challenge.expires_at > clock.now()).count() == 0
    assert not Session.select().where(Session.ended_at.is_null()).exists()


def test_it_is_told_on_every_proven_channel_and_recorded(siti, cast):
    press(siti)
    told = list(Message.select().where(Message.kind == "security:not me"))
    assert sorted(message.recipient for message in told) == sorted([PHONE, EMAIL])
    assert all("Semua perangkat keluar" in message.body for message in told)
    entry = AuditEntry.get(AuditEntry.kind == "account:not me")
    assert entry.subject == cast.siti.public_id


def test_the_contact_that_a_thief_replaced_is_told_too(siti, cast):
    with write_transaction():
        notices.tell_at("email", "siti@lama.example", cast.siti, "security:contact",
                        "email akun Anda diganti", clock.now() - timedelta(hours=1))
    press(siti)
    told = {message.recipient: message.body
            for message in Message.select().where(Message.kind == "security:not me")}
    assert set(told) == {PHONE, EMAIL, "siti@lama.example"}
    assert "kantor cabang" in told["siti@lama.example"]


def test_what_a_thief_began_is_over(siti, app, cast):
    thief = Clerk(app, device="")
    thief.open("/masuk")
    thief.send(account=EMAIL, password=PASSWORD)
    assert thief.page.path.startswith("/masuk/kode/")
    code = "".join(Message.get(Message.kind == "otp-masuk").body.split()[1:3])
    press(siti)
    assert thief.send(code=code).status == 410
    assert not Session.select().where(Session.ended_at.is_null()).exists()


def test_where_too_many_codes_went_out_already_the_page_does_not_claim_one(siti, cast):
    with write_transaction():
        for channel, address in (("sms", PHONE), ("email", EMAIL)):
            send_limits.count_send(channel, address, clock.now() - timedelta(seconds=9))
    page = press(siti)
    assert code_message() is None
    assert "Kode belum bisa dikirim" in page.words()
    assert "7890" not in page.words()


def test_what_anybody_asked_for_by_lupa_sandi_tells_nobody_where_its_code_went(siti, app, cast):
    stranger = Clerk(app, device="")
    stranger.open("/lupa-sandi")
    path = stranger.send(account=EMAIL, channel="sms").path
    assert path.startswith("/lupa-sandi/")
    assert stranger.open(path.replace("/lupa-sandi/", "/profil/bukan-saya/")).status == 404


def test_the_button_names_the_act(siti):
    button, = siti.open("/profil/bukan-saya").select("form.confirm-bar button")
    assert button.text == "Keluarkan semua dan matikan kata sandi"


def test_merely_looking_changes_nothing(siti, cast):
    siti.open("/profil/bukan-saya")
    assert User.get_by_id(cast.siti.id).password_hash
    assert siti.open("/profil").heading == "Profil"
