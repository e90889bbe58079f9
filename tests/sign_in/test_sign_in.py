"""Signing in: one answer for every mistake, limits that hold, sessions that end."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.page import Clerk, deactivation_path, in_parallel
from webapp import clock
from webapp.demo.people import PASSWORD
from webapp.models.audit import AuditEntry
from webapp.models.people import KeptInput, Session, Throttle


def try_password(clerk, password, email="ani@maju.example"):
    clerk.open("/masuk")
    return clerk.send(account=email, password=password)


@pytest.mark.parametrize(("email", "heading"), [
    ("ani@maju.example", "Pilih perusahaan"), ("budi@maju.example", "Tenaga kerja"),
    ("siti@pekerja.example", "Halo, Siti Rahayu"), ("dewi@cabang.example", "Antrean")])
def test_everybody_lands_on_their_first_page(visitor, email, heading):
    assert visitor.sign_in(email).page.heading == heading


def test_v5_0_6_3_8_known_and_unknown_accounts_answer_alike(app, cast):
    known = try_password(Clerk(app), "salah-sekali-ini")
    unknown = try_password(Clerk(app), "salah-sekali-ini", "tidak@ada.example")
    assert known.status == unknown.status == 422
    hide = r'(name="csrf_token" value|name="account"[^>]* value|value)="[^"]*"'
    assert re.sub(hide, "", known.text) == re.sub(hide, "", unknown.text)


def test_what_was_typed_stays_but_the_password(visitor):
    page = try_password(visitor, "salah-sekali-ini")
    assert page.fields() == {**page.fields(), "account": "ani@maju.example", "password": ""}


def test_five_tries_in_a_minute_then_wait(visitor):
    for _ in range(5):
        assert try_password(visitor, "salah-sekali-ini").status == 422
    page = try_password(visitor, PASSWORD)
    assert page.status == 429
    assert page.headers["Retry-After"]


def test_who_waits_as_long_as_was_said_is_not_told_to_wait_again(visitor):
    begun = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    with time_machine.travel(begun, tick=False):
        for _ in range(5):
            try_password(visitor, "salah-sekali-ini")
    now = begun + timedelta(seconds=10.6)
    with time_machine.travel(now, tick=False):
        seconds = int(try_password(visitor, PASSWORD).headers["Retry-After"])
    with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
        assert try_password(visitor, PASSWORD).heading == "Pilih perusahaan"


def test_ten_failures_lock_for_ten_minutes_then_twenty(visitor):
    def fail_ten():
        for _ in range(10):
            try_password(visitor, "salah-sekali-ini")
            Throttle.update(window_ends=clock.now()).execute()      # another minute begins
        return Throttle.get(Throttle.kind == "sign-in").locked_until - clock.now()

    assert timedelta(minutes=9) < fail_ten() <= timedelta(minutes=10)
    Throttle.update(locked_until=clock.now()).execute()
    assert timedelta(minutes=19) < fail_ten() <= timedelta(minutes=20)


def test_forty_guesses_at_once_evaluate_five(app, cast):
    Throttle.delete().execute()
    in_parallel(lambda _: try_password(Clerk(app), "salah-sekali-ini"), 20)
    refused = AuditEntry.select().where(AuditEntry.kind == "session:refused").count()
    assert refused == 5


def test_a_lock_does_not_end_an_open_session(ani, visitor, cast):
    for _ in range(6):
        try_password(visitor, "salah-sekali-ini")
    assert ani.open("/perusahaan").status == 200


def test_v5_0_7_2_4_signing_in_gives_a_new_id(visitor):
    visitor.browser.set_cookie("purna", "planted-by-somebody-else")
    visitor.sign_in("ani@maju.example")
    assert visitor.browser.get_cookie("purna").value != "planted-by-somebody-else"


def test_v5_0_7_4_1_signing_out_ends_the_session_at_the_server(ani, app):
    cookie = ani.browser.get_cookie("purna").value
    ani.open("/keluar")
    page = ani.send()
    assert page.heading == "Masuk"
    thief = Clerk(app)
    thief.browser.set_cookie("purna", cookie)
    assert thief.open("/perusahaan").heading == "Masuk"


def test_signing_out_everywhere_ends_the_other_browsers(app, cast):
    one, other = (Clerk(app).sign_in("ani@maju.example") for _ in range(2))
    one.open("/keluar")
    one.send(form="form[action='/keluar/semua']")
    assert other.open("/perusahaan").heading == "Masuk"


def test_signing_out_clears_what_the_browser_kept(ani):
    fields = ani.open("/keluar").fields()
    answer = ani.browser.post("/keluar", data=fields)
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize(("email", "minutes"), [("ani@maju.example", 30),
                                                ("dewi@cabang.example", 15)])
def test_an_idle_session_ends(visitor, email, minutes):
    visitor.sign_in(email)
    Session.update(seen_at=clock.now() - timedelta(minutes=minutes, seconds=1)).execute()
    assert visitor.open("/").heading == "Berhenti bekerja, diurus tuntas"


@pytest.mark.parametrize(("email", "hours"), [("ani@maju.example", 12),
                                              ("dewi@cabang.example", 8)])
def test_a_session_ends_however_busy(visitor, email, hours):
    visitor.sign_in(email)
    Session.update(created_at=clock.now() - timedelta(hours=hours)).execute()
    assert visitor.open("/").heading == "Berhenti bekerja, diurus tuntas"


def test_staff_have_one_session_at_a_time(app, cast):
    first = Clerk(app).sign_in("dewi@cabang.example")
    Clerk(app).sign_in("dewi@cabang.example")
    assert first.open("/cabang").heading == "Masuk"


def test_after_signing_in_one_goes_on_where_one_was(app, cast, visitor):
    path = deactivation_path(cast.maju, cast.siti_at_maju)
    assert visitor.open(path).heading == "Masuk"
    page = visitor.send(account="ani@maju.example", password=PASSWORD)
    assert page.heading == "Nonaktifkan Siti Rahayu"


def test_nothing_typed_is_lost_when_the_session_ended(ani, cast):
    ani.open(deactivation_path(cast.maju, cast.siti_at_maju))
    Session.update(ended_at=clock.now()).execute()
    page = ani.send(reason="PHK", last_day="2026-11-20", note="Catatan panjang")
    assert page.heading == "Masuk"
    assert "Isian Anda masih kami simpan" in page.words()
    page = ani.send(account="ani@maju.example", password=PASSWORD)
    assert page.heading == "Nonaktifkan Siti Rahayu"
    assert page.fields()["note"].strip() == "Catatan panjang"
    assert page.fields()["reason"] == "PHK"


def test_what_was_kept_is_shown_to_its_owner_only(ani, citra, budi, cast):
    ani.open(deactivation_path(cast.maju, cast.siti_at_maju))
    Session.update(ended_at=clock.now()).where(Session.user == cast.ani).execute()
    ani.send(reason="PHK", last_day="2026-11-20", note="Rahasia Ani")
    onward = ani.page.fields()["lanjut"]
    assert "Rahasia Ani" not in budi.open(onward).text


def test_an_expired_session_sends_htmx_to_sign_in(ani, cast):
    path = ani.open(f"/perusahaan/{cast.maju.public_id}/tenaga-kerja").path
    Session.update(ended_at=clock.now()).execute()
    answer = ani.browser.get(path, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/masuk")


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example",
                                       "\\\\evil.example", "javascript:alert(1)", "/a\\b"])
def test_v5_0_3_7_2_one_is_never_sent_elsewhere(visitor, elsewhere):
    visitor.open("/masuk")
    fields = {**visitor.page.fields(), "lanjut": elsewhere, "account": "ani@maju.example",
              "password": PASSWORD}
    answer = visitor.browser.post("/masuk", data=fields)
    assert answer.headers["Location"] == "/"


def test_only_the_digest_of_a_session_is_kept(ani):
    assert ani.browser.get_cookie("purna").value not in [row.digest for row in Session.select()]


def test_the_hash_is_argon2id_as_prescribed(cast):
    assert cast.ani.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_signing_in_over_an_open_session_ends_it(ani, cast):
    before = Session.get()
    fields = {"account": "citra@lain.example", "password": PASSWORD, "csrf_token": ani.token()}
    ani.post("/masuk", fields)
    assert Session.get_by_id(before.id).ended_at


def test_a_page_merely_looked_at_is_not_said_to_be_kept(ani, cast):
    Session.update(ended_at=clock.now()).execute()
    assert "masih kami simpan" not in ani.open("/perusahaan").words()


@pytest.mark.parametrize("field", ["account", "password", "lanjut"])
def test_a_file_where_text_belongs_is_no_fault_of_ours(visitor, field):
    fields = {**visitor.open("/masuk").fields(), "account": "a@b.example", "password": "x"}
    fields[field] = (io.BytesIO(b"text"), "text.txt")
    assert visitor.post("/masuk", fields).status == 422


def test_an_ended_session_keeps_one_input_for_a_page_and_none_without_a_token(ani, cast):
    path = deactivation_path(cast.maju, cast.siti_at_maju)
    form = ani.open(path).fields()
    Session.update(ended_at=clock.now()).execute()
    for _ in range(3):
        ani.post(path, {**form, "note": "Masih ada"})
        ani.post(path, {"note": "Tanpa kode"})
    assert KeptInput.select().count() == 1
