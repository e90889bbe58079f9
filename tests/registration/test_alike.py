"""Nobody learns from registering whether a contact has an account."""

import re

import pytest
import time_machine

from tests.page import Clerk
from tests.people import PHONE, with_phone
from tests.registration.person import Newcomer, code_sent, last_text
from tests.statements import sent_by
from webapp.formats import show_phone
from webapp.models.messages import Message
from webapp.models.people import User

# Of each pair the first has an account; masked, both look the same.
KNOWN, FRESH = ({"phone": PHONE, "email": "siti@pekerja.example"},
                {"phone": "+6285678904512", "email": "sari@pekerja.example"})
HIDDEN = re.compile(r'[0-9a-f-]{36}|(?<=name="csrf_token" value=")[^"]*')


@pytest.fixture
def people(app, cast):
    """Two browsers; the clock stands, so that waits shown on pages are the same."""
    with_phone(cast.siti)
    with time_machine.travel("2026-11-22T06:30:00Z", tick=False):
        yield Newcomer(app), Newcomer(app)


def seen(answer):
    """All of an answer that could tell: status, headers and body, chance taken out."""
    headers = {name: HIDDEN.sub("…", value) for name, value in answer.headers
               if name not in ("Set-Cookie", "Content-Length", "X-Request-Id")}
    return answer.status_code, headers, HIDDEN.sub("…", answer.get_data(as_text=True))


def walk(one, contacts, channel):
    """Every answer from the form to a wrong code and a code sent again."""
    one.fill_in(**contacts)
    yield seen(one.page.response.history[0])
    yield seen(one.page.response)
    one.agree(channel)
    yield seen(one.page.response.history[0])
    yield seen(one.page.response)
    yield seen(one.send(code="123456").response)
    yield seen(one.send(ulang=channel).response)     # too early
    with time_machine.travel("2026-11-22T06:31:30Z", tick=False):
        one.send(ulang=channel)
        yield seen(one.page.response.history[0])
        yield seen(one.page.response)
        for _ in range(5):
            yield seen(one.send(code="123456").response)


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_v5_0_6_3_8_every_page_is_the_same_for_known_and_unknown_contacts(people, channel):
    known = list(walk(people[0], KNOWN, channel))
    fresh = list(walk(people[1], FRESH, channel))
    assert [status for status, *_ in known] == [
        303, 200, 303, 200, 422, 429, 303, 200, 422, 422, 422, 422, 422]
    assert known == fresh


def changing(one, contacts):
    """Every answer when what was typed is changed while a code is on its way."""
    for name in ("Wati Lestari", "Wati Lestari Putri"):
        one.fill_in(**contacts, name=name)
        yield from map(seen, (one.page.response.history[0], one.page.response))
        one.agree("sms")
        yield from map(seen, (one.page.response.history[0], one.page.response))


def test_so_are_those_after_ubah_isian(people):
    known, fresh = (list(changing(one, contacts))
                    for one, contacts in zip(people, (KNOWN, FRESH), strict=True))
    assert known == fresh
    assert "Bisa dikirim lagi setelah" in known[-1][2]


def test_the_database_does_the_same_work_for_both(people):
    work = []
    for one, contacts in zip(people, (KNOWN, FRESH), strict=True):
        work.append(sent_by(lambda one=one, contacts=contacts: one.begin("sms", **contacts)))
    assert work[0] == work[1]
    assert len(work[0]) > 10


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_the_owner_of_a_known_contact_hears_that_there_is_an_account_and_how_to_sign_in(
        people, channel):
    people[0].begin(channel, **KNOWN)
    message = Message.get()
    assert (message.channel, message.kind) == (channel, "account:in use")
    assert "sudah punya akun" in message.body
    assert "Lupa sandi" in message.body
    assert not re.search(r"\d{3} \d{3}", message.body)
    assert "Wati" not in message.body + message.subject
    assert message.user.email == "siti@pekerja.example"
    if channel == "sms":
        assert len(message.body) <= 160


def test_a_code_that_is_sent_again_is_none_for_a_known_contact_either(people):
    people[0].begin("sms", **KNOWN)
    with time_machine.travel("2026-11-22T06:31:30Z", tick=False):
        people[0].send(ulang="email")
    assert Message.select().where(Message.kind == "account:in use").count() == 2


def test_a_code_that_is_sent_again_elsewhere_follows_that_contact(people):
    people[0].begin("sms", phone=KNOWN["phone"], email=FRESH["email"])
    assert "sudah punya akun" in last_text()
    with time_machine.travel("2026-11-22T06:31:30Z", tick=False):
        people[0].send(ulang="email")
        assert "DAFTAR AKUN" in last_text()
        assert people[0].send(code=code_sent()).heading == "Masuk"
    user = User.select().order_by(User.id.desc()).get()
    assert (user.email, user.phone, user.unproven) == (FRESH["email"], None, KNOWN["phone"])


def test_the_account_that_is_there_already_stays_as_it_was(people, cast):
    before = User.select().where(User.id == cast.siti.id).dicts().get()
    list(walk(people[0], KNOWN, "sms"))
    assert User.select().where(User.id == cast.siti.id).dicts().get() == before


def test_the_owner_finds_the_message_in_pesan(people, app):
    people[0].begin("sms", **KNOWN)
    words = Clerk(app).sign_in("siti@pekerja.example").open("/pesan").words()
    assert "nomor ini sudah punya akun" in words


def test_a_nik_or_a_card_that_exists_changes_no_page(people):
    real = {"nik": "3171064508900001", "kpj": "30145274512", "name": "Siti Rahayu",
            "birth_date": "1990-08-05"}
    invented = {"nik": "3171064508900777", "kpj": "30145274777", "name": "Siti Rahayu",
                "birth_date": "1990-08-05"}
    pages = []
    for one, answers, phone in zip(people, (real, invented), ("6285678904512", "6285678914512"),
                                   strict=True):
        pages.append(list(walk(one, {**answers, "phone": phone}, "sms")))
        with time_machine.travel("2026-11-22T06:36:00Z", tick=False):
            one.send(ulang="sms")
            one.send(code=code_sent())
            pages[-1].append(seen(one.page.response.history[0]))
            status, headers, body = seen(one.page.response)
            # What each of them typed themselves stands in the form that follows.
            pages[-1].append((status, headers, body.replace(show_phone(f"+{phone}"), "…")))
    assert pages[0] == pages[1]
