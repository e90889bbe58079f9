"""Lupa sandi: a code to the owner, a new password, and nobody signed in by it."""

import hashlib
import json
from datetime import timedelta

import pytest
import time_machine

from tests.page import Clerk, authenticator_code, in_parallel
from tests.people import PHONE
from tests.recovery.forgetful import (
    EMAIL,
    NEW_PASSWORD,
    NIK,
    SENT,
    Forgetful,
    code_sent,
    not_the,
)
from tests.recovery.forgetful import entries as audited
from webapp import clock, passwords
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.demo.people import PASSWORD
from webapp.models.accounts import Authenticator, Challenge
from webapp.models.messages import Message
from webapp.models.people import BLOCKED, CLOSED, CLOSING, Device, Session, User


def fresh(user):
    return User.get_by_id(user.id)


def sent():
    """(kind, channel, recipient) of what really goes out, oldest first."""
    return [(row.kind, row.channel, row.recipient)
            for row in Message.select().order_by(Message.id) if row.recipient]


@pytest.mark.parametrize("account", [EMAIL, "0812-3456-4512", NIK, " SITI@pekerja.example "])
def test_every_name_of_the_account_leads_to_its_owner(forgetful, account):
    page = forgetful.ask(account)
    assert page.heading == "Kata sandi baru"
    assert SENT in page.words()
    assert sent() == [("otp-sandi-baru", "sms", PHONE)]
    assert "MEMBUAT KATA SANDI BARU" in Message.get().body


def test_the_page_never_shows_where_the_code_went(forgetful):
    assert "•" not in forgetful.ask().text
    assert "4512" not in forgetful.page.text


def test_with_the_code_the_password_is_new_and_the_old_one_dead(forgetful, siti, now):
    forgetful.ask()
    page = forgetful.answer()
    assert page.path == "/masuk?selesai=sandi"
    assert passwords.is_right(fresh(siti).password_hash, NEW_PASSWORD)
    assert not passwords.is_right(fresh(siti).password_hash, PASSWORD)
    assert fresh(siti).password_changed_at >= now


def test_v5_0_6_4_3_it_signs_nobody_in_and_ends_every_session(app, forgetful, siti):
    elsewhere = Clerk(app).sign_in(EMAIL)
    forgetful.ask()
    forgetful.answer()
    assert forgetful.browser.get_cookie("purna") is None
    assert forgetful.open("/beranda").heading == "Masuk"
    assert elsewhere.open("/beranda").heading == "Masuk"
    assert not Session.select().where(Session.user == siti, Session.ended_at.is_null()).exists()
    here, = Device.select().where(Device.user == siti)
    assert here.digest == hashlib.sha256(
        forgetful.browser.get_cookie("purna-perangkat").value.encode()).hexdigest()


def test_the_browser_that_proved_a_contact_is_asked_for_no_second_code(forgetful, siti):
    forgetful.ask()
    forgetful.answer()
    assert forgetful.send(account=EMAIL, password=NEW_PASSWORD).heading != "Perangkat baru"
    assert Session.select().where(Session.user == siti, Session.ended_at.is_null()).count() == 1


def test_a_borrowed_phone_is_not_known_afterwards(forgetful, siti):
    forgetful.browser.delete_cookie("purna-perangkat")
    forgetful.ask()
    page = forgetful.send(code=code_sent(), new_password="pendek", is_borrowed="y")
    assert page.fields()["is_borrowed"] == "y"
    assert forgetful.send(code=code_sent(), new_password=NEW_PASSWORD).path == (
        "/masuk?selesai=sandi")
    assert forgetful.browser.get_cookie("purna-perangkat") is None
    assert not Device.select().where(Device.user == siti).exists()
    assert forgetful.send(account=EMAIL, password=NEW_PASSWORD).heading == "Perangkat baru"


def test_strangers_who_guessed_the_password_keep_the_owner_out_by_no_name(app, forgetful, siti):
    for name in (EMAIL, PHONE):
        stranger = Clerk(app, device="")
        for _ in range(5):
            stranger.open("/masuk")
            stranger.send(account=name, password="salah-sekali-ini")
    forgetful.ask()
    forgetful.answer()
    for name in (EMAIL, PHONE):
        owner = Clerk(app, device="")
        owner.open("/masuk")
        assert owner.send(account=name, password=NEW_PASSWORD).heading == "Perangkat baru"


def test_resetting_twice_at_once_never_waits_for_itself(app, siti):
    """Asking locks what setting the password locks, in the same order."""
    for number in range(12):
        with time_machine.travel(f"2026-11-22T{7 + number}:00:00Z"):
            one = Forgetful(app)
            one.ask()
            code, other = code_sent(), Forgetful(app)
            other.open("/lupa-sandi")
            statuses = in_parallel(lambda at, one=one, other=other, code=code: (
                one.answer(code, f"{NEW_PASSWORD} {code}") if at
                else other.send(account=EMAIL, channel="email")).status, 2)
            assert set(statuses) <= {200, 410, 422}


def test_the_owner_hears_of_it_on_every_channel_and_the_trail_has_it(forgetful, siti):
    forgetful.ask()
    forgetful.answer()
    told = [row for row in Message.select() if row.kind == "security:password reset"]
    assert {(row.channel, row.recipient) for row in told} == {("sms", PHONE), ("email", EMAIL)}
    assert all("kata sandi anda diganti lewat lupa sandi" in row.body.lower() for row in told)
    assert audited("password:reset asked for", "actor", "subject") == [(None, siti.public_id)]
    assert audited("password:reset", "subject") == [(siti.public_id,)]
    assert json.loads(audited("password:reset", "details")[0][0]) == {
        "channel": "sms", "sessions": 0, "passkeys": 0}


def test_signing_in_with_the_new_password_asks_for_a_code_even_where_the_device_was_known(
        app, forgetful, siti):
    forgetful.ask()
    forgetful.answer()
    known = Clerk(app)
    known.open("/masuk")
    assert known.send(account=EMAIL, password=NEW_PASSWORD).path.startswith("/masuk/kode/")


def test_au_18_an_authenticator_stays_and_is_asked_for(app, cast):
    eka = Forgetful(app)
    eka.ask("eka@cabang.example", "email")
    eka.answer()
    assert Authenticator.select().where(Authenticator.user == cast.eka).exists()
    eka.open("/masuk")
    page = eka.send(account="eka@cabang.example", password=NEW_PASSWORD)
    assert page.path.startswith("/masuk/autentikator/")
    assert eka.send(code=authenticator_code("eka@cabang.example")).heading == "Antrean"


@pytest.mark.parametrize(("password", "sentence"), [
    ("", "Tulis kata sandi baru."),
    ("pendek", "terlalu pendek"),
    ("passwordpassword", "mudah ditebak"),
    ("siti@pekerja.example 7", "memuat nama, nomor, atau email"),     # what the visitor typed
])
def test_a_weak_password_costs_no_guess(forgetful, siti, password, sentence):
    forgetful.ask()
    page = forgetful.answer("000000", password)
    assert page.status == 422
    assert sentence in page.errors()["new_password"]
    assert "code" not in page.errors()
    assert Challenge.get().guesses_left == 5
    assert forgetful.answer().path == "/masuk?selesai=sandi"


@pytest.mark.parametrize(("account", "password", "sentence"), [
    (PHONE, "namaku siti rahayu 77", "memuat nama, nomor"),
    (EMAIL, f"kuda hijau {NIK}", "memuat nama, nomor"),
    (EMAIL, "kuda hijau 081234564512", "memuat nama, nomor"),
    (EMAIL, "empat kata yang lama", "kata sandi Anda yang lama")])
def test_the_owners_own_data_are_compared_only_once_the_code_was_right(
        forgetful, siti, account, password, sentence):
    before = passwords.hash_password("empat kata yang lama")
    User.update(password_hash=before).where(User.id == siti.id).execute()
    forgetful.ask(account)
    page = forgetful.answer(not_the(code_sent()), password)
    assert page.errors() == {"code": "Kode tidak cocok. Pakai kode dari pesan yang paling "
                                     "baru. Sisa 4 percobaan."}
    page = forgetful.answer(new_password=password)
    assert page.status == 422
    assert sentence in page.errors()["new_password"]
    assert fresh(siti).password_hash == before
    assert forgetful.answer().path == "/masuk?selesai=sandi"


def test_a_password_is_never_sent_back(forgetful):
    forgetful.ask()
    assert NEW_PASSWORD not in forgetful.answer(not_the(code_sent())).text


def test_a_code_resets_once(forgetful, siti):
    forgetful.ask()
    fields, url = forgetful.page.fields(), forgetful.page.path
    code = code_sent()
    forgetful.answer(code)
    page = forgetful.post(url, {**fields, "code": code, "new_password": "empat kata lain sekali"})
    assert page.path == "/masuk"
    assert passwords.is_right(fresh(siti).password_hash, NEW_PASSWORD)


def test_a_newer_request_ends_the_older_code(app, forgetful, siti):
    forgetful.ask()
    older = code_sent()
    with time_machine.travel("2026-11-22T06:32:00Z"):
        other = Forgetful(app)
        other.ask()
        newer = code_sent()
        assert forgetful.answer(older if older != newer else not_the(newer)).status == 422
        assert other.answer(older if older != newer else not_the(newer)).status == 422
        assert other.answer(newer).path == "/masuk?selesai=sandi"


def test_a_code_of_another_person_is_none(app, forgetful, cast):
    forgetful.ask()
    mine = code_sent()
    other = Forgetful(app)
    other.ask("ani@maju.example", "email")
    theirs = code_sent()
    if mine != theirs:
        assert forgetful.answer(theirs).status == 422


def test_a_code_for_another_act_is_none(app, forgetful, siti):
    forgetful.ask()
    row = challenges.begin(Purpose.SIGN_IN, user=siti, now=clock.now(),
                           bound={"onward": "/", "is_borrowed": False, "failures": 0})
    assert forgetful.open(f"/lupa-sandi/{row.public_id}").status == 404


@pytest.mark.parametrize(("after", "status"), [(timedelta(minutes=10, seconds=1), 422),
                                               (timedelta(hours=1, seconds=1), 410)])
def test_a_code_does_not_last(forgetful, siti, after, status):
    forgetful.ask()
    with time_machine.travel(clock.now() + after):
        assert forgetful.answer(code_sent()).status == status
    assert passwords.is_right(fresh(siti).password_hash, PASSWORD)


def test_forty_right_codes_at_once_reset_once(app, forgetful, siti):
    forgetful.ask()
    path, code = forgetful.page.path, code_sent()

    def reset(number):
        one = Forgetful(app)
        one.open(path)
        return one.answer(code, f"{NEW_PASSWORD} nomor {number}").path

    answers = in_parallel(reset, 40)
    assert answers.count("/masuk?selesai=sandi") == 1
    assert len(audited("password:reset", "id")) == 1
    won = answers.index("/masuk?selesai=sandi")
    assert passwords.is_right(fresh(siti).password_hash, f"{NEW_PASSWORD} nomor {won}")
    assert sum(kind == "security:password reset" for kind, *_ in sent()) == 2


def test_an_account_that_may_not_be_signed_in_to_gets_no_code(forgetful, siti):
    User.update(state=CLOSED).where(User.id == siti.id).execute()
    assert SENT in forgetful.ask().words()
    assert sent() == []
    assert Challenge.get().user is None


@pytest.mark.parametrize("state", [CLOSING, BLOCKED])
def test_an_account_that_is_being_closed_or_blocked_gets_one_and_stays_so(forgetful, siti, state):
    User.update(state=state).where(User.id == siti.id).execute()
    forgetful.ask()
    assert forgetful.answer().path == "/masuk?selesai=sandi"
    assert fresh(siti).state == state


def test_an_account_closed_meanwhile_keeps_its_password(forgetful, siti):
    forgetful.ask()
    User.update(state=CLOSED).where(User.id == siti.id).execute()
    assert forgetful.answer().status == 422
    assert passwords.is_right(fresh(siti).password_hash, PASSWORD)


def test_a_code_that_went_to_a_phone_given_up_since_is_none(forgetful, siti):
    forgetful.ask()
    siti.phone = "+6281234569999"
    siti.save()
    page = forgetful.answer()
    assert "Tekan Kirim ulang" in page.errors()["code"]
    assert passwords.is_right(fresh(siti).password_hash, PASSWORD)
    assert Challenge.get().used_at is None


def test_who_lacks_the_chosen_channel_can_take_the_other(forgetful, cast):
    forgetful.ask("ani@maju.example", "sms")
    assert SENT in forgetful.page.words()
    assert sent() == []
    with time_machine.travel("2026-11-22T06:31:30Z"):
        forgetful.send(ulang="email")
        assert sent() == [("otp-sandi-baru", "email", "ani@maju.example")]
        assert forgetful.answer().path == "/masuk?selesai=sandi"


def test_au_12_fifty_requests_send_three(app, siti):
    for number in range(50):
        with time_machine.travel(f"2026-11-22T06:{number:02}:{number:02}Z"):
            page = Forgetful(app)
            page.browser.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
            assert page.ask([EMAIL, PHONE, NIK][number % 3]).status == 200
            assert SENT in page.page.words()
    assert len(sent()) == 3
    with time_machine.travel("2026-11-22T07:00:30Z"):
        Forgetful(app).ask()
    assert len(sent()) == 4


def test_sending_again_counts_as_asking(forgetful, siti):
    forgetful.ask()
    for minute in (32, 34):
        with time_machine.travel(f"2026-11-22T06:{minute}:00Z"):
            assert forgetful.send(ulang="email").status == 200
    code, url = code_sent(), forgetful.page.path
    with time_machine.travel("2026-11-22T06:36:00Z"):
        page = forgetful.send(ulang="sms")
        assert (page.status, page.path) == (200, url), "nobody learns who else was named"
        assert "Sisa 4 percobaan" in forgetful.answer(code).words(), "a code that nobody has"
    assert len([row for row in sent() if row[0].startswith("otp")]) == 3


def test_a_request_beyond_the_limit_leaves_the_last_code_good(app, forgetful, siti):
    for minute in (31, 33):
        with time_machine.travel(f"2026-11-22T06:{minute}:00Z"):
            Forgetful(app).ask()
    with time_machine.travel("2026-11-22T06:35:00Z"):
        forgetful.ask(PHONE)
    with time_machine.travel("2026-11-22T06:37:00Z"):
        assert SENT in Forgetful(app).ask(NIK).words()
        assert len(sent()) == 3
        assert forgetful.answer().path == "/masuk?selesai=sandi"


def test_pressing_twice_sends_once_and_leads_to_the_same_page(forgetful, siti):
    forgetful.open("/lupa-sandi")
    fields = {**forgetful.page.fields(), "account": EMAIL, "channel": "sms"}
    paths = {forgetful.post("/lupa-sandi", fields).path for _ in range(5)}
    assert len(paths) == 1
    assert len(sent()) == 1
    assert forgetful.answer().path == "/masuk?selesai=sandi"


def test_nor_does_it_matter_who_was_asked_for_in_between(forgetful, siti):
    for first, second in ((EMAIL, PHONE), ("siti@orang.example", "+6281234569999")):
        paths = [forgetful.ask(account).path for account in (first, second, first, second)]
        assert paths[:2] == paths[2:]
        assert paths[0] != paths[1]


def test_beyond_the_limit_pressing_twice_leads_to_the_same_page_too(forgetful, siti):
    for first, second in ((EMAIL, PHONE), ("siti@orang.example", "+6281234569999")):
        for minute in (30, 32, 34):
            with time_machine.travel(f"2026-11-22T06:{minute}:00Z"):
                forgetful.ask(first)
        with time_machine.travel("2026-11-22T06:36:00Z"):
            assert len({forgetful.ask(name).path for name in (first, second) * 3}) == 2


def test_another_browser_is_not_led_to_the_same_page(app, forgetful, siti):
    assert forgetful.ask().path != Forgetful(app).ask().path


def test_pressing_eight_times_at_once_sends_once(app, forgetful, siti):
    forgetful.open("/lupa-sandi")
    fields = {**forgetful.page.fields(), "account": EMAIL, "channel": "sms"}
    cookie = forgetful.browser.get_cookie("purna-form")

    def press(_):
        one = Forgetful(app)
        one.browser.set_cookie(cookie.key, cookie.value)
        return one.post("/lupa-sandi", fields).path

    assert len(set(in_parallel(press, 8))) == 1
    assert len(sent()) == 1
    forgetful.open(press(0))
    assert forgetful.answer().path == "/masuk?selesai=sandi"


def test_an_address_that_got_too_many_codes_looks_like_any_other(app, forgetful, siti):
    for hour in range(6):
        with time_machine.travel(f"2026-11-22T0{hour}:00:00Z"):
            row = challenges.begin(Purpose.SIGN_IN, user=siti, now=clock.now(), bound={})
            challenges.send(row, "sms", PHONE, clock.now())
    before = len(sent())
    assert SENT in forgetful.ask().words()
    with time_machine.travel("2026-11-22T06:31:30Z"):
        assert forgetful.send(ulang="sms").status == 200
        assert SENT in forgetful.page.words()
    assert len(sent()) == before


def test_one_address_asks_twenty_times_an_hour(app, siti):
    statuses = [Forgetful(app).ask(f"orang{number}@contoh.example").status
                for number in range(21)]
    assert statuses == [200] * 20 + [429]


def guess_at(one, minute, account, times):
    """Ask anew, then type so many wrong codes."""
    with time_machine.travel(f"2026-11-22T06:{minute}:00Z"):
        one.ask(account)
        for _ in range(times):
            assert one.answer(not_the(code_sent())).status == 422


def test_ten_wrong_codes_make_one_wait_whoever_asks(app, forgetful, siti):
    guess_at(forgetful, 30, EMAIL, 5)
    guess_at(Forgetful(app), 32, EMAIL, 4)
    guess_at(forgetful, 34, EMAIL, 1)
    with time_machine.travel("2026-11-22T06:34:30Z"):
        assert forgetful.answer(code_sent()).status == 429
    assert passwords.is_right(fresh(siti).password_hash, PASSWORD)


def test_by_another_name_one_waits_as_well_and_is_not_told(app, forgetful, siti):
    guess_at(forgetful, 30, EMAIL, 5)
    guess_at(Forgetful(app), 32, PHONE, 4)
    guess_at(forgetful, 34, EMAIL, 1)
    with time_machine.travel("2026-11-22T06:34:30Z"):
        assert "Sisa 3 percobaan" in forgetful.answer(code_sent()).errors()["code"]
    assert passwords.is_right(fresh(siti).password_hash, PASSWORD)
    assert Challenge.select().where(Challenge.used_at.is_null(False)).count() == 0


@pytest.mark.parametrize(("account", "channel"), [
    (EMAIL, "email"), ("0812-3456-4512", "sms"), ("tidak@ada.example", "email")])
def test_where_no_channel_was_chosen_it_is_the_one_that_was_typed(
        visitor, siti, account, channel):
    visitor.open("/lupa-sandi")
    assert "channel" not in visitor.page.fields()
    page = visitor.send(account=account)
    assert SENT in page.words()
    assert ("Periksa email Anda." in page.words()) is (channel == "email")
    assert Message.get().channel == channel


@pytest.mark.parametrize("account", [NIK, "3171064508907777", "bukan siapa-siapa"])
def test_a_name_that_is_no_address_needs_a_channel(visitor, siti, account):
    visitor.open("/lupa-sandi")
    assert visitor.send(account=account).errors() == {"channel": "Pilih SMS atau email."}
    assert not Challenge.select().exists()


@pytest.mark.parametrize(("answers", "field"), [({"account": ""}, "account"),
                                                ({"channel": "telegraf"}, "channel")])
def test_what_is_missing_is_said(visitor, answers, field):
    visitor.open("/lupa-sandi")
    page = visitor.send(**{"account": EMAIL, **answers})
    assert page.status == 422
    assert field in page.errors()
    assert not Challenge.select().exists()


def test_after_ini_bukan_saya_only_the_old_contacts_get_the_code(forgetful, siti):
    row = challenges.begin(Purpose.RESET_PASSWORD, user=siti, now=clock.now(),
                           bound={"channels": ["email"]})
    page = forgetful.open(f"/lupa-sandi/{row.public_id}")
    buttons = [button.get("value") for button in page.select("main button[name=ulang]")]
    assert buttons == ["email"]
    forgetful.send(ulang="sms")
    assert sent() == [("otp-sandi-baru", "email", EMAIL)]
    assert forgetful.answer().path == "/masuk?selesai=sandi"
