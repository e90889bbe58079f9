"""Many at once, on a phone: from the file to the receipts, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import data_of_its_own
from tests.faults.processes import Program, running
from tests.page import Clerk
from tests.page import file as file_one
from tests.uploads.conftest import FILES
from webapp import clock
from webapp.models.deactivations import Deactivation
from webapp.models.uploads import DONE, SKIPPED, Upload, UploadRow
from webapp.spreadsheets import read_sheet
from webapp.workers.service import Outcome, take_in_list
from webapp.workers.worker_list import check_worker_list

DIRTY = "keluar-kotor.csv"


@pytest.fixture
def worker_process(application, database, tmp_path):
    """``flask worker`` on this test's database and documents."""
    environment = {"PURNA_DATA": str(data_of_its_own(application, tmp_path)),
                   "DATABASE_URL": database.url,
                   "PURNA_DOCUMENTS_URL": application.config["DOCUMENTS_URL"]}
    with running(Program(("flask", "worker"), environment, tmp_path / "worker.log")):
        yield


@pytest.fixture
def ani_at_upload(somebody, cast, worker_process):
    """Ani before Unggah, at PT Maju with the workers of its list."""
    rows = check_worker_list(read_sheet(FILES / "workers" / "tenaga-kerja-maju.xlsx"),
                             clock.today())
    list(take_in_list(cast.maju, rows, now=clock.now(), outcome=Outcome()))
    somebody.is_signed_in_as(cast.ani).open(f"/perusahaan/{cast.maju.public_id}/tenaga-kerja")
    return somebody.follow("Unggah").sees("Unggah")


def wait_for(person, heading):
    """With JavaScript the page comes by itself, else by its link."""
    for _ in range(60):
        if person.javascript or heading in person.words("h1"):
            break
        person.page.wait_for_timeout(300)
        if person.page.get_by_role("link", name="Muat ulang").count():
            person.follow("Muat ulang")
    return person.sees(heading)


def row(person, number):
    return person.page.locator(f"#baris-{number}")


def test_from_the_file_to_the_receipts_and_back(ani_at_upload):
    ani = ani_at_upload
    ani.press("Unggah dan periksa").reads("Pilih berkas daftar pekerja yang berhenti.")
    ani.attach("Berkas daftar", DIRTY, (FILES / "uploads" / DIRTY).read_bytes())
    wait_for(ani.press("Unggah dan periksa"), "Periksa daftar ini")
    ani.reads("11 siap, 1 perlu dilihat, 8 keliru.")
    mend_rows(ani)
    ani.press("Nonaktifkan 14 pekerja")
    wait_for(ani, "Belum semua selesai").reads("14 selesai, 5 belum dilaporkan.")
    assert Upload.get().state == DONE
    assert Deactivation.select().count() == 14
    ani.follow("Diterapkan").settle()
    ani.follow("Tanda terima").sees("Selesai").reads("Tanda terima nonaktif")
    undo_all(ani)
    assert bool(ani.watch.fragments()) is ani.javascript


def mend_rows(ani):
    """Take a suggestion, correct a reason, leave a row out."""
    row(ani, 2).get_by_role("button", name="Pakai saran").click()
    ani.reads("12 siap, 1 perlu dilihat, 7 keliru.")
    row(ani, 4).get_by_role("link", name="Perbaiki").click()
    ani.reads("Sebab ini tidak dikenal.")
    ani.page.get_by_label("Sebab", exact=True).select_option("Mengundurkan diri")
    ani.press("Simpan baris 4").reads("13 siap, 1 perlu dilihat, 6 keliru.", "Nonaktifkan 14")
    row(ani, 6).get_by_role("button", name="Lewati").click()
    ani.reads("13 siap, 1 perlu dilihat, 5 keliru, 1 dilewati.")
    assert UploadRow.get(UploadRow.number == 6).state == SKIPPED


def undo_all(ani):
    ani.open(f"/perusahaan/{Upload.get().company.public_id}/unggah").follow(DIRTY)
    ani.follow("Batalkan seluruh daftar ini").sees("Batalkan nonaktif 14 pekerja")
    ani.type_in("Alasan pembatalan", "Salah berkas").press("Batalkan nonaktif 14 pekerja")
    ani.sees("Unggahan ini dibatalkan")
    for _ in range(40):
        if "14 aktif lagi, 5 keliru, 1 dilewati." in ani.words("main"):
            break
        ani.page.wait_for_timeout(300)
        ani.page.reload()
    ani.reads("14 aktif lagi, 5 keliru, 1 dilewati.", "14 diberi tahu lewat SMS atau email.")


def test_a_row_is_put_right_in_its_place_by_keyboard(open_page, cast, worker_process):
    ani = open_page().is_signed_in_as(cast.ani)
    ani.open(f"/perusahaan/{cast.maju.public_id}/unggah")
    body = (b"KPJ;Sebab;Tanggal Keluar\n30145274512;resain;1/11/2026\n"
            b"30145270001;resain;1/11/2026\n")
    ani.attach("Berkas daftar", "a.csv", body).press("Unggah dan periksa")
    wait_for(ani, "Periksa daftar ini")
    before, keys = ani.page.url, ani.page.keyboard
    row(ani, 3).get_by_role("link", name="Perbaiki").press("Enter")
    expect(row(ani, 3)).to_be_focused()
    ani.page.get_by_label("KPJ").press("Enter")     # saves what is typed; the reason is still wrong
    expect(ani.page.locator(".error-summary")).to_be_focused()
    ani.page.get_by_label("Sebab", exact=True).select_option("Mengundurkan diri")
    keys.press("Tab")
    ani.page.get_by_label("KPJ").press("Enter")
    expect(row(ani, 3)).to_contain_text("semula resain")
    expect(row(ani, 3)).to_be_focused()
    ani.reads("1 siap, 1 keliru.", "Nonaktifkan 1 pekerja")
    assert ani.page.url == before
    row(ani, 2).get_by_role("link", name="Perbaiki").press("Enter")
    ani.follow("Tidak jadi")
    expect(row(ani, 2).get_by_role("link", name="Perbaiki")).to_be_visible()
    assert ani.page.url == before


def test_somebody_who_left_meanwhile_is_refused_with_why(ani_at_upload, app, cast):
    ani = ani_at_upload
    body = b"KPJ;Sebab;Tanggal Keluar\n30145274512;RSG;1/11/2026\n30145270001;RSG;1/11/2026\n"
    ani.attach("Berkas daftar", "a.csv", body).press("Unggah dan periksa")
    wait_for(ani, "Periksa daftar ini")
    file_one(Clerk(app).is_signed_in_as(cast.budi), cast.maju, cast.siti_at_maju)
    ani.press("Nonaktifkan 2 pekerja")
    wait_for(ani, "Selesai").reads("1 diterapkan, 1 sudah dilaporkan.")
    ani.follow("Sudah dilaporkan 1").reads("Sudah nonaktif sejak")
