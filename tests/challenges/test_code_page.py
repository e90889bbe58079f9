"""The page that asks for a code: what it says when none came, none could go, or it is too early."""

from datetime import timedelta

import pytest
import time_machine

from tests.challenges.conftest import PHONE, begin, newest_code, send, wrong
from tests.page import Clerk
from webapp import clock
from webapp.challenges import service
from webapp.demo.people import PASSWORD
from webapp.models.accounts import Challenge, SendHistory
from webapp.models.messages import FAILED, Message

EMAIL = "siti@pekerja.example"


@pytest.fixture(autouse=True)
def clock_stands(today_is_fixed):
    """Waits are shown to the second."""
    with time_machine.travel("2026-11-22T06:30:00Z", tick=False):
        yield


def new_device(app, account=EMAIL):
    """Somebody on a device never seen, up to the page that asks for the code."""
    person = Clerk(app, device="")
    person.open("/masuk")
    person.send(account=account, password=PASSWORD)
    assert person.page.heading == "Perangkat baru"
    return person


def buttons(person):
    return {button.get("value") or "": button.get("class").split()[-1].removeprefix("button-")
            for button in person.page.select("main button")}


def test_too_early_it_says_how_long_to_wait_and_keeps_what_was_typed(app, siti):
    person = new_device(app)
    page = person.send(ulang="sms", code="482 9")
    assert page.status == 429
    assert page.words(".error-summary") == (
        "Belum bisa dikirim ulang Kode bisa dikirim lagi setelah 60 detik.")
    assert page.fields()["code"] == "482 9"
    assert Message.select().count() == 1


def test_the_wait_beside_each_button_is_that_of_the_moment(app, siti):
    person = new_device(app)
    with time_machine.travel(clock.now() + timedelta(seconds=17), tick=False):
        words = person.open(person.page.path).words("main form")
    assert words.count("Bisa dikirim lagi setelah 43 detik.") == 2


def test_sending_again_after_a_minute_ends_the_first_code(app, siti):
    person = new_device(app)
    first = newest_code()
    with time_machine.travel(clock.now() + timedelta(seconds=60), tick=False):
        assert "dikirim lagi" not in person.open(person.page.path).words()
        assert person.send(ulang="sms").status == 200
        assert Message.select().count() == 2
        if first != newest_code():
            assert "Pakai kode dari pesan yang paling baru." in (
                person.send(code=first).errors()["code"])
        assert person.send(code=newest_code()).heading == "Halo, Siti Rahayu"


def test_another_device_within_the_minute_gets_its_code_by_the_other_channel(app, siti):
    first = new_device(app)
    code = newest_code()
    second = new_device(app)
    assert [row.channel for row in Message.select().order_by(Message.id)] == ["sms", "email"]
    assert "lewat email ke s•••@pekerja.example" in second.page.words()
    # Beginning anew on the other device ended the first one's act.
    first.send(code=code)
    assert (first.page.status, first.page.heading) == (410, "Waktunya sudah habis")
    assert second.send(code=newest_code()).heading == "Halo, Siti Rahayu"


def test_where_no_code_could_go_none_is_asked_for_and_each_button_says_when(app, siti, now):
    send(begin(siti), now - timedelta(seconds=20))
    service.send(begin(siti), "email", EMAIL, now - timedelta(seconds=50))
    person = new_device(app)
    assert Message.select().where(Message.kind == "otp-masuk").count() == 0
    assert "code" not in person.page.fields()
    words = person.page.words()
    assert "Kode lain baru saja dikirim." in words
    assert "Kirim ulang lewat SMS Bisa dikirim lagi setelah 40 detik." in words
    assert "Kirim ulang lewat email Bisa dikirim lagi setelah 10 detik." in words
    assert buttons(person) == {"sms": "plain", "email": "plain"}
    with time_machine.travel(now + timedelta(seconds=10), tick=False):
        person.send(ulang="email")
        assert person.send(code=newest_code()).heading == "Halo, Siti Rahayu"


def test_a_clerk_without_another_channel_waits(app, cast, now):
    service.send(begin(cast.ani), "email", "ani@maju.example", now)
    person = new_device(app, "ani@maju.example")
    page = person.send(ulang="email")
    assert page.status == 429
    assert "Kode bisa dikirim lagi setelah 60 detik." in page.words(".error-summary")
    assert "code" not in page.fields()


def test_three_in_a_quarter_of_an_hour_then_the_page_says_how_many_minutes(app, siti, now):
    for minute in (0, 1, 2):
        send(begin(siti), now + timedelta(minutes=minute))
    with time_machine.travel(now + timedelta(minutes=3, seconds=30), tick=False):
        person = new_device(app)
        assert "lewat email" in person.page.words()
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        page = person.send(ulang="sms", code="123456")
        assert page.status == 429
        assert "Kode bisa dikirim lagi pukul 13.45 WIB." in page.words(".error-summary")
        assert "SMS Sudah 3 kode dalam 15 menit. Bisa dikirim lagi pukul 13.45 WIB." in (
            page.words("main form"))
        assert page.fields()["code"] == "123456"


def test_a_code_that_the_gateway_refused_is_said_to_be_lost(app, siti):
    person = new_device(app)
    Message.update(state=FAILED).execute()
    assert person.open(person.page.path).words(".notice") == (
        "Kode tidak sampai SMS ke •••• •••• 4512 tidak bisa dikirim. "
        "Coba cara yang lain di bawah.")
    with time_machine.travel(clock.now() + timedelta(seconds=60), tick=False):
        assert not person.send(ulang="email").select(".notice")


def test_a_code_that_is_over_is_no_longer_asked_for(app, siti):
    person = new_device(app)
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        assert person.send(code=newest_code()).errors()["code"] == (
            "Kode sudah lewat 10 menit. Tekan Kirim ulang.")
        assert "code" not in person.open(person.page.path).fields()
        assert person.page.words(".notice") == (
            "Kode sudah lewat 10 menit Tekan Kirim ulang di bawah.")
        assert buttons(person) == {"sms": "action", "email": "plain"}


def test_nor_is_one_that_was_guessed_away(app, siti):
    person, code = new_device(app), newest_code()
    for number in range(1, 6):
        person.send(code=wrong(code, number))
    assert "Tekan Kirim ulang" in person.page.errors()["code"]
    assert "code" not in person.open(person.page.path).fields()
    assert person.page.words(".notice") == (
        "Kode sudah salah lima kali Tunggu dulu, lalu tekan Kirim ulang.")


def test_where_one_way_is_free_that_one_is_the_pages_button(app, siti, now):
    send(begin(siti), now - timedelta(seconds=20))
    service.send(begin(siti), "email", EMAIL, now - timedelta(seconds=50))
    person = new_device(app)
    with time_machine.travel(now + timedelta(seconds=10), tick=False):
        page = person.open(person.page.path)
        assert page.words(".notice") == "Kode belum dikirim Tekan Kirim ulang di bawah."
        assert buttons(person) == {"sms": "plain", "email": "action"}


def test_six_in_a_day_then_the_page_says_on_which_day_one_more_may_go(app, siti, now):
    for channel, address in (("sms", PHONE), ("email", EMAIL)):
        for hour in range(6):
            sent = now + timedelta(hours=hour)
            service.send(begin(siti, now=sent), channel, address, sent)
    with time_machine.travel(now + timedelta(hours=6), tick=False):
        page = new_device(app).page
        assert page.words(".notice") == (
            "Kode belum dikirim Sudah 6 kode dalam sehari semalam. "
            "Tunggu dulu, lalu tekan Kirim ulang.")
        assert page.words("main form").count(
            "Bisa dikirim lagi pada 23 November 2026 pukul 13.30 WIB.") == 2


def test_the_enter_key_confirms_and_does_not_send_again(app, siti):
    assert not new_device(app).page.select("main form button")[0].get("name")


def test_asked_for_twice_the_code_on_its_way_stays_and_none_goes_elsewhere(app, siti):
    person = Clerk(app).sign_in(EMAIL)
    for _ in range(2):
        person.open("/profil/email")
        person.send(value="siti.baru@pekerja.example", channel="sms")
    assert [(row.channel, row.recipient) for row in Message.select()] == [("sms", PHONE)]
    assert Challenge.select().count() == SendHistory.select().count() == 1
