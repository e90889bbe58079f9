"""Somebody who types for long is told before the session ends, and can stay."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from webapp import clock
from webapp.db import write_transaction
from webapp.models.people import Session

LATER = timedelta(minutes=27)     # of the 30 a session may lie unused
WARNING, OVER = "Anda akan keluar sendiri dalam 2 menit", "Waktu masuk Anda sudah habis"


@pytest.fixture
def siti(open_page, cast):
    """Siti, signed in, in a browser whose clock the test moves."""
    person = open_page().is_signed_in_as(cast.siti)
    person.page.clock.install()
    return person.open("/beranda").sees("Halo")


def is_now(**columns):
    """Make the session one that began, or was last used, at another time."""
    with write_transaction():
        Session.update(**columns).execute()


def wait(person, minutes):
    person.page.clock.fast_forward(minutes * 60_000)


def test_two_minutes_before_the_end_a_person_can_stay(siti):
    warning = siti.page.get_by_text(WARNING)
    wait(siti, 27)
    expect(warning).to_be_hidden()
    is_now(seen_at=clock.now() - LATER)
    wait(siti, 1.5)
    expect(warning).to_be_visible()
    siti.press("Tetap masuk")
    expect(warning).to_be_hidden()
    assert clock.now() - Session.get().seen_at < timedelta(minutes=1)
    wait(siti, 27)
    expect(warning).to_be_hidden()
    wait(siti, 1.5)
    expect(warning).to_be_visible()


def test_who_comes_too_late_is_not_told_that_the_session_goes_on(siti):
    wait(siti, 28.5)
    is_now(seen_at=clock.now() - timedelta(minutes=31))
    siti.press("Tetap masuk")
    expect(siti.page.get_by_text(OVER)).to_be_visible()
    expect(siti.page.get_by_role("button", name="Tetap masuk")).to_have_count(0)
    expect(siti.page.get_by_text(WARNING)).to_have_count(0)


def test_who_does_nothing_is_told_when_it_is_over(siti):
    wait(siti, 28.5)
    is_now(seen_at=clock.now() - timedelta(minutes=31))
    wait(siti, 2)
    expect(siti.page.get_by_text(OVER)).to_be_visible()
    expect(siti.page.get_by_text(WARNING)).to_have_count(0)


def test_near_the_end_of_twelve_hours_the_warning_comes_in_time(siti):
    warning = siti.page.get_by_text(WARNING)
    wait(siti, 28.5)
    is_now(created_at=clock.now() - timedelta(hours=11, minutes=50))
    siti.press("Tetap masuk")
    expect(warning).to_be_hidden()
    wait(siti, 7.5)
    expect(warning).to_be_hidden()
    wait(siti, 1)
    expect(warning).to_be_visible()


def test_what_htmx_asks_for_moves_the_warning_to_when_the_session_ends(open_page, cast):
    ani = open_page().is_signed_in_as(cast.budi)
    ani.page.clock.install()
    ani.open(f"/perusahaan/{cast.maju.public_id}/tenaga-kerja")
    wait(ani, 20)
    is_now(created_at=clock.now() - timedelta(hours=11, minutes=50))
    with ani.page.expect_response("**/sesi") as asked:
        ani.search("Siti")     # an empty search would open another page
    assert asked.value.status == 200
    # By the time another answer was read the page has read that one.
    ani.page.evaluate("() => fetch('/sesi').then((answer) => answer.text())")
    warning = ani.page.get_by_text(WARNING)
    expect(warning).to_be_hidden()
    wait(ani, 8.5)
    expect(warning).to_be_visible()
