"""The contact given at registration is proven by itself, and then counts as never changed."""

from datetime import timedelta

import pytest

from tests.contacts.person import (
    EMAIL,
    NEW_PHONE,
    OLD_PHONE,
    Changer,
    code_sent,
    is_just_now,
    latest,
    siti_now,
    siti_with,
)
from tests.page import Clerk
from webapp import clock
from webapp.formats import show_phone
from webapp.models.messages import Message
from webapp.models.people import Session


@pytest.fixture
def siti(app, cast):
    """Siti, whose phone is not proven yet, signed in."""
    siti_with(unproven=OLD_PHONE)
    return Changer(app).is_signed_in_as(cast.siti)


def test_a_code_to_it_is_enough(siti, app):
    other = Clerk(app).sign_in(EMAIL)
    page = siti.open("/profil/kontak/buktikan")
    assert show_phone(OLD_PHONE) in page.words()
    siti.send()
    assert latest().recipient == OLD_PHONE
    assert "MEMBUKTIKAN KONTAK ANDA" in latest().body
    assert siti.page.words("main form button") == "Buktikan nomor ponsel ini"
    page = siti.send(code=code_sent())
    assert page.heading == "Profil"
    assert "Nomor ponsel sudah dibuktikan" in page.words(".notice")
    user = siti_now()
    assert (user.phone, user.phone_changed_at, user.unproven) == (OLD_PHONE, None, None)
    assert other.open("/profil").heading == "Profil"
    told = Message.select().where(Message.kind == "security:contact")
    assert sorted(message.recipient for message in told) == sorted([OLD_PHONE, EMAIL])
    assert "dibuktikan" in latest().body


def test_it_wants_a_proof_that_is_not_old(siti):
    Session.update(factor_at=clock.now() - timedelta(minutes=5)).execute()
    siti.open("/profil/kontak/buktikan")
    page = siti.send()
    assert page.path.startswith("/buktikan")
    assert Message.select().count() == 0


def test_profil_says_that_it_is_not_proven(siti):
    words = siti.open("/profil").words()
    assert f"{show_phone(OLD_PHONE)} Belum dibuktikan" in words
    assert f"{EMAIL} Sudah dibuktikan" in words
    assert siti.page.select("main a[href='/profil/kontak/buktikan']")


def test_another_one_in_its_place_counts_as_changed(siti):
    siti.change(value=NEW_PHONE)
    user = siti_now()
    assert user.phone == NEW_PHONE
    assert is_just_now(user.phone_changed_at)
    assert user.unproven is None


def test_the_same_one_by_the_long_road_counts_as_never_changed(siti):
    siti.change(value=OLD_PHONE)
    assert (siti_now().phone, siti_now().phone_changed_at) == (OLD_PHONE, None)


def test_with_nothing_to_prove_one_is_sent_to_profil(app, cast):
    siti = Changer(app).sign_in(EMAIL)
    assert siti.open("/profil/kontak/buktikan").path == "/profil"
    assert siti.post("/profil/kontak/buktikan", {"csrf_token": siti.token()}).path == "/profil"
