"""Setting an authenticator up, replacing and removing it; recovery codes."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.authenticator.app import App, app_on, codes_on, enrol
from tests.page import Clerk, authenticator_code, in_parallel
from webapp import clock
from webapp.authenticator import service
from webapp.demo.people import PASSWORD
from webapp.models.accounts import Authenticator, Challenge, RecoveryCode
from webapp.models.audit import AuditEntry
from webapp.models.messages import Message
from webapp.models.people import Device, Session
from webapp.renewal import SessionOver

STALE = timedelta(minutes=5, seconds=1)


def happened(kind):
    return AuditEntry.select().where(AuditEntry.kind == kind).count()


def told(text):
    return Message.select().where(Message.kind.startswith("security:")).order_by(
        Message.id.desc()).get().body.lower().count(text.lower())


def without_authenticator(user):
    Authenticator.delete().where(Authenticator.user == user).execute()


@pytest.fixture
def dewi(app, cast):
    """Dewi, officer, new: with her password and a code she was handed, no authenticator yet."""
    without_authenticator(cast.dewi)
    clerk = Clerk(app)
    clerk.open("/masuk")
    clerk.send(account="dewi@cabang.example", password=PASSWORD)
    clerk.send(code=service.give_first_codes(cast.dewi, clock.now())[0])
    return clerk


def test_ot_15_the_secret_has_160_bits_and_is_nothing_until_a_code_came_back(ani, cast):
    page = ani.open("/profil/autentikator")
    assert len(page.words("main code").replace(" ", "")) == 32
    assert not Authenticator.select().where(Authenticator.user == cast.ani).exists()
    assert page.select("svg.qr")
    app = app_on(page)
    ani.send(code=app.code())
    row = Authenticator.get(Authenticator.user == cast.ani)
    assert row.confirmed_at
    assert row.secret == app.totp.secret
    assert happened("authenticator:added") == 1
    assert told("aplikasi autentikator dipasang")


def test_the_link_for_the_same_phone_says_what_the_qr_says(ani):
    page = ani.open("/profil/autentikator")
    link, = page.tree.xpath("//main//a[starts-with(@href, 'otpauth:')]/@href")
    asked = parse_qs(urlsplit(link).query)
    assert asked["secret"] == [app_on(page).totp.secret]
    assert asked["issuer"] == ["Purna"]


def test_a_reload_shows_the_same_secret(ani):
    first, again = (app_on(ani.open("/profil/autentikator")).totp.secret for _ in range(2))
    assert first == again


def test_another_session_of_the_same_person_gets_another_secret(app, ani):
    theirs = app_on(ani.open("/profil/autentikator"))
    mine = Clerk(app).sign_in("ani@maju.example")
    assert app_on(mine.open("/profil/autentikator")).totp.secret != theirs.totp.secret
    mine.send(code=theirs.code())
    assert mine.page.status == 422


def test_a_wrong_code_shows_the_same_secret_again(ani, cast):
    app = app_on(ani.open("/profil/autentikator"))
    page = ani.send(code=app.wrong_code())
    assert page.status == 422
    assert "tidak cocok" in page.errors()["code"]
    assert app_on(page).totp.secret == app.totp.secret
    assert not Authenticator.select().where(Authenticator.user == cast.ani).exists()


def test_spaces_and_dashes_are_accepted(ani):
    app = app_on(ani.open("/profil/autentikator"))
    code = app.code()
    assert len(codes_on(ani.send(code=f" {code[:3]} - {code[3:]}"))) == 10


def test_ten_wrong_codes_wait_ten_minutes(ani):
    app = app_on(ani.open("/profil/autentikator"))
    for _ in range(10):
        ani.open("/profil/autentikator")
        assert ani.send(code=app.wrong_code()).status == 422
    ani.open("/profil/autentikator")
    page = ani.send(code=app.code())
    assert page.status == 429
    assert 590 <= int(page.headers["Retry-After"]) <= 600


@pytest.mark.parametrize("path", ["/profil/autentikator", "/profil/autentikator/ganti"])
def test_codes_that_were_lost_with_the_answer_give_way_to_others(ani, cast, path):
    if path.endswith("ganti"):
        enrol(ani)
    app = app_on(ani.open(path))
    page = ani.send_again(code=app.code())
    assert page.heading == "Simpan kode pemulihan"
    kept = {row.digest for row in RecoveryCode.select().where(RecoveryCode.user == cast.ani)}
    assert kept == {service._digest(cast.ani, code) for code in codes_on(page)}
    assert Authenticator.get(Authenticator.user == cast.ani).secret == app.totp.secret
    assert ani.open("/profil/autentikator").heading.startswith("Autentikator")


def test_enrolling_changes_the_sessions_id(ani):
    before = ani.browser.get_cookie("purna").value
    enrol(ani)
    assert ani.browser.get_cookie("purna").value != before
    ani.browser.set_cookie("purna", before)
    assert ani.open("/perusahaan").heading == "Masuk"


def test_the_code_that_enrolled_does_not_sign_in(app, ani):
    phone, _ = enrol(ani)
    used = phone.code()
    other = Clerk(app)
    other.open("/masuk")
    other.send(account="ani@maju.example", password=PASSWORD)
    assert other.send(code=used).status == 422
    assert other.send(code=phone.code(30)).status == 200


def test_ot_16_ten_recovery_codes_are_shown_once_and_kept_as_digests(ani, cast):
    _, codes = enrol(ani)
    assert len(set(codes)) == 10
    assert all(re.fullmatch("([0-9A-Z]{4}-){3}[0-9A-Z]{4}", code) for code in codes)
    assert ani.page.headers["Cache-Control"] == "no-store"
    kept = [row.digest for row in RecoveryCode.select().where(RecoveryCode.user == cast.ani)]
    assert len(kept) == 10
    assert not set(kept) & set(codes)
    page = ani.open("/profil/autentikator")
    assert not any(code in page.text for code in codes)
    assert "Sisa 10 dari 10" in page.words()


def test_the_codes_can_be_taken_away_as_a_text_file(ani):
    _, codes = enrol(ani)
    link, = ani.page.select("a[download]")
    assert all(code in unquote(link.get("href")) for code in codes)


def test_the_page_of_the_codes_leads_on_when_they_are_kept(ani):
    enrol(ani)
    link, = ani.page.tree.xpath("//a[normalize-space()='Saya sudah menyimpannya']/@href")
    assert link == "/profil/autentikator"


def test_pressing_twice_enrols_once(app, ani, cast):
    phone = app_on(ani.open("/profil/autentikator"))
    fields = {**ani.page.fields(), "code": phone.code()}
    cookie = ani.browser.get_cookie("purna").value

    def press(_):
        browser = app.test_client()
        browser.set_cookie("purna", cookie)
        return browser.post("/profil/autentikator", data=fields).status_code

    # Who presses again once it is done gets new codes: those of the lost answer end.
    assert 200 in in_parallel(press, 4)
    assert Authenticator.select().where(Authenticator.user == cast.ani).count() == 1
    assert RecoveryCode.select().where(RecoveryCode.user == cast.ani).count() == 10
    assert happened("authenticator:added") == 1


def test_new_recovery_codes_end_the_old_set(app, ani, cast):
    phone, old = enrol(ani)
    ani.open("/profil/kode-pemulihan")
    new = codes_on(ani.send())
    assert len(set(new) - set(old)) == 10
    assert RecoveryCode.select().where(RecoveryCode.user == cast.ani).count() == 10
    assert happened("recovery codes:made") == 1
    assert told("kode pemulihan akun Anda diganti")
    visitor = Clerk(app)
    visitor.open("/masuk")
    visitor.send(account="ani@maju.example", password=PASSWORD)
    visitor.open(visitor.page.path + "?pemulihan=1")
    assert visitor.send(code=old[0]).status == 422
    assert visitor.send(code=new[0]).heading == "Autentikator"


def test_without_an_authenticator_there_are_no_recovery_codes(ani):
    assert ani.open("/profil/kode-pemulihan").heading == "Pasang autentikator"


@pytest.mark.parametrize("path", ["/profil/autentikator", "/profil/autentikator/ganti",
                                  "/profil/autentikator/lepas", "/profil/kode-pemulihan"])
def test_v5_0_7_5_1_everything_about_it_wants_a_fresh_proof(ani, path):
    Session.update(factor_at=clock.now() - STALE).execute()
    assert ani.open(path).heading == "Buktikan ini Anda"


def test_replacing_leaves_the_old_one_good_until_the_new_ones_code_came_back(ani, cast):
    old, _ = enrol(ani)
    page = ani.open("/profil/autentikator/ganti")
    assert page.heading == "Pasang di ponsel lain"
    assert "Aplikasi yang lama berhenti berlaku" in page.words()
    assert page.select("a.back")[0].get("href") == "/profil/autentikator"
    new = app_on(page)
    assert new.totp.secret != old.totp.secret
    assert Authenticator.get(Authenticator.user == cast.ani).secret == old.totp.secret
    assert len(codes_on(ani.send(code=new.code()))) == 10
    assert Authenticator.get(Authenticator.user == cast.ani).secret == new.totp.secret
    assert RecoveryCode.select().where(RecoveryCode.user == cast.ani).count() == 10
    assert told("aplikasi autentikator akun Anda diganti")


def test_it_can_be_removed(app, ani, cast):
    enrol(ani)
    assert ani.open("/profil/autentikator/lepas").heading == "Lepas autentikator"
    page = ani.send()
    assert page.heading == "Profil"
    assert "Autentikator sudah dilepas" in page.words(".notice")
    assert not Authenticator.select().where(Authenticator.user == cast.ani).exists()
    assert not RecoveryCode.select().where(RecoveryCode.user == cast.ani).exists()
    assert happened("authenticator:removed") == 1
    assert told("dilepas")
    assert Clerk(app).sign_in("ani@maju.example").page.heading == "Pilih perusahaan"


def test_removing_twice_removes_once(ani):
    enrol(ani)
    fields = ani.open("/profil/autentikator/lepas").fields()
    for _ in range(2):
        ani.post("/profil/autentikator/lepas", fields)
    assert happened("authenticator:removed") == 1


def test_staff_cannot_remove_theirs(app, cast):
    dewi = Clerk(app).sign_in("dewi@cabang.example")
    token = dewi.token()
    assert dewi.open("/profil/autentikator/lepas").status == 403
    assert dewi.post("/profil/autentikator/lepas", {"csrf_token": token}).status == 403
    assert Authenticator.select().where(Authenticator.user == cast.dewi).exists()
    assert "Lepas" not in dewi.open("/profil/autentikator").words()


def test_staff_enrol_before_anything_else_and_then_go_on(dewi, cast):
    assert dewi.page.heading == "Pasang autentikator"
    assert dewi.open("/cabang").heading == "Pasang autentikator"
    app = app_on(dewi.page)
    dewi.send(code=app.code())
    onward, = dewi.page.tree.xpath("//a[normalize-space()='Saya sudah menyimpannya']/@href")
    assert dewi.open(onward).heading == "Antrean"
    assert Session.get(Session.user == cast.dewi, Session.ended_at.is_null()).stage == ""


def test_staff_who_take_their_time_still_enrol(dewi):
    Session.update(factor_at=clock.now() - STALE).execute()
    app = app_on(dewi.open("/profil/autentikator"))
    assert len(codes_on(dewi.send(code=app.code()))) == 10


def test_v5_0_6_3_3_staff_without_one_reach_no_page_whatever_the_route(app, dewi):
    reached = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        path = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", rule.rule)
        path = path.replace("<path:name>", "x").replace("<number>", "x")
        for method in sorted(rule.methods & {"GET", "POST"}) if view.audience != "public" else ():
            answer = dewi.browser.open(path, method=method)
            if answer.status_code != 303 or "/profil/autentikator" not in answer.location:
                reached[f"{method} {rule.rule}"] = answer.status_code
    # The page itself, the way out, and what keeps the session awake meanwhile.
    assert reached.keys() == {"GET /profil/autentikator", "POST /keluar/semua", "GET /keluar",
                              "GET /sesi"}


def test_the_operator_lets_staff_who_lost_everything_begin_again(app, cast):
    dewi = Clerk(app).sign_in("dewi@cabang.example")
    service.reset_by_operator(cast.dewi, clock.now())
    assert dewi.open("/cabang").heading == "Masuk"
    assert not Authenticator.select().where(Authenticator.user == cast.dewi).exists()
    assert not Device.select().where(Device.user == cast.dewi).exists()
    assert happened("authenticator:removed") == 1
    assert told("dilepas oleh petugas sistem")
    dewi.open("/masuk")
    page = dewi.send(account="dewi@cabang.example", password=PASSWORD)
    assert page.heading == "Kode pemulihan"
    assert "dari pengelola sistem" in page.words()
    code = service.give_first_codes(cast.dewi, clock.now())[1]
    assert dewi.send(code=code).heading == "Pasang autentikator"


def test_the_secret_is_nowhere_in_clear(ani, cast):
    app, _ = enrol(ani)
    row = Authenticator.get(Authenticator.user == cast.ani)
    assert app.totp.secret.encode() not in bytes(row.secret_sealed)
    assert not any(app.totp.secret.encode() in bytes(row.bound_sealed)
                   for row in Challenge.select())


def test_a_session_that_ended_meanwhile_adds_nothing(app, ani, cast):
    phone = app_on(ani.open("/profil/autentikator"))
    Session.update(ended_at=clock.now()).execute()
    assert ani.send(code=phone.code()).heading == "Masuk"
    assert not Authenticator.select().where(Authenticator.user == cast.ani).exists()


@pytest.mark.parametrize("act", [service.remove, service.renew_codes])
def test_what_a_thief_had_under_way_when_the_session_ended_is_not_done(ani, cast, act):
    enrol(ani)
    session = Session.get(Session.ended_at.is_null())
    Session.update(ended_at=clock.now()).execute()
    kept = {row.digest for row in RecoveryCode.select()}
    with pytest.raises(SessionOver):
        act(session, clock.now())
    assert Authenticator.select().where(Authenticator.user == cast.ani).exists()
    assert {row.digest for row in RecoveryCode.select()} == kept


def test_a_session_that_ends_while_the_code_is_judged_adds_nothing(ani, cast):
    phone = app_on(ani.open("/profil/autentikator"))
    session = Session.get()
    Session.update(ended_at=clock.now()).execute()
    with pytest.raises(SessionOver):
        service.confirm(service.enrolment(session, clock.now()), session, phone.code(),
                        clock.now())
    assert not Authenticator.select().where(Authenticator.user == cast.ani).exists()
    assert not RecoveryCode.select().exists()


def test_the_fixed_cast_has_authenticators_that_work(cast):
    row = Authenticator.get(Authenticator.user == cast.dewi)
    assert App(row.secret).code() == authenticator_code("dewi@cabang.example")
