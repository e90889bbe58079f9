"""A session that ended is dead at the server, whatever was copied and whatever was in flight."""

from datetime import timedelta

from tests.page import Clerk, in_parallel
from webapp import clock, sessions
from webapp.db import write_transaction
from webapp.models.people import Session

ROUNDS = 200
BORROWED = "Ini ponsel orang lain. Keluar bila selesai."


def begin(app, user):
    clerk = Clerk(app)
    with write_transaction():
        clerk.browser.set_cookie("purna", sessions.begin(user, clock.now(), browser="round"))
    return clerk


def copied(app, clerk):
    """Another browser with the same cookie."""
    thief = Clerk(app)
    thief.browser.set_cookie("purna", clerk.browser.get_cookie("purna").value)
    return thief


def test_se_05_a_request_in_flight_does_not_revive_a_session_two_hundred_rounds(app, cast):
    in_flight = 0
    for _ in range(ROUNDS):
        clerk = begin(app, cast.ani)
        thief, token = copied(app, clerk), clerk.token()
        # Last used two minutes ago: the request in flight writes that it was used.
        Session.update(seen_at=clock.now() - timedelta(minutes=2)).where(
            Session.ended_at.is_null()).execute()

        def act(number, clerk=clerk, thief=thief, token=token):
            if number:
                return thief.browser.get("/perusahaan").status_code
            return clerk.browser.post("/keluar", data={"csrf_token": token}).status_code

        out, inside = in_parallel(act, 2)
        assert out == 303
        in_flight += inside == 200
        later = thief.browser.get("/perusahaan")
        assert later.status_code == 303
        assert later.location.startswith("/masuk")
    assert Session.select().where(Session.ended_at.is_null()).count() == 0
    assert in_flight, "no request was in flight"


def test_se_04_every_page_is_closed_to_a_copied_session(app, ani):
    thief = copied(app, ani)
    assert thief.open("/perusahaan").heading == "Pilih perusahaan"
    ani.post("/keluar", {"csrf_token": ani.token()})
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if view.audience not in ("public", "branch") and not rule.arguments and (
                "GET" in rule.methods):
            answer = thief.browser.get(rule.rule)
            assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/masuk")


def test_signing_out_everywhere_also_ends_what_was_copied(app, ani):
    thief = copied(app, ani)
    ani.post("/keluar/semua", {"csrf_token": ani.token()})
    assert thief.open("/perusahaan").heading == "Masuk"
    assert Session.select().where(Session.ended_at.is_null()).count() == 0


def test_who_signed_out_is_told_so(ani):
    ani.open("/keluar")
    page = ani.send("form[action='/keluar']")
    assert (page.heading, page.words(".notice-title")) == ("Masuk", "Anda sudah keluar")


def test_who_signed_out_everywhere_is_told_that(ani):
    ani.open("/keluar")
    page = ani.send("form[action='/keluar/semua']")
    assert page.words(".notice-title") == "Anda sudah keluar dari semua perangkat"


def test_what_stays_on_the_device_is_said(ani):
    assert "Yang tertinggal hanya tanda pengenal perangkat ini" in ani.open("/keluar").words()
    ani.send("form[action='/keluar']")
    assert ani.browser.get_cookie("purna") is None
    assert ani.browser.get_cookie("purna-perangkat")
    assert BORROWED not in ani.page.text


def borrow(app, user):
    """A browser of somebody else, signed in for a short while."""
    clerk = Clerk(app, device="")
    clerk.browser.delete_cookie("purna-perangkat")
    with write_transaction():
        clerk.browser.set_cookie("purna", sessions.begin(user, clock.now(), browser="round",
                                                         is_borrowed=True))
    return clerk


def test_on_a_device_that_is_not_ones_own_each_page_says_so_and_nothing_stays(app, cast):
    siti = borrow(app, cast.siti)
    for path in ("/beranda", "/pesan", "/profil", "/profil/sandi", "/keluar", "/tidak-ada"):
        assert BORROWED in siti.open(path).words("header"), path
    assert "Tidak ada yang tertinggal di perangkat ini" in siti.open("/keluar").words()
    page = siti.send("form[action='/keluar']")
    assert BORROWED not in page.text
    assert siti.browser.get_cookie("purna") is None
    assert siti.browser.get_cookie("purna-perangkat") is None


def test_on_ones_own_device_no_page_says_so(ani):
    assert BORROWED not in ani.open("/profil").text
