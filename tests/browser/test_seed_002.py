"""Seed 002, "Cara Menjaga Keamanan Akun & Langkah Saat Akun Disalahgunakan": each piece of advice,
followed."""

import pytest

from tests.browser.codes import code_for
from tests.browser.story import Story, stage_for
from webapp.demo.people import PASSWORD
from webapp.models.accounts import SendHistory
from webapp.models.claims import Destination
from webapp.models.people import User

SECOND, THIRD = "lampu basah gunung kertas", "sepatu terbang meja hujan"
story = Story()


@pytest.fixture(scope="module")
def stage(application, databases, served, browser, tmp_path_factory):
    """Siti and her phone."""
    yield from stage_for(application, databases, served, browser, tmp_path_factory.mktemp("002"))


@story.step("Ada orang lain yang memakai akun: segera ubah password di halaman Profil")
def _(stage):
    stage.phone = stage.visitor().sign_in("siti@pekerja.example").sees("Halo, Siti Rahayu")
    stage.phone.follow("Profil").sees("Profil").follow("Ganti kata sandi")
    stage.phone.sees("Ganti kata sandi").type_in("Kata sandi sekarang", PASSWORD)
    stage.phone.type_in("Kata sandi baru", SECOND).press("Ganti kata sandi").sees("Profil")


@story.step("Password diubah orang: Lupa password? di halaman masuk")
def _(stage):
    other = stage.visitor().open("/masuk").follow("Lupa sandi?").sees("Lupa sandi")
    other.type_in("Email, nomor ponsel, atau NIK", "siti@pekerja.example").choose("lewat email")
    other.press("Kirim kode").type_in("Kode 6 angka", code_for("membuat kata sandi baru"))
    other.type_in("Kata sandi baru", THIRD).press("Simpan").sees("Masuk")
    other.sign_in("siti@pekerja.example", THIRD).sees("Halo, Siti Rahayu")
    stage.phone.open("/beranda").sees("Masuk")     # the one that knew the old one is out
    stage.phone = other


@story.step("Tetap tidak bisa mengakses akun: Hubungi Kami")
def _(stage):
    stage.visitor().open("/masuk").follow("Kontak").sees("Kontak").reads("Email", "Jam layanan")


@story.step("Jangan bagikan tautan verifikasi, kode OTP, atau password")
@story.step("Kode OTP adalah rahasia, juga bagi yang mengaku karyawan")
def _(stage):
    guide = stage.visitor().open("/").follow("Panduan keamanan").sees("Panduan keamanan")
    guide.reads("Petugas tidak pernah memintanya", "mengaku petugas")


@story.step("Jangan mentransfer dana atau memberi data pribadi")
def _(stage):
    guide = stage.visitor().open("/panduan-keamanan").sees("Panduan keamanan")
    guide.reads("Jangan mentransfer uang", "Jangan memberi data pribadi")


@story.step("Jangan membuka tautan yang meminta nama akun dan password")
def _(stage):
    guide = stage.visitor().open("/panduan-keamanan").sees("Panduan keamanan")
    guide.reads("Jangan isi kata sandi di halaman yang dibuka dari tautan orang")


@story.step("Ganti password secara berkala")
def _(stage):
    stage.phone.open("/profil").follow("Pengingat ganti sandi").sees("Pengingat ganti sandi")
    stage.phone.page.locator(".option label").nth(1).click()
    stage.phone.press("Simpan pengingat").sees("Profil")
    assert User.get_by_id(stage.cast.siti.id).reminder_months


@story.step("Informasi hanya lewat kanal resmi: kenali akun resmi")
def _(stage):
    page = stage.visitor().open("/").follow("Kanal resmi").sees("Kanal resmi")
    page.reads("Pengirim SMS", "Yang tidak pernah kami lakukan")
    stage.phone.open("/pesan").sees("Pesan").reads("Email", "Isinya kode rahasia")


@story.step("Menyambungkan rekening atau e-wallet untuk penyaluran insentif")
def _(stage):
    SendHistory.delete().execute()     # so soon after the other no code would be sent
    stage.phone.open("/rekening").sees("Rekening atau e-wallet")
    stage.phone.follow("Sambungkan rekening atau e-wallet").choose("DANA")
    stage.phone.type_in("Nomor rekening", "081234567890")
    stage.phone.type_in("Nama pemilik", "Siti Rahayu").press("Periksa").sees("Periksa")
    stage.phone.press("Kirim kode").type_in("Kode 6 angka", code_for("menyambungkan DANA"))
    stage.phone.press("Sambungkan").sees("Rekening atau e-wallet").reads("DANA ••••7890")
    assert Destination.get().state == "TERSAMBUNG"


@pytest.mark.parametrize("step", story.steps)
def test_how_to_guard_an_account_and_what_to_do_when_it_was_misused(stage, step):
    story.reach(step, stage)
