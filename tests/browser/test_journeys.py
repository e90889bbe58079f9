"""The main job from sign-in to Keluar, by whoever does it and however they press."""

from urllib.parse import unquote

from playwright.sync_api import expect

from tests.browser.conftest import data_of_its_own
from tests.faults.processes import Program, running, wait_until
from tests.gateways import SmsServer, SmtpServer
from webapp import clock, sessions
from webapp.db import write_transaction
from webapp.models.audit import AuditEntry
from webapp.models.deactivations import Deactivation, WorkLetter
from webapp.models.messages import Message
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership

SITI_NIK = "3171064508900001"
STORED = "() => localStorage.length + sessionStorage.length"


def test_from_sign_in_to_keluar(somebody, cast, last_day):
    ani = somebody.open("/").follow("Masuk").sign_in("ani@maju.example").choose_company()
    for term in ("301452745", SITI_NIK, "Sity Rahayu"):
        assert ani.search(term).rows() == ["Siti Rahayu"]
    ani.begin().fill_in("Mengundurkan diri", last_day, "Pindah kota").check()
    ani.reads("Anda akan menonaktifkan Siti Rahayu", "Mengundurkan diri", "Pindah kota")
    number = ani.confirm()
    ani.reads(number, "Siti Rahayu", "PT Maju Bersama")
    approve_letter(ani)
    undo(ani)
    ani.reads("Salah pilih nama")
    assert Deactivation.get().state == "DIBATALKAN"
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "AKTIF"
    leave(ani)
    assert bool(ani.watch.fragments()) is ani.javascript


def approve_letter(ani):
    ani.follow("Paklaring Siti Rahayu").sees("Paklaring Siti Rahayu")
    ani.type_in("Nama penanda tangan", "Ani Wulandari")
    ani.type_in("Jabatan penanda tangan", "Manajer SDM").press("Setujui paklaring")
    ani.sees("Surat keterangan kerja").reads("Ani Wulandari", "Staf keuangan")
    assert WorkLetter.get().approved_at
    ani.follow("Tanda terima").sees("Selesai")


def undo(ani):
    ani.follow("Batalkan nonaktif").sees("Batalkan nonaktif Siti Rahayu")
    ani.press("Batalkan nonaktif").reads("Tulis alasan pembatalan.")
    ani.type_in("Alasan pembatalan", "Salah pilih nama").press("Batalkan nonaktif")
    ani.sees("Laporan ini dibatalkan")


def leave(ani):
    ani.follow("Keluar").sees("Keluar").press("Keluar dari perangkat ini").sees("Masuk")
    for _ in range(2):     # the keluar page, the receipt
        ani.go_back().sees("Masuk").does_not_read("Siti", "Rahayu")


def test_the_worker_is_told_within_seconds(application, database, ani_at_form, open_page,
                                           last_day, tmp_path):
    with SmsServer() as sms, SmtpServer() as mail, running(
            sender(application, database, sms, mail, tmp_path)):
        ani_at_form.fill_in("Mengundurkan diri", last_day).check().confirm()
        wait_until(lambda: sms.received and mail.received, 5, what="both messages")
        assert sms.received[0].to.endswith("8123454512")
        assert "PT Maju Bersama melaporkan Anda berhenti bekerja" in sms.received[0].text
        assert mail.recipients == [["siti@pekerja.example"]]
    siti = open_page(javascript=ani_at_form.javascript).sign_in("siti@pekerja.example")
    siti.sees("Halo, Siti Rahayu").reads("PT Maju Bersama melaporkan Anda berhenti bekerja")
    siti.follow("Pesan").sees("Pesan").reads(sms.received[0].text, mail.received[0]["Subject"])


def sender(application, database, sms, mail, folder):
    """``flask worker`` on this test's database."""
    environment = {"PURNA_DATA": str(data_of_its_own(application, folder)),
                   "DATABASE_URL": database.url,
                   "PURNA_SMS_URL": sms.url, "PURNA_SMTP_URL": mail.url}
    return Program(("flask", "worker"), environment, folder / "worker.log")


def filed_once():
    """One deactivation, one receipt, one audit entry, one message of each channel."""
    entries = AuditEntry.select().where(AuditEntry.kind == "deactivation:filed").count()
    return (Deactivation.select().count(), Receipt.select().count(), entries,
            Message.select().count()) == (1, 1, 1, 2)


def test_five_quick_presses_are_one_receipt(ani_at_form, last_day):
    ani_at_form.fill_in("Mengundurkan diri", last_day).check()
    button = ani_at_form.page.get_by_role("button", name="Konfirmasi")
    button.click(click_count=5, no_wait_after=True)
    ani_at_form.sees("Selesai")
    assert filed_once()


def test_back_and_again_is_the_same_receipt(ani_at_form, last_day):
    ani_at_form.fill_in("Mengundurkan diri", last_day).check()
    left_open = ani_at_form.another_tab()
    number = ani_at_form.confirm()
    ani_at_form.go_back().sees("Selesai")
    assert ani_at_form.words(".receipt-number") == number
    assert left_open.confirm() == number
    assert filed_once()


def test_a_session_that_ends_while_typing_loses_nothing(ani_at_form, cast, last_day):
    ani_at_form.fill_in("Pemutusan hubungan kerja", last_day, "Bagian ditutup\nSurat menyusul")
    with write_transaction():
        sessions.end_all(cast.ani, clock.now())
    ani_at_form.press("Periksa").sees("Masuk").reads("Isian Anda masih kami simpan")
    ani_at_form.sign_in("ani@maju.example").sees("Nonaktifkan Siti Rahayu")
    ani_at_form.finds_in("Hari kerja terakhir", last_day.isoformat())
    ani_at_form.finds_in("Catatan", "Bagian ditutup\nSurat menyusul")
    expect(ani_at_form.page.get_by_role("radio", name="Pemutusan")).to_be_checked()
    ani_at_form.check().confirm()
    assert Deactivation.get().note == "Bagian ditutup\nSurat menyusul"


def test_a_stranger_checks_a_receipt(ani_at_form, open_page, last_day):
    number = ani_at_form.fill_in("Mengundurkan diri", last_day).check().confirm()
    stranger = open_page(javascript=ani_at_form.javascript).open("/")
    stranger.follow("Periksa tanda terima").sees("Periksa tanda terima")
    stranger.press("Periksa").reads("Ketik nomor tanda terima.")
    stranger.type_in("Nomor tanda terima", number.lower().replace("-", " ")).press("Periksa")
    stranger.sees("Tanda terima ini asli").reads("S••• R•••", "Berlaku", number)
    stranger.does_not_read("Siti", "Rahayu", "Maju")


def test_each_step_begins_at_its_top_with_its_own_title_address_and_focus(ani_at_list, last_day):
    ani = ani_at_list.search("Siti Rahayu").begin()
    begins_well(ani, "Nonaktifkan pekerja", "/nonaktifkan")
    ani.fill_in("Mengundurkan diri", last_day).check()
    begins_well(ani, "Periksa sebelum menonaktifkan", "/periksa")
    number = ani.confirm()
    begins_well(ani, f"Tanda terima {number}", "/nonaktif/")
    ani.page.reload()
    ani.sees("Selesai").go_back()
    ani.sees("Selesai")     # what was filed is not asked again
    ani.go_back().sees("Selesai")
    ani.go_back().sees("Tenaga kerja").reads("1 hasil untuk Siti Rahayu")


def begins_well(person, title, address):
    """As a page that was loaded: told by a screen reader, at its top, with a title to find again.

    Without JavaScript the browser sees to the focus itself.
    """
    assert person.page.title() == f"{title} — Purna"
    assert address in person.page.url
    assert person.page.evaluate("scrollY <= document.querySelector('main').offsetTop")
    expect(person.page.locator("h1")).to_be_in_viewport()
    focused = person.page.evaluate("document.activeElement.tagName")
    assert focused in ("BODY", "MAIN", "H1"), focused


def test_what_is_searched_stays_private_and_back_finds_it_again(ani_at_list):
    ani = ani_at_list.search("Siti Rahayu")
    ani.follow("Siti Rahayu").sees("Siti Rahayu")
    ani.go_back().sees("Tenaga kerja").reads("1 hasil untuk Siti Rahayu")
    ani.finds_in("Nomor KPJ, NIK, atau nama", "Siti Rahayu")
    asked = [unquote(request.url).lower() for request in ani.watch.requests]
    assert not [url for url in asked if "siti" in url or "rahayu" in url]
    assert ani.page.title() == "Tenaga kerja — Purna"
    assert ani.page.evaluate(STORED) == 0
    ani.follow("Tampilkan semua").reads("Aktif 5")
    assert len(ani.rows()) == 5
