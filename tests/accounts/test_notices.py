"""What a person is told about the account leads to where that person can still go."""

from datetime import timedelta

import pytest

from tests.people import with_phone
from webapp import clock
from webapp.accounts import notices
from webapp.db import write_transaction
from webapp.messages.gsm import LONGEST_SMS
from webapp.models.messages import Message

LOST = ("security:password", "security:password reset", "security:contact",
        "security:authenticator")


def told(user, kind, what="kata sandi akun Anda diganti"):
    with write_transaction():
        notices.tell(with_phone(user), kind, what, clock.now())
    return [message.body for message in Message.select()]


@pytest.mark.parametrize("kind", LOST)
def test_whose_account_was_taken_is_not_sent_into_it(cast, kind):
    bodies = told(cast.siti, kind)
    assert len(bodies) == 2
    for body in bodies:
        assert "Bukan Anda? Buka Masuk lalu Lupa sandi, atau datang ke kantor cabang." in body
        assert "Profil" not in body


def test_who_can_still_get_in_ends_everything_there(cast):
    assert all("Profil > Ini bukan saya" in body for body in told(cast.siti, "security:new device"))


def test_the_contact_that_was_the_persons_until_now_hears_the_same(cast):
    with write_transaction():
        notices.tell_at("sms", "+6281234567890", cast.siti, "security:contact",
                        "nomor ponsel akun Anda diganti", clock.now())
    assert "Lupa sandi, atau datang ke kantor cabang" in Message.get().body


@pytest.mark.parametrize("what", [
    "kata sandi Anda diganti lewat Lupa sandi", "nomor ponsel akun Anda ditambahkan",
    "autentikator dan passkey akun Anda dilepas oleh petugas sistem"])
def test_the_longer_advice_fits_one_sms_too(what):
    assert len(f"Purna: {what}. {notices.OUT_OF_REACH}") <= LONGEST_SMS


OLD_PHONE = "+6281234567890"
TOLD_OLD = ("security:password", "security:password reset", "security:recovery asked",
            "security:recovery refused")


def told_after_a_change(user, kind, ago, old=OLD_PHONE):
    """Who gets a notice some time after the phone was changed."""
    with write_transaction():
        notices.tell_at("sms", old, user, "security:contact", "nomor ponsel akun Anda diganti",
                        clock.now() - ago)
        notices.tell(with_phone(user), kind, "kata sandi akun Anda diganti", clock.now())
    return [message for message in Message.select().where(Message.kind == kind)
            if message.recipient == old]


@pytest.mark.parametrize("kind", TOLD_OLD)
def test_who_loses_an_account_hears_it_on_the_contact_held_before(cast, kind):
    told_old, = told_after_a_change(cast.siti, kind, timedelta(hours=71))
    assert "Lupa sandi, atau datang ke kantor cabang" in told_old.body


def test_after_72_hours_the_contact_held_before_hears_nothing(cast):
    assert not told_after_a_change(cast.siti, "security:password", timedelta(hours=72))


def test_what_hands_the_account_to_nobody_stays_with_the_contacts_of_today(cast):
    assert not told_after_a_change(cast.siti, "security:new device", timedelta(hours=1))


def test_a_contact_that_is_the_accounts_again_is_told_once(cast):
    phone = with_phone(cast.siti).phone
    assert len(told_after_a_change(cast.siti, "security:password", timedelta(hours=1), phone)) == 1


def test_another_accounts_former_contact_hears_nothing(cast):
    with write_transaction():
        notices.tell_at("sms", OLD_PHONE, cast.budi, "security:contact", "nomor diganti",
                        clock.now())
        notices.tell(with_phone(cast.siti), "security:password", "kata sandi diganti", clock.now())
    assert not [message for message in Message.select().where(Message.kind == "security:password")
                if message.recipient == OLD_PHONE]
