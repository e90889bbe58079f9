"""What a worker sees."""

from datetime import date, timedelta

import pytest
import time_machine

from tests.page import Clerk, file
from tests.people import with_phone
from webapp import clock, db
from webapp.messages import outbox
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.workers import Worker


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
    with time_machine.travel(moment, tick=False):
        words = Clerk(app).sign_in("siti@pekerja.example").page.words()
    assert ("sanggah sampai 6 Desember 2026" in words) is shown


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


def test_pesan_says_masked_where_each_went_while_the_address_is_kept(app, cast):
    with db.write_transaction():
        outbox.tell(user=with_phone(cast.siti), kind="news", about=None, now=clock.now(),
                    sms="Kabar.", email=("Kabar", "Kabar."))
    siti = Clerk(app).sign_in("siti@pekerja.example")
    rows = [" ".join(row.text_content().split()) for row in siti.open("/pesan").select(".rows li")]
    assert any("Ke s•••@pekerja.example, 22 November" in row for row in rows)
    assert any("Ke •••• •••• 4512, 22 November" in row for row in rows)
    Message.update(recipient_sealed=None).execute()
    words = siti.open("/pesan").words()
    assert "Kabar." in words
    assert "Ke " not in words


def test_pesan_shows_no_message_that_holds_a_code(app, cast):
    with db.write_transaction():
        outbox.tell(worker=cast.siti_at_maju.worker, kind="otp:sign-in", about=None,
                    now=clock.now(), sms="Purna: 482 913 untuk MASUK.")
    words = Clerk(app).sign_in("siti@pekerja.example").open("/pesan").words()
    assert "482 913" not in words
    assert "Isinya kode rahasia" in words


def test_beranda_shows_how_each_message_begins_and_leads_to_it(app, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    with db.write_transaction():
        outbox.tell(worker=cast.siti_at_maju.worker, kind="otp:sign-in", about=None,
                    now=clock.now(), sms="Purna: 482 913 untuk MASUK.")
    siti = Clerk(app).sign_in("siti@pekerja.example")
    links = {" ".join(link.text_content().split()): link.get("href")
             for link in siti.page.select("main .rows a[href*='/pesan#']")}
    assert len(links) == 3
    assert "482" not in " ".join(links)
    opening, = [words for words in links if words.startswith("Purna: PT Maju Bersama melapor")]
    assert opening.endswith("…")
    assert len(opening) <= 90
    pesan = siti.open("/pesan")
    for words, href in links.items():
        row, = pesan.select(href.partition("/pesan")[2])
        beginning = "kode rahasia" if words == "Kode rahasia" else words.removesuffix("…")
        assert beginning in " ".join(row.text_content().split())


@pytest.mark.parametrize(("account", "heading"), [
    ("ani@maju.example", "Pilih perusahaan"), ("budi@maju.example", "Tenaga kerja"),
    ("dewi@cabang.example", "Antrean")])
def test_others_are_led_from_beranda_to_where_their_work_begins(app, cast, account, heading):
    page = Clerk(app).sign_in(account).open("/beranda")
    assert (page.status, page.heading) == (200, heading)


def test_pesan_goes_on_beyond_its_first_page(app, cast):
    with db.write_transaction():
        for number in range(61):
            outbox.tell(user=cast.siti, kind="news", about=None, now=clock.now(),
                        email=("Kabar", f"Kabar nomor {number:02}."))
    siti = Clerk(app).sign_in("siti@pekerja.example")
    seen, page = [], siti.open("/pesan")
    for newest, oldest in ((60, 31), (30, 1), (0, 0)):
        seen.append(page)
        assert f"Kabar nomor {newest:02}." in page.words()
        assert f"Kabar nomor {oldest:02}." in page.words()
        assert f"Kabar nomor {newest + 1:02}." not in page.words()
        older = page.tree.xpath("//a[@rel='next']/@href")
        page = siti.open(older[0]) if older else None
    assert page is None
    assert seen[1].tree.xpath("//a[@rel='prev']/@href") == ["/pesan"]


@pytest.mark.parametrize("account", ["ani@maju.example", "dewi@cabang.example"])
def test_everybody_sees_what_was_sent_to_them_and_nothing_of_others(app, cast, account):
    with db.write_transaction():
        for user, text in ((User.get(User.email.matches(account)), "Untuk saya"),
                           (cast.budi, "Untuk Budi")):
            outbox.tell(user=user, kind="news", about=None, now=clock.now(), email=("Kabar", text))
    words = Clerk(app).sign_in(account).open("/pesan").words()
    assert "Untuk saya" in words
    assert "Untuk Budi" not in words


def test_an_account_without_a_worker_is_told_why_nothing_is_there(app, cast):
    Worker.update(user=None).execute()
    page = Clerk(app).sign_in("siti@pekerja.example").page
    assert "Kepesertaan belum tersambung" in page.words()
    assert page.select("main a[href='/profil/kepesertaan']")


def test_memberships_reported_after_registration_are_there_at_the_next_visit(app, cast):
    Worker.update(user=None).execute()
    siti = Clerk(app).sign_in("siti@pekerja.example")
    user = User.get_by_id(cast.siti.id)
    user.nik, user.birth_date = "3171064508900001", date(1990, 8, 5)
    user.save()
    assert "PT Maju Bersama" in siti.open("/beranda").words()
    assert Worker.get(Worker.user == user).name == "Siti Rahayu"


def test_a_contact_that_is_not_proven_is_asked_for(app, cast):
    siti = Clerk(app).sign_in("siti@pekerja.example")
    assert "Buktikan" not in siti.page.words()
    user = User.get_by_id(cast.siti.id)
    user.unproven = "+6281234567890"
    user.save()
    page = siti.open("/beranda")
    assert "Buktikan nomor ponsel Anda" in page.words()
    assert page.select("main a[href='/profil/kontak/buktikan']")


def test_the_first_page_leads_in_and_to_the_guides(visitor):
    links = visitor.open("/").tree.xpath("//main//a/@href")
    assert {"/masuk", "/daftar", "/panduan-keamanan", "/kanal-resmi", "/kontak"} <= set(links)


@pytest.mark.parametrize(("account", "places"), [
    ("siti@pekerja.example", ["Beranda", "Kepesertaan", "Pencairan", "Profil"]),
    ("dewi@cabang.example", ["Antrean", "Cari orang", "Program", "Laporan", "Profil"]),
    ("ani@maju.example", ["Profil"]),
    ("budi@maju.example", ["Tenaga kerja", "Unggah", "Permohonan", "Profil"])])
def test_profil_is_the_last_place_of_everybody(visitor, account, places):
    page = visitor.sign_in(account).page
    assert [link.text_content() for link in page.select("nav[aria-label=Utama] a")] == places
    assert visitor.open("/profil").words("nav[aria-label=Utama] [aria-current]") == "Profil"


@pytest.mark.parametrize(("path", "place"), [
    ("/pencairan", "Pencairan"), ("/rekening", "Pencairan"), ("/lacak", "Pencairan"),
    ("/pesan", "Beranda"), ("/kepesertaan", "Kepesertaan")])
def test_a_workers_page_belongs_to_one_place(siti, path, place):
    assert siti.open(path).words("nav[aria-label=Utama] [aria-current]") == place


def test_all_messages_are_reached_from_beranda_also_where_there_are_none(siti, cast):
    page = siti.open("/beranda")
    assert "Belum ada pesan" in page.words()
    assert page.select("main a[href='/pesan']")
