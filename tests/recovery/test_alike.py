"""Nobody learns from Lupa sandi or Lupa akun whether there is such an account."""

import re

import pytest
import time_machine

from tests.people import PHONE
from tests.recovery.forgetful import EMAIL, NIK, SENT, Forgetful, code_sent, not_the
from tests.statements import sent_by
from webapp import clock
from webapp.challenges import send_limits
from webapp.db import write_transaction
from webapp.models.accounts import Challenge
from webapp.models.messages import Message
from webapp.models.people import CLOSED, User
from webapp.rate_limit import TooMany

HIDDEN = re.compile(r'[0-9a-f-]{36}|(?<=name="csrf_token" value=")[^"]*')
# Of each pair the first is Siti's.
PAIRS = [(EMAIL, "siti@orang.example"), (PHONE, "+6281234569999"), (NIK, "3171064508907777")]
PASSWORDS = ("pendek", "namaku siti rahayu 77", f"kuda hijau {NIK[:-4]}0000", "purna-demo-2026",
             "kuda baterai hijau jendela")


@pytest.fixture(autouse=True)
def clock_stands(today_is_fixed):
    """Waits shown on pages are the same, however long the requests take."""
    with time_machine.travel("2026-11-22T06:30:00Z", tick=False):
        yield


def seen(answer):
    """All of an answer that could tell: status, headers and body, chance taken out."""
    headers = {name: HIDDEN.sub("…", value) for name, value in answer.headers
               if name not in ("Set-Cookie", "Content-Length", "X-Request-Id")}
    return answer.status_code, headers, HIDDEN.sub("…", answer.get_data(as_text=True))


def followed(page):
    """Every answer on the way to this page."""
    return [seen(answer) for answer in (*page.response.history, page.response)]


def wrong_code():
    """A code that is wrong for every challenge there is."""
    codes = {row.body[7:14].replace(" ", "") for row in Message.select()
             if row.kind.startswith("otp") and row.channel == "sms" and row.body}
    return next(f"{number:06}" for number in range(100) if f"{number:06}" not in codes)


def walk(one, account, channel):
    """Every answer from the form to ten wrong codes, codes sent again, and too many requests."""
    yield from followed(one.ask(account, channel))
    for password in PASSWORDS:
        yield from followed(one.answer(wrong_code(), password))
    yield from followed(one.send(ulang=channel))     # too early
    yield from followed(one.open(one.page.path))
    with time_machine.travel("2026-11-22T06:31:30Z", tick=False):
        yield from followed(one.send(ulang="email"))
        for _ in range(6):
            yield from followed(one.answer(wrong_code()))
            one.open(one.page.path)
    for minute in range(35, 45, 2):
        with time_machine.travel(f"2026-11-22T06:{minute}:00Z", tick=False):
            yield from followed(one.ask(account, channel))
            url = one.page.path
            yield from followed(one.answer(wrong_code()))
            one.open(url)
    with time_machine.travel("2026-11-22T06:55:00Z", tick=False):
        yield from followed(one.open(url))


@pytest.mark.parametrize("channel", ["sms", "email"])
@pytest.mark.parametrize("pair", PAIRS)
def test_v5_0_6_3_8_every_page_is_the_same_for_known_and_unknown(app, siti, pair, channel):
    known, unknown = (list(walk(Forgetful(app), account, channel)) for account in pair)
    assert known == unknown
    assert len(known) > 30
    assert SENT in known[1][2]


def two_names_walk(app, first, second):
    """Every answer of ten wrong codes by one name, then of eleven by another."""
    for name, minutes in ((first, (30, 32)), (second, (34, 36))):
        for minute in minutes:
            with time_machine.travel(f"2026-11-22T06:{minute}:00Z", tick=False):
                one = Forgetful(app)
                yield from followed(one.ask(name, "email"))
                for _ in range(6):
                    url = one.page.path
                    yield from followed(one.answer(wrong_code()))
                    one.open(url)


def test_two_names_of_one_account_look_like_those_of_two(app, siti):
    known = list(two_names_walk(app, EMAIL, PHONE))
    unknown = list(two_names_walk(app, "siti@orang.example", "+6281234569999"))
    assert known == unknown
    statuses = [status for status, *_ in known]
    assert statuses == [303, 200, *[422] * 6, 303, 200, *[422] * 5, 429] * 2


def test_an_account_that_may_not_be_opened_looks_unknown(app, siti):
    User.update(state=CLOSED).where(User.id == siti.id).execute()
    known, unknown = (list(walk(Forgetful(app), account, "sms")) for account in PAIRS[0])
    assert known == unknown


def test_an_account_without_that_channel_looks_unknown(app, cast):
    known, unknown = (list(walk(Forgetful(app), account, "sms"))
                      for account in ("ani@maju.example", "anu@maju.example"))
    assert known == unknown


def test_sends_to_nobody_count_for_the_address_that_was_typed(app, siti):
    for account in PAIRS[1]:
        Forgetful(app).ask(account)
        with write_transaction(), pytest.raises(TooMany):
            send_limits.count_send("sms", account, clock.now())


@pytest.mark.parametrize("pair", PAIRS[:2])
def test_the_database_does_the_same_work_for_both(app, siti, pair):
    Forgetful(app).ask("siapa@orang.example")     # the first of all begins the audit trail
    asked, guessed = [], []
    for account in pair:
        one = Forgetful(app)
        asked.append(sent_by(lambda one=one, account=account: one.ask(account)))
        guessed.append(sent_by(lambda one=one: one.answer(not_the(code_sent()))))
    assert asked[0] == asked[1]
    assert guessed[0] == guessed[1]
    assert len(asked[0]) > 10


def name_walk(one, nik, birth_date="1990-08-05"):
    """Every answer of Lupa akun, the fourth in an hour included."""
    for _ in range(4):
        one.open("/lupa-akun")
        yield from followed(one.send(nik=nik, birth_date=birth_date))


def test_lupa_akun_is_the_same_for_known_and_unknown(app, siti):
    known = list(name_walk(Forgetful(app), NIK))
    assert known == list(name_walk(Forgetful(app), "3171064508907777"))
    assert known == list(name_walk(Forgetful(app), NIK, "1990-08-06"))
    assert not Challenge.select().exists()


def test_nor_does_the_database_work_more_for_one(app, siti):
    list(name_walk(Forgetful(app), "3171064508908888"))     # the first begins the audit trail
    known, unknown = (sent_by(lambda nik=nik: list(name_walk(Forgetful(app), nik)))
                      for nik in (NIK, "3171064508907777"))
    assert known == unknown
