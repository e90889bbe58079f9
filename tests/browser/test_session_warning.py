"""Somebody who types for long is told before the session ends, and can stay."""

from datetime import timedelta

from playwright.sync_api import expect

from webapp import clock
from webapp.db import write_transaction
from webapp.models.people import Session

LATER = timedelta(minutes=27)     # of the 30 a session may lie unused


def test_two_minutes_before_the_end_a_person_can_stay(open_page, cast):
    siti = open_page().is_signed_in_as(cast.siti)
    page = siti.page
    page.clock.install()
    siti.open("/beranda").sees("Halo")
    warning = page.get_by_text("Sesi Anda berakhir dalam 2 menit")
    page.clock.fast_forward(LATER.total_seconds() * 1000)
    expect(warning).to_be_hidden()
    with write_transaction():
        Session.update(seen_at=clock.now() - LATER).execute()
    page.clock.fast_forward(90_000)
    expect(warning).to_be_visible()
    page.get_by_role("button", name="Tetap masuk").click()
    expect(warning).to_be_hidden()
    assert clock.now() - Session.get().seen_at < timedelta(minutes=1)
