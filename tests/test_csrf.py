"""Form tokens: on every unsafe request, bound to the session, never the same twice."""

import pytest

from tests.page import Clerk, deactivation_path
from webapp import clock
from webapp.demo.people import PASSWORD
from webapp.models.deactivations import Deactivation
from webapp.models.people import Session, User


def test_v5_0_3_5_1_without_a_token_nothing_happens_and_nothing_is_lost(ani, cast):
    path = deactivation_path(cast.maju, cast.siti_at_maju)
    answers = {"reason": "RSG", "last_day": "2026-11-20", "note": "Masih ada"}
    page = ani.post(path, answers)
    assert not Deactivation.select().exists()
    assert page.fields()["note"].strip() == "Masih ada"


def test_anothers_token_is_worth_nothing(ani, citra, cast):
    token = citra.token()
    ani.post(deactivation_path(cast.maju, cast.siti_at_maju),
             {"csrf_token": token, "reason": "RSG", "last_day": "2026-11-20"})
    assert not Deactivation.select().exists()


def test_a_token_from_before_signing_in_is_dead_after(app, cast):
    clerk = Clerk(app)
    before = clerk.open("/masuk").fields()["csrf_token"]
    clerk.sign_in("ani@maju.example")
    clerk.post(deactivation_path(cast.maju, cast.siti_at_maju),
               {"csrf_token": before, "reason": "RSG", "last_day": "2026-11-20"})
    assert not Deactivation.select().exists()


def test_tokens_are_masked_anew_each_time(ani):
    assert ani.token() != ani.token()


@pytest.mark.parametrize("origin", ["cross-site", "same-site"])
def test_other_sites_are_refused_outright(ani, cast, origin):
    path = deactivation_path(cast.maju, cast.siti_at_maju)
    fields = {"csrf_token": ani.token(), "reason": "RSG", "last_day": "2026-11-20"}
    answer = ani.browser.post(path, data=fields, headers={"Sec-Fetch-Site": origin})
    assert answer.status_code == 400


def test_a_public_form_without_its_cookie_says_what_to_do(app, cast):
    stranger = Clerk(app)
    page = stranger.post("/masuk", {"account": "ani@maju.example", "password": "x"})
    assert page.status == 400
    assert "Muat ulang" in page.words()


def test_a_public_form_that_stood_open_too_long_needs_one_more_press(app, cast):
    clerk = Clerk(app)
    fields = {**clerk.open("/masuk").fields(), "account": "ani@maju.example", "password": PASSWORD}
    clerk.browser.delete_cookie("purna-form")
    page = clerk.post("/masuk", fields, htmx=True)
    assert page.status == 400
    assert page.headers["HX-Retarget"] == "find :is([data-stale],[name=csrf_token])"
    assert "Isian Anda masih ada" in page.text
    fields["csrf_token"], = page.tree.xpath("//input[@name='csrf_token']/@value")
    page = clerk.post("/masuk", fields, htmx=True)
    assert (page.status, page.headers["HX-Redirect"]) == (204, "/")


def test_a_post_from_elsewhere_leaves_the_browsers_cookie_as_it_is(app, cast):
    answer = app.test_client().post("/masuk", data={"account": "x"})
    assert answer.status_code == 400
    assert not [value for value in answer.headers.getlist("Set-Cookie") if "purna-form" in value]


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 88, "=" * 50, "\0"])
def test_a_nonsense_token_never_breaks(app, cast, token):
    assert Clerk(app).post("/masuk", {"csrf_token": token}).status == 400


def test_signing_out_after_idling_just_signs_out(ani, cast):
    fields = ani.open("/keluar").fields()
    Session.update(ended_at=clock.now()).execute()
    assert ani.post("/keluar", fields).heading == "Masuk"


def test_a_form_without_a_page_of_its_own_is_not_gone_on_with(ani, cast):
    fields = ani.open("/keluar").fields()
    Session.update(ended_at=clock.now()).execute()
    page = ani.post("/keluar/semua", fields)
    assert page.heading == "Masuk"
    assert "masih kami simpan" not in page.words()
    assert ani.send(account="ani@maju.example", password=PASSWORD).status == 200


def test_v5_0_3_5_3_a_form_that_comes_by_get_is_refused(ani):
    token = ani.token()
    for path in ("/perusahaan", "/profil/alamat", "/keluar"):
        answer = ani.browser.get(path, data={"csrf_token": token, "address": "Jalan Lain 1"})
        assert answer.status_code == 400
    assert User.get(User.email.matches("ani@maju.example")).address is None


def test_an_address_beyond_latin_letters_can_be_gone_on_to(app, cast):
    ani = Clerk(app)
    ani.open("/masuk")
    page = ani.send(htmx=True, account="ani@maju.example", password=PASSWORD, lanjut="/\u20ac")
    assert page.headers["HX-Redirect"] == "/%E2%82%AC"
