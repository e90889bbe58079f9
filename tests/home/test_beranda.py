"""What a worker sees."""

from tests.page import Clerk, file


def test_the_worker_sees_the_report_its_receipt_and_the_messages(app, ani, cast):
    number = file(ani, cast.maju, cast.siti_at_maju).words(".receipt-number")
    siti = Clerk(app).sign_in("siti@pekerja.example")
    words = siti.page.words()
    assert "PT Maju Bersama melaporkan Anda berhenti bekerja per 20 November 2026" in words
    assert number in words
    messages = siti.open("/pesan").words()
    assert "Benar atau keliru" in messages
    assert "Kepesertaan Anda dilaporkan berakhir" in messages


def test_without_anything_each_part_says_so(app, cast):
    siti = Clerk(app).sign_in("siti@pekerja.example")
    assert "Belum ada pesan" in siti.page.words()
    assert "Aktif" in siti.page.words()


def test_the_demo_shows_what_was_sent(ani, visitor, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    page = visitor.open("/demo/pesan")
    assert "melaporkan Anda berhenti bekerja" in page.words()
    assert "+628123454512" not in page.text
