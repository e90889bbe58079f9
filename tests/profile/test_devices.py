"""Perangkat: the sessions that are open, and ending them."""

import pytest

from tests.page import Clerk
from webapp import clock
from webapp.models.audit import AuditEntry
from webapp.models.people import Session

EMAIL = "siti@pekerja.example"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) Chrome/124.0 Mobile Safari/537.36"


@pytest.fixture
def siti(app, cast):
    """Siti, signed in."""
    return Clerk(app).sign_in(EMAIL)


def on_android(app):
    phone = Clerk(app)
    phone.browser.environ_base["HTTP_USER_AGENT"] = ANDROID
    return phone.sign_in(EMAIL)


def forms(page):
    return page.tree.xpath("//form/@action[contains(., '/keluarkan')]")


def test_each_open_session_is_named_and_this_one_marked(siti, app):
    on_android(app)
    page = siti.open("/profil/perangkat")
    rows = [" ".join(row.text_content().split()) for row in page.select("main .rows li")]
    assert len(rows) == 2
    phone, = [row for row in rows if "Chrome di Android" in row]
    assert "22 November 2026 pukul 13.30 WIB" in phone
    assert "Keluarkan" in phone
    assert "Perangkat ini" in rows[0]
    mine, = [row for row in rows if "Perangkat ini" in row]
    assert "Keluarkan" not in mine


def test_one_can_be_put_out(siti, app, cast):
    phone = on_android(app)
    siti.open("/profil/perangkat")
    page = siti.send("form[action$='/keluarkan']")
    assert not forms(page)
    assert page.words(".notice-title") == "Chrome di Android sudah dikeluarkan"
    assert phone.open("/profil").heading == "Masuk"
    assert siti.open("/profil").heading == "Profil"
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.kind, entry.subject) == ("session:ended", cast.siti.public_id)


def test_putting_it_out_twice_is_the_same_as_once(siti, app):
    on_android(app)
    action, = forms(siti.open("/profil/perangkat"))
    token = siti.token()
    for _ in range(2):
        assert siti.post(action, {"csrf_token": token}).heading == "Perangkat"
    assert AuditEntry.select().where(AuditEntry.kind == "session:ended").count() == 1


def test_v5_0_8_2_2_a_strangers_session_is_missing(siti, ani, cast):
    theirs = Session.get(Session.user == cast.siti)
    path = f"/profil/perangkat/{theirs.public_id}/keluarkan"
    assert ani.post(path, {"csrf_token": ani.token()}).status == 404
    assert Session.get_by_id(theirs.id).ended_at is None


@pytest.mark.parametrize("named", ["x", "", "00000000-0000-4000-8000-000000000000"])
def test_what_was_not_put_out_is_not_said_to_be(siti, named):
    assert not siti.open(f"/profil/perangkat?selesai={named}").select(".notice")


def test_what_is_open_still_or_a_strangers_is_not_said_to_be_out(siti, ani, cast):
    mine, theirs = Session.get(Session.user == cast.siti), Session.get(Session.user == cast.ani)
    theirs.ended_at = clock.now()
    theirs.save()
    for row in (mine, theirs):
        assert not siti.open(f"/profil/perangkat?selesai={row.public_id}").select(".notice")


def test_a_session_that_is_over_is_not_listed(siti, app, cast):
    on_android(app)
    Session.update(created_at=clock.now().replace(year=2025)).where(
        Session.browser == ANDROID).execute()
    assert "Chrome di Android" not in siti.open("/profil/perangkat").words()


def test_all_can_be_ended_from_here(siti, app):
    phone = on_android(app)
    siti.open("/profil/perangkat")
    assert siti.send("form[action='/keluar/semua']").heading == "Masuk"
    assert phone.open("/profil").heading == "Masuk"
