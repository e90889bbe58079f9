"""From Keluar to Menunggu konfirmasi: seed 000's steps, and everything that must refuse."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from tests.closure.conftest import EMAIL, ask_to_close, code_sent
from tests.page import Clerk, file, in_parallel
from tests.people import PHONE
from webapp import clock, sessions
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.send_limits import count_send
from webapp.closure import messages, service
from webapp.closure.queries import open_matters
from webapp.db import write_transaction
from webapp.messages.gsm import LONGEST_SMS, gsm_text
from webapp.models.accounts import Agreement, Challenge, Closure, SendHistory
from webapp.models.audit import AuditEntry
from webapp.models.companies import CompanyClerk
from webapp.models.deactivations import DISPUTED, Deactivation
from webapp.models.messages import Message
from webapp.models.people import ACTIVE, BLOCKED, CLOSING, Session, User
from webapp.parameters import rules_on
from webapp.profile.service import not_me
from webapp.requests import service as requests
from webapp.requests.queries import requests_of

HOUR = timedelta(hours=1)


def state_of(user):
    return User.get_by_id(user.id).state


def test_the_steps_of_the_guide_word_for_word(app, siti):
    siti_at_home = Clerk(app).sign_in(EMAIL)
    keluar, = siti_at_home.page.select("header a.sign-out")
    assert keluar.text == "Keluar"
    siti_at_home.open(keluar.get("href"))
    link, = siti_at_home.page.tree.xpath("//main//a[normalize-space()='Tutup akun']")
    page = siti_at_home.open(link.get("href"))
    assert [b.text for b in page.select("main button")] == ["Kirim kode lewat SMS",
                                                            "Kirim kode lewat email"]
    page = siti_at_home.send(channel="sms")
    assert page.heading == "Tutup akun"
    assert page.words("main form button") == "Konfirmasi"
    page = siti_at_home.send(code=code_sent())
    assert page.heading == "Menunggu konfirmasi"
    assert "25 November 2026 pukul 13.30 WIB" in page.words()
    closure = Closure.get()
    assert (closure.state, closure.channel) == ("MENUNGGU", "sms")
    assert closure.due_at - closure.requested_at == 72 * HOUR
    assert state_of(siti) == CLOSING


def test_leaving_a_device_and_ending_the_account_cannot_be_confused(browser):
    page = browser.open("/keluar")
    filled = [b.text for b in page.select("main .button-action")]
    assert filled == ["Keluar dari perangkat ini"]
    assert [b.text for b in page.select("main .button-danger-outline")] == ["Tutup akun"]
    assert page.words("main section:last-of-type h2") == (
        "Ingin mengakhiri akun, bukan hanya keluar?")
    assert not page.select("main section:last-of-type form"), "a link, never a press that ends it"


def test_masked_targets_and_nothing_more_are_shown(browser):
    page = browser.open("/tutup-akun")
    assert "•••• •••• 4512" in page.words()
    assert "s•••@pekerja.example" in page.words()
    assert PHONE not in page.text
    assert EMAIL not in page.text


def test_every_proven_channel_is_told_when_and_how_to_cancel(browser, siti):
    ask_to_close(browser)
    told = {m.channel: m.body for m in Message.select().where(Message.kind == "closure:asked")}
    assert set(told) == {"sms", "email"}
    assert "25 Nov 2026 pukul 13.30" in told["sms"]
    for text in told.values():
        assert "Masuk > Batalkan penutupan akun" in text
        assert "://" not in text, "the guide says never to open a link in a message"


@pytest.mark.parametrize("month", range(1, 13))
def test_the_texts_fit_one_sms(month):
    moment = clock.start_of(date(2026, month, 28))
    closure = Closure(due_at=moment)
    for sms, _ in (messages.asked(closure, "N7K422QD8MXT"), messages.closed(moment)):
        assert gsm_text(sms) == sms
        assert len(sms) <= LONGEST_SMS


def test_the_act_is_recorded_and_every_other_session_ends(app, browser, siti):
    other = Clerk(app).sign_in(EMAIL)
    ask_to_close(browser)
    assert other.open("/beranda").heading == "Masuk"
    assert Session.select().where(Session.user == siti, Session.ended_at.is_null()).count() == 1
    entry = AuditEntry.get(AuditEntry.kind == "closure:asked for")
    assert (entry.actor, entry.subject) == (siti.public_id, siti.public_id)
    assert PHONE not in entry.details


def test_v5_0_7_4_1_a_session_copied_before_is_dead(app, browser):
    thief = Clerk(app)
    thief.browser.set_cookie("purna", browser.browser.get_cookie("purna").value)
    assert thief.open("/beranda").heading != "Masuk"
    ask_to_close(browser)
    assert thief.open("/beranda").heading == "Masuk"
    assert browser.open("/beranda").heading == "Menunggu konfirmasi"


def test_while_it_waits_nothing_else_can_be_reached_but_keluar(browser):
    ask_to_close(browser)
    for path in ("/", "/beranda", "/pesan", "/tutup-akun", "/profil"):
        assert browser.open(path).heading == "Menunggu konfirmasi", path
    page = browser.open("/keluar")
    assert "Akun Anda sedang menunggu ditutup" in page.words()
    assert not page.select("main .button-danger-outline")
    assert "Akun Anda tetap akan ditutup 25 November 2026 pukul 13.30 WIB" in page.words()
    assert "tidak berubah" not in page.words()


@pytest.mark.parametrize("place", [0, 1])     # this device, all devices
def test_leaving_does_not_sound_as_if_the_closure_were_off(browser, place):
    ask_to_close(browser)
    form = browser.open("/keluar").select("main form")[place]
    page = browser.post(form.get("action"), {"csrf_token": browser.token()})
    assert page.heading == "Masuk"
    assert "Akun Anda tetap akan ditutup" in page.words()
    assert "tidak berubah" not in page.words()


def test_signing_in_again_leads_to_the_wait(app, browser):
    ask_to_close(browser)
    assert Clerk(app).sign_in(EMAIL).page.heading == "Menunggu konfirmasi"


def test_pressing_konfirmasi_twice_is_one_closure(app, browser):
    browser.open("/tutup-akun")
    browser.send(channel="email")
    fields, path = {**browser.page.fields(), "code": code_sent()}, browser.page.action()
    twins = [Clerk(app) for _ in range(4)]
    for twin in twins:
        twin.browser.set_cookie("purna", browser.browser.get_cookie("purna").value)
    in_parallel(lambda place: twins[place].browser.post(path, data=fields).status_code, 4)
    assert Closure.select().count() == 1
    assert Message.select().where(Message.kind == "closure:asked").count() == 2


def test_konfirmasi_whose_answer_was_lost_is_sent_again_and_leads_to_the_wait(browser):
    browser.open("/tutup-akun")
    browser.send(channel="sms")
    assert browser.send_again(code=code_sent()).heading == "Menunggu konfirmasi"
    assert browser.open("/beranda").heading == "Menunggu konfirmasi"
    assert Closure.select().count() == 1


def test_choosing_again_keeps_the_code_that_is_on_its_way(browser):
    browser.open("/tutup-akun")
    browser.send(channel="sms")
    code = code_sent()
    browser.open("/tutup-akun")
    browser.send(channel="sms")
    assert Challenge.select().count() == 1
    assert browser.send(code=code).heading == "Menunggu konfirmasi"


def test_when_a_code_for_another_act_just_went_there_it_says_how_long_to_wait(browser, siti, now):
    proof = challenges.begin(Purpose.RECOVER, user=siti, bound={}, now=now)
    challenges.send(proof, "sms", PHONE, now)
    browser.open("/tutup-akun")
    page = browser.send(channel="sms")
    assert page.status == 429
    assert re.fullmatch(r"Kode lain baru saja dikirim. Bisa lagi setelah \d\d detik. "
                        r"Atau pilih cara yang lain.", page.errors()["channel"])
    assert browser.send(channel="email").heading == "Tutup akun"
    assert browser.send(code=code_sent()).heading == "Menunggu konfirmasi"


def test_a_wish_that_is_ended_before_its_code_goes_out_begins_again(app, browser, siti, now):
    """Somebody changes the phone in another tab, at the same moment."""
    fields = {**browser.open("/tutup-akun").fields(), "channel": "sms"}
    token = browser.browser.get_cookie("purna").value

    def act(number):
        if number:
            return [_end_codes(siti, now) for _ in range(8)]
        tab = app.test_client()
        tab.set_cookie("purna", token)
        return tab.post("/tutup-akun", data=fields)

    for _ in range(25):
        Challenge.delete().execute()
        SendHistory.delete().execute()
        answer = next(one for one in in_parallel(act, 2) if not isinstance(one, list))
        assert answer.status_code == 303


def test_a_code_that_was_guessed_away_is_not_on_its_way(browser, now):
    browser.open("/tutup-akun")
    browser.send(channel="sms")
    Challenge.update(guesses_left=0).execute()
    browser.open("/tutup-akun")
    page = browser.send(channel="sms")
    assert page.status == 429
    assert "Bisa lagi" in page.errors()["channel"]


def test_after_three_codes_it_says_so_and_when_the_next_may_go(browser, siti, now):
    with write_transaction():
        for minutes in (8, 6, 4):
            count_send("sms", PHONE, now - timedelta(minutes=minutes))
    browser.open("/tutup-akun")
    page = browser.send(channel="sms")
    assert page.errors()["channel"].startswith(     # it is 13.30; the first went out at 13.22
        "Sudah 3 kode dalam 15 menit. Bisa lagi pukul 13.37 WIB.")


def test_after_ten_wrong_codes_it_says_so(browser, siti, now):
    browser.open("/tutup-akun")
    browser.send(channel="email")
    challenge = Challenge.get()
    for _ in range(10):
        Challenge.update(guesses_left=5).execute()
        with pytest.raises(challenges.WrongCode):
            challenges.judge(challenge, "000000", now)
    browser.open("/tutup-akun")
    page = browser.send(channel="sms")
    assert page.errors()["channel"].startswith(
        "Kode sudah terlalu sering salah. Bisa lagi pukul 13.4")


def _end_codes(user, now):
    with write_transaction():
        challenges.end_all(user, now)


def test_closing_while_everybody_is_thrown_out_never_waits_for_itself(app, siti):
    """"Ini bukan saya" and the code of "Tutup akun" at once: either is whole, none is an error."""
    for number in range(12):
        now = clock.now() + timedelta(days=number)
        session = sessions.find(begun_session(siti, now))
        challenge = service.begin(siti, now)
        challenges.send(challenge, "sms", PHONE, now)
        challenges.judge(challenge, code_sent().replace(" ", ""), now)

        def close(now=now, session=session, challenge=challenge):
            try:
                service.ask(challenge, session, rules={"closure.cooling_off_hours": 72},
                            now=now)
            except (challenges.AlreadyUsed, service.Outdated):
                pass

        in_parallel(lambda at, now=now, close=close: close() if at else not_me(siti, now), 2)
        assert not Challenge.select().where(Challenge.id == challenge.id,
                                            Challenge.used_at.is_null(),
                                            Challenge.expires_at > now).exists()
        User.update(state=ACTIVE).where(User.id == siti.id).execute()
        Closure.delete().execute()


def begun_session(user, now):
    with write_transaction():
        return sessions.begin(user, now, "peramban")


def test_a_wrong_code_says_so_and_changes_nothing(browser, siti):
    browser.open("/tutup-akun")
    browser.send(channel="sms")
    wrong = "000000" if code_sent() != "000 000" else "000001"
    page = browser.send(code=wrong)
    assert page.status == 422
    assert "Sisa 4 percobaan" in page.errors()["code"]
    assert state_of(siti) == ACTIVE
    assert Closure.select().count() == 0


def test_no_channel_chosen_is_said(browser):
    browser.open("/tutup-akun")
    page = browser.send()
    assert page.status == 422
    assert page.errors()["channel"] == "Pilih lewat mana kode dikirim."
    assert browser.send(channel="pos").status == 422


def test_a_code_for_another_act_is_refused(browser, siti, now):
    proof = challenges.begin(Purpose.RECOVER, user=siti, bound={}, now=now)
    challenges.send(proof, "email", EMAIL, now)
    code = code_sent()
    browser.open("/tutup-akun")
    browser.send(channel="sms")
    assert browser.send(code=code).status == 422
    assert browser.open(f"/tutup-akun/{proof.public_id}").status == 404
    assert state_of(siti) == ACTIVE


def test_a_strangers_closure_is_missing(app, browser, cast):
    browser.open("/tutup-akun")
    path = browser.send(channel="sms").path
    assert Clerk(app).sign_in("budi@maju.example").open(path).status == 404


@pytest.mark.parametrize(("ago", "is_usable"), [(72 * HOUR, True),
                                                (72 * HOUR - timedelta(seconds=1), False)])
def test_a_contact_changed_within_72_hours_cannot_authorise(browser, siti, now, ago, is_usable):
    User.update(phone_changed_at=now - ago).where(User.id == siti.id).execute()
    page = browser.open("/tutup-akun")
    buttons = [b.get("value") for b in page.select("main button")]
    assert buttons == (["sms", "email"] if is_usable else ["email"])
    assert browser.send(channel="sms").status == (200 if is_usable else 422)
    assert ("Bisa dipakai mulai 22 November 2026 pukul 13.30 WIB" in page.words()) is not is_usable


def test_when_no_contact_may_authorise_it_says_what_to_do(browser, siti, now):
    User.update(phone_changed_at=now - 71 * HOUR, email_changed_at=now - 2 * HOUR,
                ).where(User.id == siti.id).execute()
    page = browser.open("/tutup-akun")
    assert not page.select("main button")
    assert "tunggu sampai 22 November 2026 pukul 14.30 WIB" in page.words(".notice")
    assert "kantor cabang" in page.words(".notice")
    User.update(phone_sealed=None, phone_index=None, email_sealed=None, email_index=None).where(
        User.id == siti.id).execute()
    assert "Datang ke kantor cabang" in browser.open("/tutup-akun").words(".notice")


def test_a_contact_changed_after_the_code_was_sent_does_not_authorise(browser, siti, now):
    browser.open("/tutup-akun")
    browser.send(channel="email")
    fields, path = {**browser.page.fields(), "code": code_sent()}, browser.page.action()
    User.update(email_changed_at=now).where(User.id == siti.id).execute()
    assert browser.post(path, fields).status == 409
    assert state_of(siti) == ACTIVE
    assert Challenge.get().used_at is None
    User.update(email_changed_at=None).where(User.id == siti.id).execute()
    assert browser.post(path, fields).heading == "Menunggu konfirmasi"


def test_a_blocked_account_is_not_closed(browser, siti):
    browser.open("/tutup-akun")
    browser.send(channel="email")
    User.update(state=BLOCKED).where(User.id == siti.id).execute()
    assert browser.send(code=code_sent()).heading == "Masuk"
    assert Closure.select().count() == 0
    assert state_of(siti) == BLOCKED


def test_staff_ask_their_manager(app, cast):
    dewi = Clerk(app).sign_in("dewi@cabang.example")
    assert "manajemen cabang" in dewi.open("/keluar").words("main section:last-of-type")
    assert dewi.open("/tutup-akun").status == 403
    assert "Minta manajemen cabang" in dewi.page.words()


def test_a_clerk_is_told_which_companies_are_left_without_one(ani, cast):
    CompanyClerk.delete().where(CompanyClerk.user == cast.budi).execute()
    page = ani.open("/tutup-akun")
    assert "PT Maju Bersama, PT Maju Logistik" in page.words(".notice")
    CompanyClerk.create(user=cast.budi, company=cast.maju)
    assert "melapor untuk PT Maju Logistik." in ani.open("/tutup-akun").words(".notice")
    User.update(state=BLOCKED).where(User.id == cast.budi.id).execute()
    assert "PT Maju Bersama, PT Maju Logistik" in ani.open("/tutup-akun").words(".notice")


def test_open_matters_are_named(browser, ani, cast):
    assert "Yang belum selesai" not in browser.open("/tutup-akun").words()
    file(ani, cast.maju, cast.siti_at_maju)
    words = browser.open("/tutup-akun").words(".notice")
    assert "PT Maju Bersama masih bisa Anda sanggah sampai 6 Desember 2026" in words
    Deactivation.update(state=DISPUTED).execute()
    assert "belum diputuskan" in browser.open("/tutup-akun").words(".notice")
    Deactivation.update(state="BERLAKU", filed_at=clock.now() - timedelta(days=15)).execute()
    assert not browser.open("/tutup-akun").select(".notice")


def test_a_scheduled_end_is_named(browser, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju, last_day="2026-11-30")
    words = browser.open("/tutup-akun").words(".notice")
    assert "hari kerja terakhir Anda 30 November 2026" in words


def test_who_does_not_agree_to_new_terms_may_close_the_account(app, siti):
    Agreement.delete().execute()
    clerk = Clerk(app).sign_in(EMAIL)
    assert clerk.open("/beranda").path.startswith("/syarat-dan-ketentuan/setuju")
    assert ask_to_close(clerk).heading == "Menunggu konfirmasi"
    page = clerk.send()
    assert page.heading == "Penutupan akun dibatalkan"
    assert clerk.open("/beranda").path.startswith("/syarat-dan-ketentuan/setuju")


def test_the_code_is_dead_after_ten_minutes(browser, siti, now):
    browser.open("/tutup-akun")
    browser.send(channel="sms")
    code = code_sent()
    with time_machine.travel(now + timedelta(minutes=10, seconds=5)):
        page = browser.send(code=code)
    assert "Kode sudah lewat 10 menit" in page.errors()["code"]
    assert state_of(siti) == ACTIVE


def test_a_request_that_is_not_over_is_named(browser, siti, cast, now):
    request = requests.begin(cast.siti_at_maju, siti, now)
    assert open_matters(siti, now) == []     # what was only begun is nobody's business yet
    request = requests.keep_draft(request, reason="RSG", last_day=clock.day_of(now), note="",
                                  now=now)
    requests.send(request, siti, version=request.version, rules=rules_on(clock.day_of(now)),
                  now=now)
    [matter] = open_matters(siti, now)
    assert (matter.kind, matter.company) == ("DIAJUKAN", "PT Maju Bersama")
    words = browser.open("/tutup-akun").words()
    assert ("Permohonan nonaktif Anda kepada PT Maju Bersama, 22 November 2026, tetap berjalan. "
            "Tanpa akun, formulirnya tidak bisa diisi") in words
    assert "Permohonan, sanggahan, pencairan, dan peralihan yang belum Anda kirim" in words
    request = requests_of(request.case.worker).get()
    requests.approve(request, cast.ani, version=request.version, now=now)
    assert ("PT Maju Bersama menyetujui permohonan nonaktif Anda, 22 November 2026, tetapi "
            "formulirnya belum diisi. Permohonan itu ditarik saat akun ditutup."
            ) in browser.open("/tutup-akun").words(".notice")
    request = requests_of(request.case.worker).get()
    requests.fill_in(request, siti, version=request.version, address="Jalan Melati 3",
                     rules=rules_on(clock.day_of(now)), now=now)
    words = browser.open("/tutup-akun").words(".notice")
    assert "tetap berjalan. Hasilnya tidak bisa kami kabarkan." in words
