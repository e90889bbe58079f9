"""A new device asks for a code; a known one does not; nobody is locked out by strangers."""

import re
from datetime import timedelta

import pytest
import time_machine

from tests.page import DEVICE, Clerk, authenticator_code, in_parallel
from webapp import clock, code_page, passwords
from webapp.db import write_transaction
from webapp.demo.people import PASSWORD
from webapp.models.accounts import Authenticator, Challenge
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import (
    BLOCKED,
    CLOSED,
    IS_BLOCKED,
    Device,
    Session,
    Throttle,
    User,
)
from webapp.sessions import Visit
from webapp.sign_in import service

ANI, SITI = "ani@maju.example", "siti@pekerja.example"
SITI_NIK, SITI_PHONE = "3171064508900001", "+628123454512"


def at_code_page(app, account=ANI, device="", **more):
    """Somebody with the right password on a browser that was never here."""
    clerk = Clerk(app, device=device)
    clerk.open("/masuk")
    assert clerk.send(account=account, password=PASSWORD, **more).heading == "Perangkat baru"
    return clerk


def code_sent():
    sent = Message.select().where(Message.kind == "otp-masuk").order_by(Message.id.desc())
    return re.search(r"\d{3} \d{3}", sent.get().body)[0]


def other_than(code):
    return f"{(int(code.replace(' ', '')) + 1) % 1_000_000:06}"


def fail(clerk, account=ANI, times=1):
    for _ in range(times):
        clerk.open("/masuk")
        page = clerk.send(account=account, password="salah-sekali-ini")
    return page


def open_sessions(user):
    return Session.select().where(Session.user == user, Session.ended_at.is_null()).count()


@pytest.fixture
def siti_with_phone(cast):
    """Siti, whose account has a proven phone and a NIK."""
    siti = cast.siti
    siti.phone, siti.nik = SITI_PHONE, SITI_NIK
    siti.save()
    return siti


# The code


def test_a_new_device_asks_for_a_code_and_is_known_afterwards(app, cast):
    clerk = at_code_page(app)
    assert open_sessions(cast.ani) == 0
    message = Message.get()
    assert "MASUK DI PERANGKAT BARU" in message.body
    assert "a••@maju.example" in clerk.page.words() or "•" in clerk.page.words()
    assert clerk.send(code=code_sent()).heading == "Pilih perusahaan"
    device = clerk.browser.get_cookie("purna-perangkat")
    assert device.http_only
    assert Device.select().where(Device.user == cast.ani).count() == 2
    again = Clerk(app, device=device.value)
    assert again.sign_in(ANI).page.heading == "Pilih perusahaan"
    assert Message.select().where(Message.kind == "otp-masuk").count() == 1


def test_a_known_device_asks_for_none(app, cast):
    assert Clerk(app).sign_in(ANI).page.heading == "Pilih perusahaan"
    assert not Message.select().exists()


def test_a_device_is_known_for_those_who_used_it(app, cast):
    Device.delete().where(Device.user == cast.budi).execute()
    at_code_page(app, "budi@maju.example", device=DEVICE)
    assert Clerk(app).sign_in(ANI).page.heading == "Pilih perusahaan"


def test_the_token_of_a_device_is_kept_as_a_digest(app, cast):
    clerk = at_code_page(app)
    clerk.send(code=code_sent())
    token = clerk.browser.get_cookie("purna-perangkat").value
    assert token not in [row.digest for row in Device.select()]
    assert len(token) >= 43


def test_a_wrong_code_opens_nothing_and_says_what_is_left(app, cast):
    clerk = at_code_page(app)
    page = clerk.send(code=other_than(code_sent()))
    assert page.status == 422
    assert "Sisa 4 percobaan" in page.errors()["code"]
    assert open_sessions(cast.ani) == 0
    assert clerk.send(code=code_sent()).heading == "Pilih perusahaan"


def test_five_wrong_codes_and_the_right_one_is_dead(app, cast):
    clerk = at_code_page(app)
    right = code_sent()
    for _ in range(5):
        assert clerk.send(code=other_than(right)).status == 422
    assert clerk.send(code=right).status == 422
    assert open_sessions(cast.ani) == 0


def test_a_code_sent_again_ends_the_one_before(app, cast):
    clerk = at_code_page(app)
    first = code_sent()
    assert clerk.send(ulang="email").status == 429
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        clerk.send(ulang="email")
        second = code_sent()
        assert Message.select().where(Message.kind == "otp-masuk").count() == 2
        if first != second:
            assert clerk.send(code=first).status == 422
        assert clerk.send(code=second).heading == "Pilih perusahaan"


def test_a_code_lives_ten_minutes(app, cast):
    clerk = at_code_page(app)
    right = code_sent()
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1)):
        page = clerk.send(code=right)
        assert page.status == 422
        assert "sudah lewat 10 menit" in page.errors()["code"]


def test_another_persons_code_does_not_open_ones_own_sign_in(app, cast):
    ani = at_code_page(app)
    theirs = code_sent()
    citra = at_code_page(app, "citra@lain.example")
    if theirs != code_sent():
        assert citra.send(code=theirs).status == 422
    assert ani.send(code=theirs).heading == "Pilih perusahaan"
    assert open_sessions(cast.citra) == 0


def test_the_session_is_of_whom_the_challenge_is_whoever_presents_it(app, cast, citra):
    ani = at_code_page(app)
    path, right = ani.page.path, code_sent()
    citra.open(path)
    assert citra.send(code=right).heading == "Pilih perusahaan"
    assert open_sessions(cast.ani) == 1
    assert open_sessions(cast.citra) == 0


def test_the_right_code_forty_times_at_once_opens_one_session(app, cast):
    clerk = at_code_page(app)
    path, fields = clerk.page.path, {**clerk.page.fields(), "code": code_sent()}
    form = clerk.browser.get_cookie("purna-form").value

    def press(_):
        browser = app.test_client()
        browser.set_cookie("purna-form", form)
        browser.post(path, data=fields)
        return browser.get_cookie("purna") is not None

    assert in_parallel(press, 40).count(True) == 1
    assert Session.select().where(Session.user == cast.ani).count() == 1
    assert AuditEntry.select().where(AuditEntry.kind == "session:began").count() == 1


def test_a_code_used_already_leads_on(app, cast):
    clerk = at_code_page(app)
    path = clerk.page.path
    fields = {**clerk.page.fields(), "code": code_sent()}
    clerk.send(code=code_sent())
    assert clerk.open(path).heading == "Pilih perusahaan"
    assert Clerk(app, device="").open(path).heading == "Masuk"
    fields["csrf_token"] = clerk.token()
    assert clerk.post(path, fields).heading == "Pilih perusahaan"
    assert Session.select().where(Session.user == cast.ani).count() == 1


def test_somebody_blocked_meanwhile_gets_as_far_as_the_reason(app, cast):
    clerk = at_code_page(app)
    User.update(state=BLOCKED).where(User.id == cast.ani.id).execute()
    assert clerk.send(code=code_sent()).path.startswith("/diblokir")
    assert Session.get(Session.user == cast.ani, Session.ended_at.is_null()).stage == IS_BLOCKED


def test_an_account_closed_meanwhile_is_not_opened(app, cast):
    clerk = at_code_page(app)
    User.update(state=CLOSED).where(User.id == cast.ani.id).execute()
    assert clerk.send(code=code_sent()).status == 403
    assert open_sessions(cast.ani) == 0


def test_a_password_changed_meanwhile_ends_it(app, cast):
    clerk = at_code_page(app)
    User.update(password_hash="another").where(User.id == cast.ani.id).execute()
    assert clerk.send(code=code_sent()).heading == "Masuk"
    assert open_sessions(cast.ani) == 0


def test_where_one_was_going_is_not_in_the_form(app, cast):
    clerk = Clerk(app, device="")
    clerk.open("/profil/perangkat")
    clerk.send(account=ANI, password=PASSWORD)
    assert set(clerk.page.fields()) == {"csrf_token", "code"}
    clerk.send(code=code_sent())
    assert clerk.page.path == "/profil/perangkat"


def test_ones_own_device_is_not_remembered_as_a_borrowed_one_would_be(app, cast):
    clerk = at_code_page(app, device=DEVICE, is_borrowed="y")     # asked for, although known
    clerk.send(code=code_sent())
    session = Session.get(Session.user == cast.ani)
    assert session.is_borrowed
    assert Device.select().where(Device.user == cast.ani).count() == 1


def test_ini_bukan_ponsel_saya_leaves_no_cookie_but_the_sessions(app, cast):
    clerk = Clerk(app, device="")
    clerk.browser.delete_cookie("purna-perangkat")
    clerk.open("/masuk")
    clerk.send(account=ANI, password=PASSWORD, is_borrowed="y")
    clerk.send(code=code_sent())
    assert clerk.browser.get_cookie("purna-perangkat") is None
    assert clerk.browser.get_cookie("purna").max_age is None
    fields = clerk.open("/keluar").fields("form[action='/keluar']")
    answer = clerk.browser.post("/keluar", data=fields)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert clerk.browser.get_cookie("purna") is None
    assert clerk.browser.get_cookie("purna-form") is None


@pytest.mark.parametrize(("aged", "column"), [(30, "created_at"), (10, "seen_at")])
def test_a_borrowed_session_is_short(app, cast, aged, column):
    clerk = at_code_page(app, is_borrowed="y")
    clerk.send(code=code_sent())
    moment = clock.now() - timedelta(minutes=aged)
    Session.update({getattr(Session, column): moment + timedelta(seconds=10)}).execute()
    assert clerk.open("/perusahaan").heading == "Pilih perusahaan"
    Session.update({getattr(Session, column): moment}).execute()
    assert clerk.open("/perusahaan").heading == "Masuk"


# Who it is


@pytest.mark.parametrize("account", [
    SITI, "SITI@Pekerja.Example", " siti@pekerja.example ", SITI_NIK, "3171 0645 0890 0001",
    SITI_PHONE, "0812-3454-512", "62 812 345 4512"])
def test_one_signs_in_by_email_phone_or_nik(app, siti_with_phone, account):
    assert Clerk(app).sign_in(account).page.heading == "Halo, Siti Rahayu"


def test_a_nik_that_two_claim_names_nobody(app, cast):
    for user in (cast.siti, User(role="worker", name="Lain", created_at=clock.now(),
                                 password_hash=cast.siti.password_hash)):
        user.nik = "3171069999990009"
        user.save()
    assert fail(Clerk(app), "3171069999990009").status == 422
    clerk = Clerk(app)
    clerk.open("/masuk")
    assert clerk.send(account="3171069999990009", password=PASSWORD).status == 422


@pytest.mark.parametrize("account", [SITI, SITI_PHONE, SITI_NIK, "tidak@ada.example",
                                     "+628999999999", "3171069999990009", "bukan apa-apa"])
def test_v5_0_6_3_8_whatever_it_is_called_the_answer_is_one(app, siti_with_phone, account):
    page = fail(Clerk(app, device=""), account)
    usual = fail(Clerk(app, device=""), "lain@ada.example")
    hidden = r'value="[^"]*"'
    assert page.status == usual.status == 422
    assert re.sub(hidden, "", page.text) == re.sub(hidden, "", usual.text)


@pytest.mark.parametrize("first", [SITI, SITI_PHONE, SITI_NIK])
def test_a_lock_by_one_name_holds_for_the_others_and_is_told_for_that_name_alone(
        app, siti_with_phone, first):
    fail(Clerk(app, device=""), first, times=5)
    for account in (SITI, SITI_PHONE, SITI_NIK):
        clerk = Clerk(app, device="")
        clerk.open("/masuk")
        page = clerk.send(account=account, password=PASSWORD)
        assert page.status == (429 if account == first else 422)
        assert (account == first) != ("tidak cocok" in page.words())
    assert open_sessions(siti_with_phone) == 0


@time_machine.travel("2026-11-22T06:30:00Z", tick=False)
def test_two_names_of_one_account_are_answered_like_those_of_two(app, siti_with_phone):
    answers = []
    for names in ((SITI, SITI_PHONE), ("siti@orang.example", "+6281234569999")):
        Throttle.delete().where(Throttle.kind == "sign-in-address").execute()
        pages = [fail(Clerk(app, device=""), names[number > 4]) for number in range(11)]
        answers.append([(page.status, page.words()) for page in pages])
    assert answers[0] == answers[1]
    assert [status for status, _ in answers[0]] == [422] * 10 + [429]


def test_a_new_password_frees_every_name(app, siti_with_phone):
    for name in (SITI, SITI_PHONE, SITI_NIK):
        fail(Clerk(app, device=""), name, times=5)
    with write_transaction():
        service.forgive(siti_with_phone)
    for name in (SITI, SITI_PHONE, SITI_NIK):
        assert fail(Clerk(app, device=""), name).status == 422


def test_au_08_strangers_cannot_lock_out_a_known_device(app, cast):
    stranger = Clerk(app, device="")
    assert fail(stranger, times=5).status == 422
    assert fail(stranger).status == 429
    assert Clerk(app).sign_in(ANI).page.heading == "Pilih perusahaan"


@time_machine.travel("2026-11-22T06:30:00Z", tick=False)     # the page says how long to wait
def test_an_unknown_account_is_locked_alike(app, cast):
    pages = [fail(Clerk(app, device=""), account, times=6) for account in (ANI, "x@y.example")]
    assert [page.status for page in pages] == [429, 429]
    assert pages[0].words() == pages[1].words()


def test_an_account_without_a_password_answers_like_a_wrong_one(app, cast):
    User.update(password_hash=None).where(User.id == cast.ani.id).execute()
    clerk = Clerk(app)
    clerk.open("/masuk")
    page = clerk.send(account=ANI, password=PASSWORD)
    assert page.status == 422
    assert page.words(".error-summary") == fail(
        Clerk(app), "x@y.example").words(".error-summary")
    assert open_sessions(cast.ani) == 0


@pytest.mark.parametrize("password", ["", " ", "\0", "x" * 129, "é" * 128,
                                      "nobody has this password"])
def test_no_other_password_opens_one_without(app, cast, password):
    User.update(password_hash=None).where(User.id == cast.ani.id).execute()
    clerk = Clerk(app)
    clerk.open("/masuk")
    assert clerk.send(account=ANI, password=password).status == 422


def test_a_password_changed_between_the_two_steps_opens_nothing(app, cast):
    visit = Visit(address="127.0.0.1", browser="", device="")
    user, failures = service.check_password(ANI, PASSWORD, visit=visit, now=clock.now())
    (User.update(password_hash="another", password_changed_at=clock.now())
     .where(User.id == user.id).execute())
    row = service.second_step(user, visit=visit, browser="", is_borrowed=False, onward="/",
                              failures=failures, now=clock.now())
    code_page.begin_with(row, [("email", ANI)])
    clerk = Clerk(app, device="")
    clerk.open(f"/masuk/kode/{row.public_id}")
    assert clerk.send(code=code_sent()).heading == "Masuk"
    assert open_sessions(cast.ani) == 0


def test_a_password_changed_while_it_was_judged_opens_nothing(app, cast):
    visit = Visit(address="127.0.0.1", browser="", device=DEVICE)
    user, failures = service.check_password(ANI, PASSWORD, visit=visit, now=clock.now())
    User.update(password_hash="another").where(User.id == user.id).execute()
    with pytest.raises(service.Refused):
        service.open_session(user, visit=visit, is_borrowed=False, failures=failures,
                             now=clock.now())
    assert open_sessions(cast.ani) == 0


# What the owner is told


def notices():
    return [row.body for row in Message.select().where(Message.kind.startswith("security:"))]


def test_au_17_a_new_device_is_told_on_every_channel(app, siti_with_phone):
    clerk = at_code_page(app, SITI)
    clerk.send(code=re.search(r"\d{3} \d{3}", Message.get(Message.kind == "otp-masuk").body)[0])
    kinds = {(row.kind, row.channel) for row in Message.select().where(
        Message.kind.startswith("security:"))}
    assert kinds == {("security:new device", "sms"), ("security:new device", "email")}
    assert all("perangkat baru" in body for body in notices())


@pytest.mark.parametrize(("failures", "told"), [(0, 0), (1, 1), (4, 1)])
def test_au_17_a_success_after_failures_is_told(app, cast, failures, told):
    clerk = Clerk(app)
    if failures:
        fail(clerk, times=failures)
    clerk.sign_in(ANI)
    assert len(notices()) == told
    clerk.post("/keluar", {"csrf_token": clerk.token()})
    clerk.sign_in(ANI)
    assert len(notices()) == told


# How many


def test_se_12_five_sessions_at_most_and_the_oldest_gives_way(app, cast):
    clerks = [Clerk(app).sign_in(SITI) for _ in range(5)]
    assert open_sessions(cast.siti) == 5
    clerks.append(Clerk(app).sign_in(SITI))
    assert open_sessions(cast.siti) == 5
    headings = [clerk.open("/beranda").heading for clerk in clerks]
    assert headings == ["Masuk"] + ["Halo, Siti Rahayu"] * 5


def test_se_12_ten_sign_ins_at_once_leave_five_sessions_and_one_of_staff(app, cast):
    Authenticator.delete().execute()
    visit = Visit(address="127.0.0.1", browser="", device=DEVICE)
    for user, most in ((cast.siti, 5), (cast.dewi, 1)):
        in_parallel(lambda _, user=user: service.open_session(
            user, visit=visit, is_borrowed=False, failures=0, now=clock.now()), 10)
        assert open_sessions(user) == most


# Sent twice


def press_masuk(app, fields, cookie, count, account=ANI):
    """Send the form of Masuk at once, from one browser whose answers came late or not at all."""
    def press(_):
        one = Clerk(app, device="")
        one.browser.set_cookie("purna-form", cookie)
        return one.post("/masuk", {**fields, "account": account, "password": PASSWORD}).path

    return in_parallel(press, count)


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("account", [ANI, SITI])     # she has a second contact
def test_pressed_twice_masuk_leads_to_one_page_and_the_code_on_its_way_is_good(
        app, siti_with_phone, account, times):
    clerk = Clerk(app, device="")
    fields = clerk.open("/masuk").fields()
    cookie = clerk.browser.get_cookie("purna-form").value
    fail(Clerk(app, device=""), account)     # which the first press forgives
    paths = [path for _ in range(3 - times)
             for path in press_masuk(app, fields, cookie, times, account)]
    assert len(paths) == 2
    assert len(set(paths)) == 1
    assert Message.select().count() == 1
    code = re.search(r"\d{3} \d{3}", Message.get().body)[0]
    clerk.open(paths[0])
    assert "Kami mengirim kode" in clerk.page.words()
    clerk.send(code=code)
    assert clerk.browser.get_cookie("purna") is not None


def test_pressed_twice_the_page_of_the_authenticator_is_one(app, cast):
    clerk = Clerk(app)
    fields = {**clerk.open("/masuk").fields(), "account": "dewi@cabang.example",
              "password": PASSWORD}
    paths = {clerk.post("/masuk", fields).path for _ in range(2)}
    assert len(paths) == 1
    assert clerk.send(code=authenticator_code("dewi@cabang.example")).heading == "Antrean"


@pytest.mark.parametrize("other", [
    {"is_borrowed": "y"}, {"lanjut": "/profil"}, {"account": "budi@maju.example"}])
def test_another_wish_is_another_challenge(app, cast, other):
    clerk = Clerk(app, device="")
    fields = {**clerk.open("/masuk").fields(), "account": ANI, "password": PASSWORD}
    assert clerk.post("/masuk", fields).path != clerk.post("/masuk", fields | other).path


def test_after_a_new_password_the_form_sent_again_begins_anew(app, cast):
    clerk = Clerk(app, device="")
    fields = {**clerk.open("/masuk").fields(), "account": ANI, "password": PASSWORD}
    first = clerk.post("/masuk", fields).path
    again = passwords.hash_password(PASSWORD)
    User.update(password_hash=again).where(User.id == cast.ani.id).execute()
    assert clerk.post("/masuk", fields).path != first


def test_a_device_is_known_for_180_days_and_known_again_by_a_code(app, cast):
    Device.update(first_at=clock.now() - timedelta(days=180)).execute()
    clerk = at_code_page(app, device=DEVICE)
    clerk.send(code=code_sent())
    known = Device.get(Device.user == cast.ani)
    assert clock.now() - known.first_at < timedelta(minutes=1)
    Device.update(first_at=clock.now() - timedelta(days=179)).execute()
    token = clerk.browser.get_cookie("purna-perangkat").value
    assert Clerk(app, device=token).sign_in(ANI).page.heading == "Pilih perusahaan"


def test_beginning_again_ends_the_challenge_before(app, cast):
    first = at_code_page(app)
    right = code_sent()
    at_code_page(app)
    assert first.send(code=right).status == 410
    assert Challenge.select().where(Challenge.expires_at > clock.now()).count() == 1
