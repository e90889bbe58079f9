"""What a person is told about the account leads to where that person can still go."""

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
