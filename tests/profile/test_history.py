"""Riwayat keamanan: every event in words, newest first, by pages, at a constant price."""

from datetime import timedelta

import pytest
import time_machine

from tests.page import Clerk
from tests.statements import sent_by
from webapp import audit, clock, db
from webapp.audit import Event
from webapp.profile.history import TO_OWNER, UNNAMED, WORDS, words_for
from webapp.profile.queries import PAGE

EMAIL = "siti@pekerja.example"
# What happens to a company's papers, not to an account.
OF_COMPANIES = {
    Event.DEACTIVATION_FILED, Event.DEACTIVATION_EFFECTIVE, Event.DEACTIVATION_UNDONE,
    Event.CORRECTION_REQUESTED, Event.WORK_LETTER_APPROVED, Event.DOCUMENT_STORED,
    Event.DOCUMENT_READ, Event.COMPANY_ADDED, Event.WORKERS_IMPORTED, Event.UPLOADED,
    Event.UPLOAD_ROW_CHANGED, Event.UPLOAD_STARTED, Event.UPLOAD_DONE, Event.UPLOAD_UNDONE,
    Event.UPLOAD_DISCARDED,
    Event.CORRECTION_MADE, Event.CORRECTION_REFUSED, Event.REQUEST_SENT, Event.REQUEST_APPROVED,
    Event.REQUEST_REFUSED, Event.REQUEST_FILLED, Event.REQUEST_WITHDRAWN, Event.REQUEST_ESCALATED,
    Event.OBJECTION_SENT, Event.OBJECTION_WITHDRAWN, Event.OBJECTION_ANSWERED,
    Event.OBJECTION_GRANTED, Event.OBJECTION_UPHELD, Event.CASE_TAKEN, Event.CASE_HANDED_OVER,
    Event.WALK_IN_BEGUN, Event.WALK_IN_PAIRED, Event.WALK_IN_GIVEN_UP,
    Event.REVERSAL_GIVEN_UP,
    Event.REVERSAL_ASKED, Event.WALK_IN_REVERSED, Event.PAPER_ADDED, Event.PAPER_REMOVED,
    Event.RADAR_LISTED, Event.CONTRIBUTIONS_IMPORTED, Event.SAVINGS_IMPORTED,
    Event.AUDIT_CHECKED, Event.PAYOUTS_EXPORTED, Event.PAYOUTS_IMPORTED, Event.BILLS_IMPORTED,
    Event.PROGRAMME_MADE, Event.WAVE_MADE, Event.WAVE_OPENED, Event.WAVE_EXTENDED,
    Event.WAVE_CLOSED, Event.WAVE_DRAWING, Event.WAVE_STOPPED, Event.WAVE_ANNOUNCED,
    Event.WAVE_OVER, Event.ASSISTANCE_IMPORTED,
    Event.BLOCK_PROPOSED, Event.BLOCK_DROPPED, Event.BLOCK_LONGER_ASKED,
    Event.BLOCK_LONGER_REFUSED, Event.COMPLAINT_ERASED}

ANDROID = "Mozilla/5.0 (Linux; Android 10; K) Chrome/124.0 Mobile Safari/537.36"


@pytest.fixture
def siti(app, cast):
    """Siti, signed in."""
    return Clerk(app).sign_in(EMAIL)


def note(event, subject, actor=None, **details):
    with db.write_transaction():
        audit.record(event, chain=audit.ACCOUNTS, actor=actor, subject=subject.public_id,
                     now=clock.now(), **details)


def rows_of(page):
    return [" ".join(" ".join(row.itertext()).split()) for row in page.select("main .rows li")]


@pytest.mark.parametrize("event", sorted(set(Event) - OF_COMPANIES))
def test_every_event_of_an_account_has_its_words(siti, cast, event):
    note(event, cast.siti)
    shown = rows_of(siti.open("/profil/riwayat"))[0]
    assert TO_OWNER.get(event, WORDS[event]) in shown
    assert UNNAMED not in shown


def test_an_event_of_a_later_release_is_shown_all_the_same(siti, cast):
    assert words_for("something:new", {}) == UNNAMED


@pytest.mark.parametrize(("event", "details", "words"), [
    (Event.SIGNED_IN, {"new_device": True}, "Masuk di perangkat baru"),
    (Event.SIGNED_IN, {"new_device": False}, "Masuk ke akun"),
    (Event.SIGNED_OUT, {"sessions": 3}, "Keluar dari 3 perangkat"),
    (Event.CONTACT_CHANGED, {"contact": "phone", "old": "•••• 1", "new": "•••• 2"},
     "Nomor ponsel diganti dari •••• 1 menjadi •••• 2"),
    (Event.CONTACT_CHANGED, {"contact": "email", "old": None, "new": "s•••@a.id"},
     "Email s•••@a.id ditambahkan"),
    (Event.CONTACT_CHANGED, {"contact": "email", "old": None, "new": "s•••@a.id", "proven": True},
     "Email s•••@a.id dibuktikan"),
    (Event.CONTACT_CHANGED, {"contact": "email", "old": "s•••@a.id", "new": "s•••@a.id"},
     "Email s•••@a.id diganti dengan email lain yang mirip"),
    (Event.CONTACT_CHANGED, {}, "Kontak diganti"),
    (Event.DATA_DOWNLOADED, {"how": "file"}, "Data akun diunduh"),
    (Event.DATA_DOWNLOADED, {"how": "screen"}, "Data akun dibuka di layar"),
    (Event.DATA_CHANGED, {"what": "address"}, "Alamat diubah"),
    (Event.DATA_CHANGED, {"what": "reminder"}, "Pengingat ganti sandi diubah"),
    (Event.DATA_CHANGED, {"what": "something"}, "Data akun diubah"),
    (Event.DESTINATION_CUT, {"to": "BCA •••• 8123"},
     "Rekening atau e-wallet diputus: BCA •••• 8123")])
def test_details_make_the_words_plainer(event, details, words):
    assert words_for(str(event), details) == words


def test_what_staff_did_names_them(siti, cast):
    note(Event.PERSON_SEEN, cast.siti, actor=cast.dewi)
    shown = rows_of(siti.open("/profil/riwayat"))[0]
    assert shown == "Petugas membuka data Anda 22 November 2026 pukul 13.30 WIB, oleh " \
                    "Dewi Anggraini"


def test_many_looks_of_one_officer_on_one_day_are_one_line(siti, cast):
    for actor in (cast.dewi, cast.eka, cast.dewi, cast.dewi):
        note(Event.PERSON_SEEN, cast.siti, actor=actor)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        note(Event.PERSON_SEEN, cast.siti, actor=cast.dewi)
    with time_machine.travel(clock.now() - timedelta(days=1)):
        note(Event.PERSON_SEEN, cast.siti, actor=cast.dewi)
    looks = [row for row in rows_of(siti.open("/profil/riwayat")) if "membuka data" in row]
    assert looks == [
        "Petugas membuka data Anda 21 November 2026 pukul 13.30 WIB, oleh Dewi Anggraini",
        "Petugas membuka data Anda 4 kali Terakhir 22 November 2026 pukul 13.41 WIB, oleh "
        "Dewi Anggraini",
        "Petugas membuka data Anda 22 November 2026 pukul 13.30 WIB, oleh Eka Prasetya"]


def test_an_entry_names_the_device_where_it_has_one(app, cast):
    siti = Clerk(app)
    siti.browser.environ_base["HTTP_USER_AGENT"] = ANDROID
    siti.open("/masuk")
    siti.send(account=EMAIL, password="bukan-yang-ini")
    siti.sign_in(EMAIL)
    note(Event.TERMS_AGREED, cast.siti)
    agreed, came, refused = rows_of(siti.open("/profil/riwayat"))
    assert came == "Masuk ke akun 22 November 2026 pukul 13.30 WIB, Chrome di Android"
    assert refused.startswith("Percobaan masuk ditolak")
    assert refused.endswith("Chrome di Android")
    assert "Chrome" not in agreed


def test_whom_one_put_out_is_named_by_its_device(siti, app):
    phone = Clerk(app)
    phone.browser.environ_base["HTTP_USER_AGENT"] = ANDROID
    phone.sign_in(EMAIL)
    siti.open("/profil/perangkat")
    siti.send("form[action$='/keluarkan']")
    shown = rows_of(siti.open("/profil/riwayat"))[0]
    assert shown == "Keluar dari akun 22 November 2026 pukul 13.30 WIB, Chrome di Android"


def test_others_events_are_not_there(siti, cast):
    note(Event.PASSWORD_CHANGED, cast.budi, actor=cast.budi)
    assert "Kata sandi diganti" not in siti.open("/profil/riwayat").words()


def test_it_is_paged_by_key_and_nothing_is_left_out(siti, cast):
    for number in range(PAGE + 5):
        note(Event.SIGNED_OUT, cast.siti, sessions=number + 2)
    page = siti.open("/profil/riwayat")
    first = rows_of(page)
    assert len(first) == PAGE
    older, = page.tree.xpath("//nav[@class='pager']//a[@rel='next']/@href")
    note(Event.SIGNED_OUT, cast.siti, sessions=99)      # what happens meanwhile moves nothing
    second = rows_of(siti.open(older))
    assert [*first, *second][:PAGE + 5] == [
        f"Keluar dari {number + 2} perangkat 22 November 2026 pukul 13.30 WIB"
        for number in reversed(range(PAGE + 5))]
    assert "Masuk ke akun" in second[-1] or "Masuk di perangkat" in second[-1]
    assert siti.page.tree.xpath("//a[@rel='prev']/@href") == ["/profil/riwayat"]


@pytest.mark.parametrize("mark", ["x", "-1", "9" * 30, "٣", "1.5", ""])
def test_a_page_that_does_not_exist_is_no_fault(siti, mark):
    assert siti.open(f"/profil/riwayat?sebelum={mark}").status == 200


def queries_of(act):
    return len(sent_by(act))


def test_the_number_of_queries_does_not_grow(siti, cast):
    for actor in (cast.dewi, cast.eka):
        note(Event.PERSON_SEEN, cast.siti, actor=actor)
    few = queries_of(lambda: siti.open("/profil/riwayat"))
    for _ in range(20):
        for actor in (cast.dewi, cast.eka, cast.fajar):
            note(Event.PERSON_SEEN, cast.siti, actor=actor)
    assert queries_of(lambda: siti.open("/profil/riwayat")) == few
