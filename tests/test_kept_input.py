"""What was typed waits for its owner: a few forms, and nothing that is declared or secret."""

import pytest

from webapp import clock, kept_input
from webapp.demo.people import PASSWORD
from webapp.models.people import Device, KeptInput, Session, User


@pytest.fixture
def keep(app, cast):
    """Keep a form of Siti's."""
    def keep(path="/profil/alamat", **fields):
        with app.test_request_context(path, method="POST", data=fields):
            return kept_input.keep(cast.siti, clock.now())
    return keep


def test_secrets_and_declarations_are_never_kept(keep):
    keep(reason="Kartu hilang", password="rahasia", code="123456", is_checked="y")  # noqa: S106
    assert KeptInput.get().fields == '{"reason": ["Kartu hilang"]}'


def test_of_many_forms_the_newest_stay(keep):
    for number in range(kept_input.MOST_FORMS + 3):
        keep(f"/profil/kontak/{number}", value="x")
    kept = [row.path for row in KeptInput.select().order_by(KeptInput.id)]
    assert len(kept) == kept_input.MOST_FORMS
    assert kept[0] == "/profil/kontak/3"


ADDRESS = "/profil/alamat"


def lose_cookie(clerk):
    """The browser was closed: what it holds only while open is gone."""
    clerk.browser.delete_cookie("purna")


def press_save(clerk, **fields):
    """Send the form that is open, without its session's cookie."""
    form = clerk.page.fields("main form")
    lose_cookie(clerk)
    return clerk.post(clerk.page.action("main form"), {**form, **fields})


def test_what_was_typed_before_the_browser_lost_its_session_waits_too(siti, cast):
    siti.open(ADDRESS)
    page = press_save(siti, address="Jalan Anggrek 7")
    assert page.heading == "Masuk"
    assert "isian=hilang" not in page.path
    kept = KeptInput.get()
    assert (kept.user, kept.path) == (cast.siti, ADDRESS)
    page = siti.send(account="siti@pekerja.example", password=PASSWORD)
    assert page.fields("main form")["address"].strip() == "Jalan Anggrek 7"
    assert User.get_by_id(cast.siti.id).address != "Jalan Anggrek 7"


def test_of_several_who_use_a_browser_it_is_theirs_whose_form_it_was(ani, siti, cast):
    assert Device.select().where(Device.digest == Device.get(Device.user == cast.ani).digest
                                 ).count() > 1
    siti.open(ADDRESS)
    press_save(siti, address="Jalan Anggrek 7")
    assert [row.user for row in KeptInput.select()] == [cast.siti]


@pytest.mark.parametrize("device", ["", "peramban-lain"])
def test_in_another_browser_nothing_is_kept(siti, device):
    siti.open(ADDRESS)
    form = siti.page.fields("main form")
    siti.browser.set_cookie("purna-perangkat", device)
    lose_cookie(siti)
    page = siti.post(ADDRESS, {**form, "address": "Jalan Anggrek 7"})
    assert "isian=hilang" in page.path
    assert not KeptInput.select().exists()


def test_nobody_can_make_such_a_form_for_somebody_else(siti, ani, cast):
    token = ani.token()
    lose_cookie(siti)
    for forged in ("", token[:44], token[:44] + "A" * 12):
        siti.post(ADDRESS, {"csrf_token": forged, "address": "Jalan Palsu"})
    assert not KeptInput.select().exists()


def test_a_borrowed_browser_keeps_nothing(siti):
    Session.update(is_borrowed=True).execute()
    siti.open(ADDRESS)
    assert "isian=hilang" in press_save(siti, address="Jalan Anggrek 7").path
    assert not KeptInput.select().exists()
