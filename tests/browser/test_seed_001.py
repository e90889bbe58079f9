"""Seed 001, "Cara Menjaga Akun Kartu Prakerja": what a wave takes, what blocks an account, and what
somebody can do who did nothing wrong; each step walked."""

from datetime import timedelta

import pytest

from tests.blocks.managers import manager
from tests.browser.codes import code_for
from tests.browser.story import Story, stage_for
from tests.programmes.waving import wave_of
from webapp import clock
from webapp.models.accounts import Agreement
from webapp.models.blocks import Block, Complaint
from webapp.models.people import User
from webapp.models.programmes import Applicant

AGUS = (("NIK", "3171061203850002"), ("Nama lengkap", "Agus Setiawan"),
        ("Tanggal lahir", "1985-03-12"), ("Nomor KPJ", "30145270001"),
        ("Nomor ponsel", "0812 9000 1234"), ("Email", "agus@rumah.example"),
        ("Kata sandi", "jendela kuning pasir delapan"))
story = Story()


@pytest.fixture(scope="module")
def stage(application, databases, served, browser, tmp_path_factory):
    """Siti; Fajar and two more managers."""
    for stage in stage_for(application, databases, served, browser,
                           tmp_path_factory.mktemp("001")):
        stage.cast.gita = manager("Gita Larasati", stage.cast)
        stage.cast.hadi = manager("Hadi Wijaya", stage.cast)
        yield stage


@story.step("Peserta membuat akun")
def _(stage):
    stage.phone = stage.visitor(device="").open("/").follow("Daftar").sees("Daftar")
    for label, text in AGUS:
        stage.phone.type_in(label, text)
    stage.phone.press("Lanjut").sees("Syarat dan Ketentuan")


@story.step("Membaca, mengerti, dan menyetujui semua isi Syarat dan Ketentuan")
def _(stage):
    stage.phone.press("Setuju dan kirim kode").reads("Beri tanda centang")
    stage.phone.page.locator(".option label").filter(has_text="Saya sudah membaca").click()
    stage.phone.choose("Kirim kode lewat SMS").press("Setuju dan kirim kode")
    stage.phone.type_in("Kode 6 angka", code_for("daftar akun")).press("Buat akun")
    stage.phone.sees("Masuk").reads("Akun Anda sudah dibuat")
    agus = User.get(User.phone.matches("+6281290001234"))
    assert Agreement.select().where(Agreement.user == agus).count() == 1


@story.step("Akun berhasil dibuat: mendaftar gelombang yang sedang dibuka")
def _(stage):
    wave_of(stage.cast)
    stage.siti.open("/beranda").follow("Program").sees("Program").follow("Gelombang 1")
    stage.siti.sees("Kartu Prakerja, Gelombang 1").reads("Kuota", "Dibuka sampai")
    stage.siti.follow("Gabung gelombang").sees("Gabung gelombang")
    stage.siti.type_in("Nomor kartu keluarga", "3171060101120007")
    for tick in stage.siti.page.locator("main form .option label").all():
        tick.click()
    stage.siti.press("Periksa").sees("Periksa").press("Gabung Gelombang 1")
    stage.siti.sees("Kartu Prakerja, Gelombang 1").reads("Nomor pendaftar")
    assert Applicant.get().state == "TERDAFTAR"


@story.step("Manajemen Pelaksana memblokir akun yang melanggar")
def _(stage):
    stage.fajar.open(f"/cabang/orang/{stage.cast.siti.public_id}").follow("Blokir akun")
    stage.fajar.sees("Usulkan blokir akun").page.locator(".option label").first.click()
    stage.fajar.type_in("Apa yang terjadi", "Dilaporkan memakai data orang lain.")
    stage.fajar.page.locator("#until").fill((clock.today() + timedelta(days=60)).isoformat())
    stage.fajar.page.locator("#review_on").fill((clock.today() + timedelta(days=14)).isoformat())
    stage.fajar.press("Usulkan blokir akun").reads("Menunggu manajemen yang lain")
    block = Block.get()
    stage.gita.open(f"/cabang/blokir/{block.public_id}").press("Blokir akun Siti Rahayu")
    stage.gita.sees("Blokir").reads("Berlaku")
    assert User.get_by_id(stage.cast.siti.id).state == "DIBLOKIR"


@story.step("Akun diblokir: hanya sebabnya yang bisa dibuka")
def _(stage):
    stage.blocked = stage.visitor().sign_in("siti@pekerja.example").sees("Akun Anda diblokir")
    stage.blocked.reads("Sebab", "Sampai").open("/pencairan").sees("Akun Anda diblokir")


@story.step("Merasa tidak melanggar: isi Formulir Pengaduan")
def _(stage):
    stage.blocked.follow("Isi Formulir pengaduan").sees("Formulir pengaduan")
    stage.blocked.page.locator(".option label").first.click()
    stage.blocked.type_in("Apa yang terjadi", "Data saya benar. Saya punya KTP dan KK aslinya.")
    stage.blocked.press("Kirim pengaduan").reads("Nomor")
    assert Complaint.get().state == "DITERIMA"


@story.step("Pengaduan dikabulkan, akun terbuka lagi")
def _(stage):
    stage.hadi.open("/cabang").sees("Antrean").press("Ambil").reads("Data saya benar")
    stage.hadi.type_in("Jawaban dan alasannya", "Datanya benar. Maaf, kami keliru.")
    stage.hadi.press("Kabulkan pengaduan").reads("Datanya benar")
    assert Complaint.get().state == "DIKABULKAN"
    stage.visitor().sign_in("siti@pekerja.example").sees("Halo, Siti Rahayu")


@pytest.mark.parametrize("step", story.steps)
def test_how_to_keep_an_account_from_being_blocked(stage, step):
    story.reach(step, stage)
