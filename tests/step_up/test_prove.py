"""Before a sensitive act: the strongest proof a person has, judged, counted, and good for long."""

import json
from datetime import timedelta

import pytest
import time_machine

from tests.authenticator.app import App, enrol
from tests.page import Clerk, in_parallel
from tests.passkey.conftest import Keyring
from webapp import clock, sessions
from webapp.db import write_transaction
from webapp.demo.people import PASSWORD
from webapp.models.accounts import Authenticator, Passkey
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import Session, User
from webapp.renewal import SessionOver
from webapp.step_up import service

KEPT = "Isian Anda tidak hilang"
HERE = "/profil/passkey/tambah"     # a page that wants a fresh proof


def grow_stale(minutes=6):
    Session.update(factor_at=clock.now() - timedelta(minutes=minutes)).execute()


def asked(clerk, path=HERE):
    grow_stale()
    assert clerk.open(path).heading == "Buktikan ini Anda"
    return clerk


def proofs():
    return [json.loads(entry.details)["by"] for entry in AuditEntry.select().where(
        AuditEntry.kind == "session:proven again")]


@pytest.fixture
def dewi(app, cast):
    """Dewi, officer, signed in, with her phone."""
    clerk = Clerk(app).sign_in("dewi@cabang.example")
    clerk.phone = App(Authenticator.get(Authenticator.user == cast.dewi).secret)
    return clerk


def test_se_11_a_proof_is_fresh_for_five_minutes(ani):
    Session.update(factor_at=clock.now() - timedelta(minutes=4, seconds=50)).execute()
    assert ani.open(HERE).heading == "Tambah passkey"
    Session.update(factor_at=clock.now() - timedelta(minutes=5, seconds=1)).execute()
    assert ani.open(HERE).heading == "Buktikan ini Anda"


def test_a_password_proves_those_who_have_nothing_stronger(ani):
    page = asked(ani).send(password=PASSWORD)
    assert page.heading == "Tambah passkey"
    assert page.path == HERE
    assert proofs() == ["password"]


def test_se_03_the_sessions_id_changes_and_the_old_one_is_dead(app, ani):
    before = ani.browser.get_cookie("purna").value
    asked(ani).send(password=PASSWORD)
    assert ani.browser.get_cookie("purna").value != before
    thief = Clerk(app)
    thief.browser.set_cookie("purna", before)
    assert thief.open("/perusahaan").heading == "Masuk"
    assert Session.select().count() == 1


def test_a_proof_whose_answer_was_lost_is_sent_again_and_goes_on(app, ani):
    page = asked(ani).send_again(password=PASSWORD)
    assert page.heading == "Tambah passkey"
    phone, _ = enrol(ani)
    page = asked(ani).send_again(code=phone.code(30))
    assert page.heading == "Tambah passkey"
    assert proofs() == ["password", "authenticator"]


def test_a_wrong_password_says_so_and_proves_nothing(ani):
    page = asked(ani).send(password="bukan-kata-sandi")
    assert page.status == 422
    assert page.errors() == {"password": "Kata sandi tidak cocok. Periksa lagi."}
    assert ani.open(HERE).heading == "Buktikan ini Anda"
    assert proofs() == []


def test_five_tries_a_minute_and_ten_lock_ten_minutes_without_ending_the_session(ani):
    asked(ani)
    for _ in range(5):
        ani.open("/buktikan")
        assert ani.send(password="bukan-kata-sandi").status == 422
    ani.open("/buktikan")
    assert ani.send(password=PASSWORD).status == 429
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        for _ in range(5):
            ani.open("/buktikan")
            assert ani.send(password="bukan-kata-sandi").status == 422
        ani.open("/buktikan")
        page = ani.send(password=PASSWORD)
        assert page.status == 429
        assert 590 <= int(page.headers["Retry-After"]) <= 600
        assert ani.open("/perusahaan").status == 200


def test_guesses_at_the_change_of_password_count_as_well(ani):
    asked(ani)
    for _ in range(3):
        ani.open("/profil/sandi")
        page = ani.send(password="bukan-kata-sandi", new_password="kuda baterai hijau")
        assert page.status == 422
    for _ in range(2):
        ani.open("/buktikan")
        assert ani.send(password="bukan-kata-sandi").status == 422
    ani.open("/buktikan")
    assert ani.send(password=PASSWORD).status == 429
    ani.open("/profil/sandi")
    assert ani.send(password=PASSWORD, new_password="kuda baterai hijau").status == 429


def test_two_hundred_wrong_passwords_at_once_judge_five(app, ani):
    fields = {**asked(ani).page.fields(), "password": "bukan-kata-sandi"}
    cookie = ani.browser.get_cookie("purna").value

    def guess(_):
        browser = app.test_client()
        browser.set_cookie("purna", cookie)
        return [browser.post("/buktikan", data=fields).status_code for _ in range(10)]

    statuses = [status for some in in_parallel(guess, 20) for status in some]
    assert 1 <= statuses.count(422) <= 5
    assert set(statuses) <= {422, 429, 503}     # 503: counted, but too many were being hashed


def test_an_authenticator_is_asked_for_where_there_is_one(ani):
    phone, _ = enrol(ani)
    page = asked(ani).page
    assert "code" in page.fields()
    assert "password" not in page.fields()
    assert ani.send(code=phone.wrong_code()).status == 422
    assert ani.send(code=phone.code(30)).heading == "Tambah passkey"
    assert proofs() == ["authenticator"]


def test_wrong_codes_wait_like_wrong_passwords(ani):
    phone, _ = enrol(ani)
    asked(ani)
    for _ in range(5):
        ani.open("/buktikan")
        assert ani.send(code=phone.wrong_code()).status == 422
    ani.open("/buktikan")
    assert ani.send(code=phone.code(30)).status == 429
    assert proofs() == []


def test_ot_14_its_code_is_good_once_here_too(ani):
    phone, _ = enrol(ani)
    code = phone.code(30)
    assert asked(ani).send(code=code).heading == "Tambah passkey"
    page = asked(ani).send(code=code)
    assert page.status == 422
    assert "sudah dipakai" in page.errors()["code"]


def test_ot_14_one_code_in_four_sessions_at_once_proves_in_one(app, ani, cast):
    phone, _ = enrol(ani)
    clerks = []
    for number in range(4):
        clerk = Clerk(app)
        clerk.browser.set_cookie("purna", open_session(cast.ani, number))
        clerks.append(clerk)
    for clerk in clerks:
        asked(clerk)
    code = phone.code(30)
    statuses = in_parallel(lambda number: clerks[number].send(code=code).status, 4)
    assert sorted(statuses) == [200, 422, 422, 422]
    assert len(proofs()) == 1


def test_a_password_does_not_do_where_an_authenticator_is_asked_for(ani):
    enrol(ani)
    fields = {**asked(ani).page.fields(), "password": PASSWORD}
    assert ani.post("/buktikan", fields).status == 422
    assert proofs() == []


def test_staff_never_prove_by_password(dewi, cast):
    fields = {**asked(dewi).page.fields(), "password": PASSWORD}
    assert dewi.post("/buktikan", fields).status == 422
    Authenticator.delete().execute()
    assert dewi.open("/buktikan").status == 403
    assert dewi.post("/buktikan", fields).status == 403
    with pytest.raises(service.Wrong):
        service.prove_by_password(Session.get(), PASSWORD, clock.now())
    assert proofs() == []


def test_staff_prove_by_the_app(dewi):
    asked(dewi)
    assert dewi.send(code=dewi.phone.code(30)).heading == "Tambah passkey"


def test_a_passkey_comes_first_where_there_is_one(app, ani):
    keyring = Keyring(app)
    keyring.add(ani)
    page = asked(ani).page
    assert ani.send(credential=keyring.answer(page)).heading == "Tambah passkey"
    assert proofs() == ["passkey"]
    assert Passkey.get().used_at


def test_the_other_way_stands_below_a_passkey(app, ani):
    Keyring(app).add(ani)
    asked(ani)
    assert ani.send("form:not([data-passkey])", password=PASSWORD).heading == "Tambah passkey"


def test_anothers_passkey_proves_nothing(app, ani, budi):
    mine, theirs = Keyring(app), Keyring(app)
    mine.add(ani)
    theirs.add(budi)
    page = asked(ani).page
    page = ani.send(credential=theirs.answer(page))
    assert page.status == 422
    assert "tidak cocok" in page.words(".error-summary")
    assert proofs() == []


def test_a_passkeys_answer_proves_once(app, ani):
    keyring = Keyring(app)
    keyring.add(ani)
    page = asked(ani).page
    fields = {**page.fields(), "credential": keyring.answer(page, counted=0)}
    ani.post("/buktikan", fields)
    grow_stale()
    fields["csrf_token"] = ani.open("/buktikan").fields()["csrf_token"]
    assert ani.post("/buktikan", fields).status == 422
    assert len(proofs()) == 1


def test_a_copied_passkey_proves_nothing_and_its_owner_is_told(app, ani):
    keyring = Keyring(app)
    keyring.add(ani)
    page = asked(ani).page
    ani.send(credential=keyring.answer(page))
    keyring.device.uses = 0
    page = asked(ani).page
    assert ani.send(credential=keyring.answer(page)).status == 422
    assert Message.select().where(Message.kind == "security:passkey copied").exists()


@pytest.mark.parametrize("credential", ["", "x", "{}", "\0", "[" * 3000])
def test_a_passkey_that_is_none_shows_the_page_again(app, ani, credential):
    Keyring(app).add(ani)
    asked(ani)
    page = ani.send(credential=credential)
    assert page.status == 422
    assert page.select(".error-summary")


def test_the_summary_of_a_passkey_that_did_not_do_leads_to_what_can_take_focus(app, ani):
    Keyring(app).add(ani)
    asked(ani)
    page = ani.send(credential="{}")
    link, = page.select(".error-summary a")
    target, = page.select(link.get("href"))
    assert (target.tag, target.get("tabindex")) == ("div", "-1")
    assert link.text in " ".join(target.itertext())


@pytest.mark.parametrize(("path", "back"), [("/profil/passkey/tambah", "/profil"),
                                            ("/tutup-akun", "/")])
def test_one_need_not_and_nothing_is_said_about_input_there_was_not(ani, path, back):
    grow_stale()
    page = ani.open(f"/buktikan?lanjut={path}")
    assert KEPT not in page.words()
    link, = page.select("a.back")
    assert (link.get("href"), " ".join(link.itertext()).strip()) == (back, "Tidak jadi")


def test_one_goes_on_with_what_one_had_typed(ani):
    page = ani.open(HERE)
    fields = {**page.fields(), "name": "Tablet di rumah", "credential": "{}"}
    grow_stale()
    page = ani.post(HERE, fields)
    assert page.heading == "Buktikan ini Anda"
    assert KEPT in page.words()
    page = ani.send(password=PASSWORD)
    assert page.heading == "Tambah passkey"
    assert page.fields()["name"] == "Tablet di rumah"


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example",
                                       "javascript:alert(1)"])
def test_v5_0_3_7_2_one_is_never_sent_elsewhere(ani, elsewhere):
    grow_stale()
    page = ani.open("/buktikan", query_string={"lanjut": elsewhere})
    assert page.fields()["lanjut"] == "/"
    fields = {**page.fields(), "lanjut": elsewhere, "password": PASSWORD}
    assert ani.browser.post("/buktikan", data=fields).location == "/"


def test_who_proved_just_now_goes_straight_on(ani):
    assert ani.open("/buktikan?lanjut=/profil/passkey").heading == "Passkey"


def test_a_session_that_ended_meanwhile_is_not_renewed(app, ani):
    asked(ani)
    Session.update(ended_at=clock.now()).execute()
    assert ani.send(password=PASSWORD).heading == "Masuk"
    assert proofs() == []


def test_se_05_a_session_that_ends_while_the_proof_is_judged_is_not_renewed(ani):
    phone, _ = enrol(ani)
    session = Session.get()
    Session.update(ended_at=clock.now()).execute()
    with pytest.raises(SessionOver):
        service.prove_by_code(session, phone.code(30), clock.now())
    assert proofs() == []
    assert Authenticator.get(Authenticator.user == session.user).last_step < int(
        (clock.now() + timedelta(seconds=30)).timestamp()) // 30, "the code was not used up"


def test_a_proof_in_flight_does_not_revive_a_session_that_ended(app, ani, cast):
    User.update(password_hash=None).execute()     # judged by the app: no hash slows the race
    phone, _ = enrol(ani)
    for round_number in range(20):
        clerk = Clerk(app)
        clerk.browser.set_cookie("purna", open_session(cast.ani, round_number))
        fields = {**asked(clerk).page.fields(), "code": phone.code(30)}
        Authenticator.update(last_step=0).execute()
        token = clerk.browser.get_cookie("purna").value

        def act(number, token=token, fields=fields):
            browser = app.test_client()
            browser.set_cookie("purna", token)
            path = "/buktikan" if number else "/keluar"
            browser.post(path, data=fields)
            cookie = browser.get_cookie("purna")
            return cookie.value if cookie else ""

        for left in in_parallel(act, 2):
            clerk.browser.set_cookie("purna", left)
            page = clerk.open("/perusahaan")
            if page.heading == "Pilih perusahaan":     # the proof was first: its id is a new one,
                assert left != token                   # and whoever signed out did so in vain
        clerk.browser.set_cookie("purna", token)
        assert clerk.open("/perusahaan").heading == "Masuk"


def open_session(user, number):
    with write_transaction():
        return sessions.begin(user, clock.now(), browser=f"round {number}")
