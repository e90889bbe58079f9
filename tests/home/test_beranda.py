"""What a worker sees."""

from datetime import timedelta

import pytest
import time_machine

from tests.page import Clerk, file
from webapp import clock, db
from webapp.messages import outbox
from webapp.models.messages import Message


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


def test_a_mistaken_entry_is_not_called_the_end_of_work(app, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju, reason="SLH", note="KPJ ganda")
    words = Clerk(app).sign_in("siti@pekerja.example").page.words()
    assert "PT Maju Bersama mengakhiri kepesertaan Anda karena salah data" in words
    assert "berhenti bekerja" not in words


@pytest.mark.parametrize(("moment", "shown"), [
    ("2026-12-06T16:59:59Z", True), ("2026-12-06T17:00:00Z", False)])
def test_the_notice_stays_as_long_as_one_may_object(app, ani, cast, moment, shown):
    file(ani, cast.maju, cast.siti_at_maju)
    with time_machine.travel(moment):
        words = Clerk(app).sign_in("siti@pekerja.example").page.words()
    assert ("kantor cabang sampai 6 Desember 2026" in words) is shown


def test_pesan_shows_what_was_sent_and_what_is_being_sent(app, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    sms, email = Message.select().order_by(Message.channel.desc())
    siti = Clerk(app).sign_in("siti@pekerja.example")
    assert siti.open("/pesan").words().count("Sedang dikirim") == 2
    Message.update(state="TERKIRIM", sent_at=clock.now()).where(Message.id == sms.id).execute()
    for change in ({"state": "GAGAL"}, {"state": "KEDALUWARSA"},
                   {"state": "MENUNGGU", "created_at": clock.now() - timedelta(days=1)}):
        Message.update(**change).where(Message.id == email.id).execute()
        words = siti.open("/pesan").words()
        assert "Benar atau keliru" in words
        assert "Sedang dikirim" not in words
        assert "dilaporkan berakhir" not in words


def test_no_page_shows_a_message_that_holds_a_code(app, cast):
    with db.write_transaction():
        outbox.tell(worker=cast.siti_at_maju.worker, kind="otp:sign-in", about=None,
                    now=clock.now(), sms="Purna: 482 913 untuk MASUK.")
    siti = Clerk(app).sign_in("siti@pekerja.example")
    for path in ("/pesan", "/demo/pesan"):
        words = siti.open(path).words()
        assert "482 913" not in words
        assert "Isinya kode rahasia" in words


def test_the_demo_shows_what_was_sent(ani, visitor, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    page = visitor.open("/demo/pesan")
    assert "melaporkan Anda berhenti bekerja" in page.words()
    assert "+628123454512" not in page.text
