"""Bantuan saya."""

from datetime import date, timedelta

import pytest

from tests.assistance.granting import granted, line, list_of
from tests.conftest import settle
from tests.memberships.test_pages import statements_of
from tests.page import Clerk
from tests.payouts.claiming import destination_of
from tests.whole_app.test_weights import Line
from webapp import clock
from webapp.assistance.importing import take_list
from webapp.models.claims import Hold
from webapp.models.programmes import Assistance, AssistanceStep


@pytest.fixture
def mine(app, cast):
    """(an assistance, its person signed in)."""
    row, = granted(cast)
    settle(row.worker.user, clock.now())
    return row, Clerk(app).is_signed_in_as(row.worker.user)


def test_without_any_it_leads_to_the_programmes(cast, siti):
    page = siti.open("/bantuan-saya")
    assert "Belum ada bantuan" in page.words()
    assert page.select("main a.button-action")[0].get("href") == "/program"


def test_each_shows_programme_amount_schedule_state_and_dated_history(mine):
    row, clerk = mine
    take_list(list_of(line(row, "DIJADWALKAN", date(2026, 12, 1))), clock.now())
    take_list(list_of(line(row, "TERTAHAN", note="Nama di rekening berbeda")), clock.now())
    words = clerk.open("/bantuan-saya").words()
    for said in ("Dana tertahan", "Rp600.000", "1 Desember 2026",
                 "Ditetapkan", "Dijadwalkan", "22 November 2026 pukul", "Nama di rekening berbeda"):
        assert said in words


def test_nobody_sees_what_is_anothers(mine, siti):
    assert "Kartu Prakerja" not in siti.open("/bantuan-saya").words()


def test_without_a_destination_it_says_so_here_and_on_beranda(mine):
    row, clerk = mine
    page = clerk.open("/bantuan-saya")
    assert "Belum ada rekening atau e-wallet" in page.words()
    assert page.select("main .notice a")[0].get("href") == "/rekening"
    assert "Bantuan Anda menunggu rekening" in clerk.open("/beranda").words()
    destination_of(row.worker.user, holder="PESERTA 0")
    words = clerk.open("/bantuan-saya").words()
    assert "BCA ••••8123" in words
    assert "Sambungkan rekening" not in words
    assert "menunggu rekening" not in clerk.open("/beranda").words()


def test_a_hold_is_said_while_money_is_still_to_come(mine):
    row, clerk = mine
    Hold.create(user=row.worker.user, cause="rekening", begun_at=clock.now(), stop_index="x",
                until=clock.now() + timedelta(hours=72))
    assert "Pembayaran ditahan sampai 25 November 2026" in clerk.open("/bantuan-saya").words()
    take_list(list_of(line(row, "TERSALURKAN")), clock.now())
    words = clerk.open("/bantuan-saya").words()
    assert "ditahan" not in words
    assert "Dikirim 22 November 2026" in words


def test_it_takes_as_many_statements_and_few_kilobytes_however_many_there_are(mine, app):
    row, clerk = mine
    clerk.open("/bantuan-saya")
    one = statements_of(lambda: clerk.open("/bantuan-saya"))
    for number in range(12):
        more = Assistance.create(worker=row.worker, programme=row.programme, amount=1,
                                 number=f"{number:012}", granted_at=clock.now())
        AssistanceStep.create(assistance=more, state="DITETAPKAN", at=clock.now())
    assert statements_of(lambda: clerk.open("/bantuan-saya")) == one
    assert len(clerk.page.select("main section")) == 10
    clerk.open(clerk.page.select("a[rel=next]")[0].get("href"))
    assert len(clerk.page.select("main section")) == 3
    heavy = Line(app).is_signed_in_as(row.worker.user)
    assert heavy.weigh("/bantuan-saya", and_htmx=True)[0] <= 28
    assert heavy.weigh("/bantuan-saya")[0] <= 4
