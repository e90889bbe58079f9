"""The second step with an authenticator: its code, once; or a recovery code, once."""

import re
from datetime import timedelta

import pytest
import time_machine

from tests.authenticator.app import App, codes_on, enrol
from tests.page import DEVICE, Clerk, in_parallel
from webapp import clock
from webapp.accounts import notices
from webapp.authenticator.service import give_first_codes
from webapp.challenges.purposes import Purpose
from webapp.demo.people import PASSWORD
from webapp.models.accounts import Authenticator, Challenge, RecoveryCode
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import BLOCKED, IS_BLOCKED, Session, User

DEWI = "dewi@cabang.example"


@pytest.fixture
def phone(cast):
    """Dewi's."""
    return App(Authenticator.get(Authenticator.user == cast.dewi).secret)


@pytest.fixture
def ani_with_app(ani):
    """Ani's app and recovery codes."""
    return enrol(ani)


def at_second_step(app, account=DEWI, **more):
    """Somebody with the right password, before the page that asks for the app's code."""
    clerk = Clerk(app)
    clerk.open("/masuk")
    assert clerk.send(account=account, password=PASSWORD, **more).heading == "Kode autentikator"
    return clerk


def with_recovery_page(app, account):
    clerk = at_second_step(app, account)
    clerk.open(clerk.page.tree.xpath("//a[contains(@href, 'pemulihan')]/@href")[0])
    assert clerk.page.heading == "Kode pemulihan"
    return clerk


def sessions_open(user):
    return Session.select().where(Session.user == user, Session.ended_at.is_null()).count()


def test_v5_0_6_3_3_a_right_password_alone_opens_nothing(app, cast):
    clerk = at_second_step(app)
    assert sessions_open(cast.dewi) == 0
    assert clerk.open("/cabang").heading == "Masuk"


def test_the_code_goes_on_where_one_was(app, cast, phone):
    clerk = Clerk(app)
    clerk.open("/profil/perangkat")
    clerk.send(account=DEWI, password=PASSWORD)
    clerk.send(code=phone.code())
    assert clerk.page.path == "/profil/perangkat"


def test_ot_14_a_code_works_once_also_on_another_device(app, cast, phone):
    code = phone.code()
    assert at_second_step(app).send(code=code).heading == "Antrean"
    page = at_second_step(app).send(code=code)
    assert page.status == 422
    assert "sudah dipakai" in page.errors()["code"]


def test_ot_14_an_older_step_is_dead_once_a_newer_one_was_used(app, cast, phone):
    newer, older = phone.code(30), phone.code()
    assert at_second_step(app).send(code=newer).status == 200
    assert at_second_step(app).send(code=older).status == 422


@pytest.mark.parametrize(("seconds", "status"), [(-60, 422), (-30, 200), (30, 200), (60, 422)])
def test_ot_14_the_clock_may_be_wrong_by_one_step(app, cast, phone, seconds, status):
    assert at_second_step(app).send(code=phone.code(seconds)).status == status


def test_ot_14_a_wrong_code_does_not_use_up_the_right_one(app, cast, phone):
    clerk = at_second_step(app)
    assert clerk.send(code=phone.wrong_code()).status == 422
    assert clerk.send(code=phone.code()).heading == "Antrean"
    assert at_second_step(app).send(code=phone.code()).status == 422


def test_forty_right_codes_at_once_open_one_session(app, cast, phone):
    clerk = at_second_step(app)
    fields, path = {**clerk.page.fields(), "code": phone.code()}, clerk.page.path
    form = clerk.browser.get_cookie("purna-form").value

    def press(_):
        browser = app.test_client()
        browser.set_cookie("purna-form", form)
        return "purna=" in str(browser.post(path, data=fields).headers.getlist("Set-Cookie"))

    assert in_parallel(press, 40).count(True) == 1
    assert Session.select().where(Session.user == cast.dewi).count() == 1
    assert AuditEntry.select().where(AuditEntry.kind == "session:began").count() == 1


def test_one_code_at_two_sign_ins_at_once_opens_one_session(app, cast, phone):
    code, clerks = phone.code(), []
    for _ in range(4):
        clerks.append(at_second_step(app))
        # Beginning a sign-in ends the one before; here they are all still open.
        Challenge.update(expires_at=clock.now() + timedelta(hours=1)).execute()
    statuses = in_parallel(lambda number: clerks[number].send(code=code).status, len(clerks))
    assert sorted(statuses) == [200, 422, 422, 422]
    assert Session.select().where(Session.user == cast.dewi).count() == 1


def test_ten_wrong_codes_wait_ten_minutes_then_twenty_whatever_the_device(app, cast, phone):
    def fail_ten():
        for number in range(10):
            assert at_second_step(app).send(code=phone.wrong_code()).status == 422, number
        page = at_second_step(app).send(code=phone.code())
        assert page.status == 429
        return int(page.headers["Retry-After"])

    assert 590 <= fail_ten() <= 600
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert 1190 <= fail_ten() <= 1200
    assert sessions_open(cast.dewi) == 0


def test_two_hundred_wrong_codes_at_once_judge_ten(app, cast, phone):
    clerk, wrong = at_second_step(app), phone.wrong_code()
    fields, path = {**clerk.page.fields(), "code": wrong}, clerk.page.path
    form = clerk.browser.get_cookie("purna-form").value

    def guess(_):
        browser = app.test_client()
        browser.set_cookie("purna-form", form)
        return [browser.post(path, data=fields).status_code for _ in range(10)]

    statuses = [status for some in in_parallel(guess, 20) for status in some]
    assert statuses.count(422) == 10
    assert statuses.count(429) == 190


def test_a_right_code_is_counted_from_zero_again(app, cast, phone):
    for seconds in (-30, 0, 30):
        clerk = at_second_step(app)
        for _ in range(4):
            assert clerk.send(code=phone.wrong_code()).status == 422
        assert clerk.send(code=phone.code(seconds)).status == 200


def test_after_an_hour_one_begins_anew(app, cast, phone):
    clerk = at_second_step(app)
    Challenge.update(expires_at=clock.now()).execute()
    assert clerk.send(code=phone.code()).status == 410
    assert sessions_open(cast.dewi) == 0


def test_a_challenge_met_already_leads_to_sign_in(app, cast, phone):
    clerk = at_second_step(app)
    path = clerk.page.path
    clerk.send(code=phone.code())
    assert Clerk(app).open(path).heading == "Masuk"
    assert clerk.open(path).heading == "Antrean"


def test_a_challenge_of_another_kind_is_missing(app, cast):
    clerk = Clerk(app, device="")
    clerk.open("/masuk")
    clerk.send(account="ani@maju.example", password=PASSWORD)
    assert clerk.page.heading == "Perangkat baru"
    assert clerk.open(clerk.page.path.replace("kode", "autentikator")).status == 404


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "٤٢", "\0", "9" * 5000])
def test_what_is_no_code_is_not_counted(app, cast, phone, typed):
    clerk = at_second_step(app)
    for _ in range(11):
        assert clerk.send(code=typed).status == 422
    assert clerk.send(code=phone.code()).heading == "Antrean"


def test_somebody_blocked_meanwhile_gets_as_far_as_the_reason(app, cast, phone):
    clerk = at_second_step(app)
    User.update(state=BLOCKED).where(User.id == cast.dewi.id).execute()
    assert clerk.send(code=phone.code()).heading == "Akun Anda diblokir"
    assert clerk.open("/cabang").heading == "Akun Anda diblokir"
    assert Session.get(Session.user == cast.dewi, Session.ended_at.is_null()).stage == IS_BLOCKED


def test_a_password_changed_meanwhile_ends_the_second_step(app, cast, phone):
    clerk = at_second_step(app)
    User.update(password_hash="another").where(User.id == cast.dewi.id).execute()
    assert clerk.send(code=phone.code()).heading == "Masuk"
    assert sessions_open(cast.dewi) == 0


def test_a_code_that_was_sent_does_not_do_once_there_is_an_authenticator(app, cast, ani):
    clerk = Clerk(app, device="")
    clerk.open("/masuk")
    clerk.send(account="ani@maju.example", password=PASSWORD)
    sent = re.search(r"\d{3} \d{3}", Message.select().order_by(Message.id.desc()).get().body)[0]
    enrol(ani)
    assert clerk.send(code=sent).heading == "Masuk"
    assert sessions_open(cast.ani) == 1


def test_on_a_device_that_is_not_ones_own_the_session_is_short_and_leaves_nothing(app, cast, phone):
    clerk = Clerk(app, device="")
    clerk.browser.delete_cookie("purna-perangkat")
    clerk.open("/masuk")
    clerk.send(account=DEWI, password=PASSWORD, is_borrowed="y")
    clerk.send(code=phone.code())
    assert Session.get(Session.user == cast.dewi).is_borrowed
    assert clerk.browser.get_cookie("purna-perangkat") is None


# Recovery codes


def test_ot_16_a_recovery_code_works_once(app, cast, ani_with_app):
    _, codes = ani_with_app
    clerk = with_recovery_page(app, "ani@maju.example")
    page = clerk.send(code=codes[0])
    assert page.heading == "Autentikator"
    assert "Sisa 9 dari 10" in page.words()
    again = with_recovery_page(app, "ani@maju.example").send(code=codes[0])
    assert again.status == 422
    assert "sudah dipakai" in again.errors()["code"]
    assert AuditEntry.select().where(AuditEntry.kind == "recovery code:used").count() == 1


def test_a_recovery_code_in_the_apps_box_is_taken_for_what_it_is(app, cast, ani_with_app):
    _, codes = ani_with_app
    clerk = at_second_step(app, "ani@maju.example")
    assert clerk.send(code=codes[0].lower().replace("-", " ")).heading == "Autentikator"
    assert AuditEntry.select().where(AuditEntry.kind == "recovery code:used").count() == 1
    again = at_second_step(app, "ani@maju.example").send(code=codes[0])
    assert (again.status, again.heading) == (422, "Kode pemulihan")
    assert "sudah dipakai" in again.errors()["code"]
    assert again.fields()["code"] == codes[0]
    assert sessions_open(cast.ani) == 2


def test_wrong_recovery_codes_in_the_apps_box_are_counted_like_others(app, cast, ani_with_app):
    phone, _ = ani_with_app
    for _ in range(10):
        page = at_second_step(app, "ani@maju.example").send(code="0000-0000-0000-0000")
        assert page.status == 422
    assert at_second_step(app, "ani@maju.example").send(code=phone.code(30)).status == 429


def test_a_recovery_code_may_be_typed_as_people_type(app, cast, ani_with_app):
    _, codes = ani_with_app
    clerk = with_recovery_page(app, "ani@maju.example")
    assert clerk.send(code=codes[0].lower().replace("-", "  ")).heading == "Autentikator"


def test_others_keep_their_authenticator_and_are_told_what_is_left(app, cast, ani_with_app):
    phone, codes = ani_with_app
    clerk = with_recovery_page(app, "ani@maju.example")
    clerk.send(code=codes[0])
    assert Authenticator.select().where(Authenticator.user == cast.ani).exists()
    message = Message.get(Message.kind == "security:recovery code")
    assert "sisa 9 kode" in message.body
    assert at_second_step(app, "ani@maju.example").send(code=phone.code(30)).status == 200


def test_staff_enrol_anew_after_one(app, cast, phone):
    dewi = at_second_step(app)
    dewi.send(code=phone.code())
    dewi.open("/profil/kode-pemulihan")
    codes = codes_on(dewi.send())
    clerk = with_recovery_page(app, DEWI)
    assert clerk.send(code=codes[0]).heading == "Pasang autentikator"
    assert clerk.open("/cabang").heading == "Pasang autentikator"
    new, fresh = enrol(clerk)
    assert new.totp.secret != phone.totp.secret
    assert not set(fresh) & set(codes)
    assert RecoveryCode.select().where(RecoveryCode.user == cast.dewi).count() == 10
    assert clerk.open("/cabang").heading == "Antrean"


def test_after_one_neither_the_lost_app_nor_the_mailbox_opens_anything(app, cast, phone):
    dewi = at_second_step(app)
    dewi.send(code=phone.code())
    dewi.open("/profil/kode-pemulihan")
    codes = codes_on(dewi.send())
    with_recovery_page(app, DEWI).send(code=codes[0])     # and leaves it at that
    thief = Clerk(app, device="")
    thief.open("/masuk")
    thief.send(account=DEWI, password=PASSWORD)
    assert thief.page.heading == "Kode pemulihan"
    assert not Message.select().where(Message.kind.startswith("otp")).exists()
    assert thief.send(code=phone.code(30)).status == 422
    assert thief.send(code=codes[0]).status == 422
    assert thief.send(code=codes[1]).heading == "Pasang autentikator"


@pytest.mark.parametrize("device", [DEVICE, ""])
def test_v6_3_3_staff_without_an_app_need_a_code_they_were_handed_and_never_one_of_the_mailbox(
        app, cast, device):
    Authenticator.delete().execute()
    clerk = Clerk(app, device=device)
    clerk.open("/masuk")
    page = clerk.send(account=DEWI, password=PASSWORD)
    assert page.heading == "Kode pemulihan"
    assert "Pakai kode dari aplikasi" not in page.words()
    assert not Message.select().exists()
    assert clerk.send(code="123456").status == 422
    assert clerk.send(code="0000-0000-0000-0000").status == 422
    assert sessions_open(cast.dewi) == 0


def test_a_code_handed_to_staff_is_good_once_and_the_next_is_there_when_enrolling_failed(app, cast):
    Authenticator.delete().execute()
    codes = give_first_codes(cast.dewi, clock.now())

    def sign_in(code):
        clerk = Clerk(app)
        clerk.open("/masuk")
        clerk.send(account=DEWI, password=PASSWORD)
        return clerk.send(code=code)

    assert [sign_in(codes[place]).status for place in (0, 0, 1, 2)] == [200, 422, 200, 200]


def test_one_recovery_code_at_four_sign_ins_at_once_opens_one_session(app, cast, ani_with_app):
    _, codes = ani_with_app
    before, clerks = Session.select().count(), []
    for _ in range(4):
        clerks.append(with_recovery_page(app, "ani@maju.example"))
        Challenge.update(expires_at=clock.now() + timedelta(hours=1)).where(
            Challenge.purpose == Purpose.SIGN_IN_AUTHENTICATOR).execute()
    statuses = in_parallel(lambda number: clerks[number].send(code=codes[0]).status, len(clerks))
    assert sorted(statuses) == [200, 422, 422, 422]
    assert Session.select().count() == before + 1
    assert RecoveryCode.select().where(RecoveryCode.used_at.is_null(False)).count() == 1


def test_anothers_recovery_code_is_worth_nothing(app, cast, ani_with_app, budi):
    enrol(budi)
    _, codes = ani_with_app
    assert with_recovery_page(app, "budi@maju.example").send(code=codes[0]).status == 422


def test_wrong_recovery_codes_are_counted_with_wrong_app_codes(app, cast, ani_with_app):
    phone, codes = ani_with_app
    for _ in range(5):
        page = with_recovery_page(app, "ani@maju.example").send(code="0000-0000-0000-0000")
        assert page.status == 422
        assert at_second_step(app, "ani@maju.example").send(code=phone.wrong_code()).status == 422
    assert with_recovery_page(app, "ani@maju.example").send(code=codes[0]).status == 429


def test_every_notice_fits_one_sms(cast):
    for sentence in ("akun Anda dibuka dengan kode pemulihan, sisa 10 kode",
                     "autentikator dan passkey akun Anda dilepas oleh petugas sistem",
                     "kami menolak salinan passkey Anda, hapus passkey itu"):
        assert len(f"Purna: {sentence}. {notices.NOT_YOU}") <= 160
