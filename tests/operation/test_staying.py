"""Asking whether a session still lives keeps it, and says for how long."""

from datetime import timedelta

import pytest

from tests.page import Clerk
from webapp import clock
from webapp.db import write_transaction
from webapp.models.people import Session


@pytest.fixture
def siti(app, cast):
    """Siti, signed in."""
    clerk = Clerk(app)
    clerk.sign_in("siti@pekerja.example")
    return clerk


def answer(clerk):
    """Of /sesi, as the browser's script asks for it."""
    return clerk.browser.get("/sesi")


def test_an_unused_session_lasts_half_an_hour(siti):
    assert answer(siti).status_code == 200
    assert 1798 <= int(answer(siti).text) <= 1800


def test_what_is_said_is_what_is_left_though_use_is_noted_once_a_minute(siti):
    with write_transaction():
        Session.update(seen_at=clock.now() - timedelta(seconds=58)).execute()
    assert 1741 <= int(answer(siti).text) <= 1742


def test_close_to_the_end_of_its_life_less_is_left(siti):
    with write_transaction():
        Session.update(created_at=clock.now() - timedelta(hours=11, minutes=55)).execute()
    assert 298 <= int(answer(siti).text) <= 300


def test_asking_uses_the_session(siti):
    before = clock.now() - timedelta(minutes=29)
    with write_transaction():
        Session.update(seen_at=before).execute()
    answer(siti)
    assert clock.now() - Session.get().seen_at < timedelta(seconds=5)


def test_an_ended_session_is_sent_away(siti):
    with write_transaction():
        Session.update(ended_at=clock.now()).execute()
    sent = answer(siti)
    assert sent.status_code == 303
    assert sent.headers["Location"].startswith("/masuk")
