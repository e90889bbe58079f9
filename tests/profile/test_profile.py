"""Profil: who one is, in full to oneself, and the doors."""

import pytest

from tests.page import Clerk
from webapp import clock, otp
from webapp.demo.people import PASSWORD
from webapp.models.accounts import Authenticator, Passkey
from webapp.models.audit import AuditEntry
from webapp.models.people import Session, User
from webapp.profile import service
from webapp.renewal import SessionOver

EMAIL = "siti@pekerja.example"
SIGN_INS = (EMAIL, "ani@maju.example", "dewi@cabang.example")


@pytest.fixture
def siti(app, cast):
    """Siti, signed in."""
    return Clerk(app).is_signed_in_as(cast.siti)


def test_ones_own_data_is_shown_in_full(siti, cast):
    user = User.get_by_id(cast.siti.id)
    user.phone, user.address = "+6281234567890", "Jalan Melati 5\nJakarta"
    user.save()
    words = siti.open("/profil").words()
    for shown in ("Siti Rahayu", "3171064508900001", "0812 3456 7890", EMAIL, "Jalan Melati 5"):
        assert shown in words


@pytest.mark.parametrize("account", SIGN_INS)
def test_every_door_opens_and_the_way_out_is_the_last(app, cast, account):
    clerk = Clerk(app).sign_in(account)
    links = clerk.open("/profil").tree.xpath("//main//a/@href")
    assert links[-1] == "/keluar"
    assert ("/profil/kepesertaan" in links) is (account == EMAIL)
    for link in links:
        assert clerk.open(link).status == 200, link


def test_a_word_in_the_address_that_is_none_of_ours_says_nothing(siti):
    assert not siti.open("/profil?selesai=<b>hai</b>").select(".notice")


def test_it_shows_what_is_set(app, siti, cast):
    words = siti.open("/profil").words()
    assert not [state for state in ("Terpasang", "1 passkey", "Setiap 3 bulan") if state in words]
    assert "Nomor ponsel Belum ada Tambah nomor ponsel" in words
    assert "Ubah email" in words
    User.update(reminder_months=3).execute()
    now = clock.now()
    Passkey.create(user=cast.siti, credential="x", public_key=b"x", name="P", created_at=now)
    authenticator = Authenticator(user=cast.siti, created_at=now, confirmed_at=now)
    authenticator.secret = otp.new_secret()
    authenticator.save(force_insert=True)
    words = siti.open("/profil").words()
    assert [state for state in ("Terpasang", "1 passkey", "Setiap 3 bulan") if state in words] == [
        "Terpasang", "1 passkey", "Setiap 3 bulan"]


def test_an_address_is_kept_sealed_and_shown_again(siti, cast):
    siti.open("/profil/alamat")
    page = siti.send(address="Jalan Melati 5\nRT 3/RW 4, Jakarta")
    assert "Alamat sudah disimpan" in page.words()
    user = User.get_by_id(cast.siti.id)
    assert user.address == "Jalan Melati 5\nRT 3/RW 4, Jakarta"
    assert b"Melati" not in bytes(user.address_sealed)
    assert siti.open("/profil/alamat").fields()["address"].strip() == user.address
    assert AuditEntry.get(AuditEntry.kind == "account:data changed").details == '{"what":"address"}'
    siti.send(address="")
    assert User.get_by_id(cast.siti.id).address is None


def test_an_address_of_more_than_300_letters_is_refused(siti, cast):
    siti.open("/profil/alamat")
    page = siti.send(address="x" * 301)
    assert page.status == 422
    assert "Terlalu panjang 1 huruf" in page.errors()["address"]
    assert User.get_by_id(cast.siti.id).address is None


def test_an_address_typed_when_the_session_had_ended_is_not_lost(siti):
    siti.open("/profil/alamat")
    Session.update(ended_at=clock.now()).execute()
    siti.send(address="Jalan Melati 5")
    page = siti.send(account=EMAIL, password="purna-demo-2026")
    assert page.fields()["address"].strip() == "Jalan Melati 5"



@pytest.mark.parametrize(("act", "value"), [
    (service.change_address, "Jalan Pencuri 1"), (service.change_reminder, 3)])
def test_what_was_under_way_when_the_session_ended_is_not_done(siti, cast, now, act, value):
    session = Session.get()
    Session.update(ended_at=now).execute()
    with pytest.raises(SessionOver):
        act(session, value, now)
    user = User.get_by_id(cast.siti.id)
    assert (user.address, user.reminder_months) == (None, None)


def test_and_what_was_typed_waits_for_the_next_sign_in(app, siti):
    typed = {**siti.open("/profil/alamat").fields(), "address": "Jalan Melati 5"}
    cookie = siti.browser.get_cookie("purna").value
    with app.test_request_context("/profil/alamat", method="POST", data=typed,
                                  headers={"Cookie": f"purna={cookie}"}):
        answer = app.make_response(app.handle_user_exception(SessionOver()))
    Session.update(ended_at=clock.now()).execute()
    siti.open(answer.location)
    assert siti.send(account=EMAIL, password=PASSWORD).fields()["address"].strip() == (
        "Jalan Melati 5")
