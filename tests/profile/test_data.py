"""Unduh data saya: all that is held, to its owner, and no code."""

import json
from datetime import timedelta

import pytest

from tests.page import Clerk, file
from webapp import audit, clock, db
from webapp.audit import Event
from webapp.cases import service as cases
from webapp.demo.people import PASSWORD
from webapp.messages import outbox
from webapp.models.audit import AuditEntry
from webapp.models.people import Session, User
from webapp.models.uploads import APPLIED, Upload
from webapp.requests import service as requests
from webapp.uploads.applying import apply_some
from webapp.uploads.checking import check_next
from webapp.uploads.service import start, take_in

EMAIL = "siti@pekerja.example"


@pytest.fixture
def siti(app, cast):
    """Siti, signed in."""
    return Clerk(app).is_signed_in_as(cast.siti)


def download(clerk):
    clerk.open("/profil/data")
    answer = clerk.browser.post("/profil/data", data=clerk.page.fields())
    assert answer.status_code == 200
    return answer, json.loads(answer.get_data(as_text=True))


def test_it_is_a_file_with_all_that_is_held(siti, ani, cast):
    user = User.get_by_id(cast.siti.id)
    user.phone, user.address = "+6281234567890", "Jalan Melati 5"
    user.save()
    number = file(ani, cast.maju, cast.siti_at_maju).words(".receipt-number")
    with db.write_transaction():
        audit.record(Event.PERSON_SEEN, chain=audit.ACCOUNTS, actor=cast.dewi,
                     subject=cast.siti.public_id, now=clock.now())
    answer, data = download(siti)
    assert answer.headers["Content-Disposition"] == "attachment; filename=purna-data-saya.json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert data["akun"]["nama"] == "Siti Rahayu"
    assert data["akun"]["alamat"] == "Jalan Melati 5"
    assert data["kontak"]["nomor_ponsel"] == "+6281234567890"
    assert data["data_dari_perusahaan"]["nik"] == "3171064508900001"
    assert data["kepesertaan"][0]["kpj"] == "30145274512"
    assert data["laporan_berhenti_bekerja"][0]["tanda_terima"] == number
    assert data["persetujuan"][0]["sha256"]
    assert data["sesi"][0]["peramban"]
    assert any("melaporkan Anda berhenti bekerja" in row["isi"] for row in data["pesan"])
    assert data["dilihat_petugas"][0]["oleh"] == "Dewi Anggraini"
    assert any(row["kejadian"] == "Data akun diunduh" for row in data["riwayat_keamanan"])


def test_the_rows_of_lists_that_were_taken_to_mean_somebody_are_named(siti, cast):
    body = b"KPJ;Sebab;Tanggal Keluar\n30145270001;RSG;1/11/2026\n30145274512;RSG;1/11/2026\n"
    upload = take_in(cast.maju, cast.ani, body, "a.csv", clock.now())
    assert check_next(clock.now())
    start(upload, cast.ani, version=Upload.get().version, now=clock.now())
    while apply_some(clock.now()):
        pass
    (row,) = download(siti)[1]["baris_daftar_perusahaan"]
    assert (row["perusahaan"], row["kpj"]) == ("PT Maju Bersama", "30145274512")
    assert (row["baris"], row["keadaan"]) == (3, APPLIED)


def test_no_code_and_no_secret_is_in_it(siti, cast):
    with db.write_transaction():
        outbox.tell(user=cast.siti, kind="otp-masuk", about=None, now=clock.now(),
                    email=("Kode", "482 913"))
    answer, data = download(siti)
    text = answer.get_data(as_text=True)
    assert data["pesan"][-1]["isi"] == "(kode rahasia, tidak disimpan)"
    for secret in ("482 913", "argon2", Session.get().digest):
        assert secret not in text


def test_nothing_of_anybody_else_is_in_it(siti, ani, cast):
    text = download(siti)[0].get_data(as_text=True)
    for other in ("Ani Wulandari", "Agus Setiawan", "Rahmat", "budi@maju.example"):
        assert other not in text


def test_a_clerk_gets_theirs(ani):
    data = download(ani)[1]
    assert [row["perusahaan"] for row in data["perusahaan_yang_diwakili"]] == [
        "PT Maju Bersama", "PT Maju Logistik"]
    assert data["kepesertaan"] == []


def test_the_download_is_recorded(siti, cast):
    download(siti)
    entry = AuditEntry.get(AuditEntry.kind == "account:data downloaded")
    assert entry.actor == entry.subject == cast.siti.public_id


def test_it_wants_a_proof_that_is_not_old(siti):
    Session.update(factor_at=clock.now() - timedelta(minutes=5)).execute()
    page = siti.open("/profil/data")
    answer = siti.browser.post("/profil/data", data=page.fields())
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/buktikan")
    assert not AuditEntry.select().where(AuditEntry.kind == "account:data downloaded").exists()


def shown(page):
    """What the page says: {heading: [(term, value)]}."""
    return {" ".join(section.cssselect("h2")[0].text_content().split()):
            [(row[0].text_content(), row[1].text_content())
             for row in section.cssselect("dl > div")] for section in page.select("section")}


def test_on_the_screen_the_same_stands_in_words(siti, ani, cast):
    user = User.get_by_id(cast.siti.id)
    user.phone = "+6281234567890"
    user.save()
    number = file(ani, cast.maju, cast.siti_at_maju).words(".receipt-number")
    siti.open("/profil/data")
    parts = shown(siti.open(siti.page.tree.xpath("//main//a[contains(., 'layar')]/@href")[0]))
    assert ("Nama", "Siti Rahayu") in parts["Akun"]
    assert ("Peran", "Pekerja") in parts["Akun"]
    assert ("Kata sandi diganti", "Belum pernah") in parts["Akun"]
    assert ("Dibuat", "1 Januari 2026 pukul 07.00 WIB") in parts["Akun"]
    assert ("Nomor ponsel", "0812 3456 7890") in parts["Kontak"]
    assert ("Alamat", "Tidak ada") in parts["Akun"]
    assert ("NIK", "3171064508900001") in parts["Data dari perusahaan"]
    assert ("Mulai", "1 Mei 2021") in parts["Kepesertaan"]
    assert ("Sebab", "Mengundurkan diri") in parts["Laporan berhenti bekerja"]
    assert ("Keadaan", "Berlaku") in parts["Laporan berhenti bekerja"]
    assert ("Tanda terima", number) in parts["Laporan berhenti bekerja"]
    assert parts["Penutupan akun"] == []
    file_parts = download(siti)[1]
    assert len(parts) == len(file_parts)


def test_the_screen_is_kept_nowhere_wants_a_fresh_proof_and_is_recorded(siti, cast):
    page = siti.open("/profil/data/layar")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.select("[data-print]")
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.kind, entry.subject) == ("account:data downloaded", cast.siti.public_id)
    assert "Data akun dibuka di layar" in siti.open("/profil/riwayat").words()
    Session.update(factor_at=clock.now() - timedelta(minutes=5)).execute()
    assert siti.open("/profil/data/layar").heading == "Buktikan ini Anda"
    assert siti.send(password=PASSWORD).heading == "Data saya"


def test_no_code_and_nothing_of_anybody_else_is_on_the_screen(siti, ani, cast):
    with db.write_transaction():
        outbox.tell(user=cast.siti, kind="otp-masuk", about=None, now=clock.now(),
                    email=("Kode", "482 913"))
    words = siti.open("/profil/data/layar").words()
    assert "kode rahasia" in words
    for other in ("482 913", "argon2", "Ani Wulandari", "Agus Setiawan", "budi@maju.example"):
        assert other not in words


@pytest.mark.parametrize("account", ["ani@maju.example", "dewi@cabang.example"])
def test_everybody_can_read_theirs(app, cast, account):
    parts = shown(Clerk(app).sign_in(account).open("/profil/data/layar"))
    assert parts["Kepesertaan"] == []
    assert ("Email", account) in parts["Kontak"]


def test_the_button_does_not_wait_for_an_answer(siti):
    assert siti.open("/profil/data").select("form[data-download]")


def test_what_was_asked_and_said_is_in_it(siti, cast, now):
    request = requests.begin(cast.siti_at_maju, cast.siti, now)
    requests.keep_draft(request, reason="RSG", last_day=now.date(), note="Pindah kota", now=now)
    with db.write_transaction():
        cases.say(request.case, "company", cast.ani, "Tunggu sebentar.", now)
    [asked] = download(siti)[1]["permohonan_dan_sanggahan"]
    assert (asked["jenis"], asked["keadaan"], asked["catatan"]) == (
        "Permohonan nonaktif", "DRAF", "Pindah kota")
    assert asked["percakapan"][0] | {"waktu": ""} == {
        "dari": "Perusahaan", "waktu": "", "isi": "Tunggu sebentar."}
