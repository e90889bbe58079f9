"""Three wrong codes wait an hour: by whatever code, device, process and account number."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine

from tests.destinations.linking import GOPAY, Linker, code_sent, newest, wrong_code
from tests.page import in_parallel
from webapp import clock
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.destinations.queries import linked_of
from webapp.models.accounts import Challenge
from webapp.models.messages import Message
from webapp.rate_limit import TooMany

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def guess(siti, times):
    """So many wrong codes; the last page."""
    page = siti.page
    for number in range(1, times + 1):
        siti.page = page
        last = siti.send(code=wrong_code(number))
    return last


def test_the_third_wrong_code_waits_an_hour(siti, user):
    siti.ask()
    page = guess(siti, 2)
    assert "Sisa 1 percobaan" in page.errors()["code"]
    page = siti.send(code=wrong_code(3))
    assert page.status == 429
    assert "Tunggu 60 menit" in page.words()
    assert page.headers["Retry-After"] == "3600"


def test_then_the_right_one_is_not_looked_at_either(siti, user):
    siti.ask()
    page, code = siti.page, code_sent()
    guess(siti, 3)
    siti.page = page
    assert siti.send(code=code).status == 429
    assert linked_of(user) is None


def test_the_hour_is_over_to_the_second(siti, user, now):
    siti.ask()
    guess(siti, 3)
    begun = Challenge.get()
    with pytest.raises(TooMany) as wait:
        challenges.send(begun, "email", "siti@pekerja.example", clock.now())
    over = wait.value.until
    assert timedelta(0) <= over - now - HOUR < timedelta(minutes=1)
    for moment, until in ((over - SECOND, over), (over, None)):
        assert challenges.guessed_out_until(user, Purpose.LINK_DESTINATION, moment) == until
    with time_machine.travel(over):
        siti.is_signed_in_as(user)
        assert siti.link().path == "/rekening?selesai=tersambung"


def test_it_survives_another_code(siti, user, now):
    siti.ask()
    guess(siti, 2)
    with time_machine.travel(now + timedelta(seconds=61)):
        siti.send(ulang="sms")
        assert Message.select().where(Message.kind == "otp-rekening").count() == 2
        assert siti.send(code=wrong_code()).status == 429
        assert "Tunggu 60 menit" in siti.page.words()


def test_it_survives_another_account_number_and_another_device(app, siti, user, now):
    siti.ask()
    guess(siti, 3)
    other = Linker(app, device="").is_signed_in_as(user)
    other.check(GOPAY)
    page = other.send()
    assert page.status == 429
    assert "Tunggu 60 menit" in page.words()
    assert Message.select().where(Message.kind == "otp-rekening").count() == 1
    assert newest().state == "MENUNGGU_OTP"


def test_a_right_one_counts_from_zero_again(siti, user):
    siti.ask()
    page = siti.page
    guess(siti, 2)
    siti.page = page
    assert siti.send(code=code_sent()).path == "/rekening?selesai=tersambung"
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        siti.ask(GOPAY)
        assert "Sisa 2 percobaan" in siti.send(code=wrong_code()).errors()["code"]


def test_it_is_always_an_hour(siti, user, now):
    """It does not double: the rules say an hour."""
    for days in range(3):
        with time_machine.travel(now + timedelta(days=days)):
            siti.is_signed_in_as(user)
            siti.ask(number=f"1234567{days}00")
            assert "Tunggu 60 menit" in guess(siti, 3).words()


def test_other_acts_are_not_waited_for(siti, user):
    siti.ask()
    guess(siti, 3)
    assert challenges.guessed_out_until(user, Purpose.SEND_CLAIM, clock.now()) is None


def test_of_forty_at_once_three_are_judged(siti, user, now):
    siti.ask()
    challenge, code = Challenge.get(), int(code_sent())

    def outcome(number):
        try:
            challenges.judge(challenge, f"{(code + 1 + number) % 1_000_000:06}", now)
        except (challenges.WrongCode, challenges.NoCode, TooMany) as refusal:
            return type(refusal).__name__
        return "right"

    answers = Counter(in_parallel(outcome, 40))
    assert set(answers) <= {"WrongCode", "TooMany"}
    assert 5 - Challenge.get().guesses_left == 3
