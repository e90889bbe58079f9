"""What Masuk says to somebody who was sent there: why, and what became of what they typed."""

from datetime import timedelta

import pytest
import time_machine

from tests.page import DEVICE, Clerk
from webapp import clock
from webapp.models.people import Session, User

OVER, OUT = "Waktu masuk Anda sudah habis", "Anda sudah keluar dari perangkat ini"
AGAIN = "Masuk lagi untuk melanjutkan."
LOST = "Isian tadi tidak disimpan. Masuk lagi, lalu isi sekali lagi."


@pytest.fixture
def siti(app, cast):
    """Worker Siti, signed in."""
    return Clerk(app).is_signed_in_as(cast.siti)


def in_an_hour():
    return time_machine.travel(clock.now() + timedelta(hours=1))


def test_whose_session_ran_out_is_told_so_by_a_link_too(siti):
    with in_an_hour():
        page = siti.open("/profil")
        assert (page.heading, page.words(".notice")) == ("Masuk", f"{OVER} {AGAIN}")
        assert page.fields()["lanjut"] == "/profil"


def test_whose_session_was_ended_elsewhere_is_told_that(siti):
    Session.update(ended_at=clock.now()).execute()
    assert siti.open("/profil").words(".notice") == f"{OUT} {AGAIN}"


def test_a_visitor_is_told_nothing(app, cast):
    assert not Clerk(app).open("/profil").select(".notice")


@pytest.mark.parametrize(("device", "said"), [
    (DEVICE, f"{AGAIN} Isian Anda masih kami simpan."), ("", LOST)])
def test_what_was_sent_after_signing_out_in_another_tab(app, cast, device, said):
    siti = Clerk(app, device).is_signed_in_as(cast.siti)
    siti.open("/profil/alamat")
    fields, path = siti.page.fields(), siti.page.path
    siti.post("/keluar", {"csrf_token": siti.token()})
    for htmx in (False, True):
        page = siti.post(path, {**fields, "address": "Jalan Melati 5"}, htmx=htmx)
        if htmx:
            page = siti.open(page.headers["HX-Redirect"])
        assert (page.heading, page.words(".notice")) == ("Masuk", f"{OUT} {said}")
        assert page.fields()["lanjut"].startswith("/profil/alamat")
    assert User.get_by_id(cast.siti.id).address is None


def test_what_was_sent_after_the_session_ran_out_is_said_to_be_kept(siti):
    siti.open("/profil/alamat")
    with in_an_hour():
        page = siti.send(address="Jalan Melati 5")
        assert page.words(".notice") == f"{OVER} {AGAIN} Isian Anda masih kami simpan."


def test_a_wrong_password_is_all_that_is_spoken_of_then(siti):
    with in_an_hour():
        siti.open("/profil")
        page = siti.send(account="siti@pekerja.example", password="salah sekali ini")
        assert not page.select(".notice")


def test_nobody_who_wanted_to_leave_is_sent_back_to_leaving(siti):
    siti.post("/keluar", {"csrf_token": siti.token()})
    page = siti.open("/keluar")
    assert "lanjut" not in page.fields()
    page = siti.send(account="siti@pekerja.example", password="purna-demo-2026")
    assert page.heading == "Halo, Siti Rahayu"


def test_ini_bukan_ponsel_saya_says_for_how_many_minutes(app, cast):
    words = Clerk(app).open("/masuk").words("main form")
    assert "Anda masuk paling lama 30 menit, dan tidak ada yang tertinggal." in words
