"""Seed 004, "Cara Daftar Pencairan BPJS Ketenagakerjaan Secara Online": each step, walked."""

import pytest

from tests.browser.codes import code_for
from tests.browser.story import Story, stage_for
from tests.browser.test_claims import hand_in
from tests.claims.claiming import linked
from webapp.models.claims import Claim
from webapp.models.people import User

story = Story()


@pytest.fixture(scope="module")
def stage(application, databases, served, browser, tmp_path_factory):
    """Siti, whose account at the bank is linked."""
    for stage in stage_for(application, databases, served, browser,
                           tmp_path_factory.mktemp("004")):
        linked(stage.cast.siti)
        yield stage


@story.step("Syarat: kartu yang masih aktif, NIB, email, dan akun KIDB")
def _(stage):
    visitor = stage.visitor().open("/bantuan").sees("Bantuan")
    visitor.type_in("Yang dicari", "NIB KIDB").press("Cari").reads("Pencairan", "Masuk")


@story.step("1. Buka aplikasi di ponsel atau laptop")
def _(stage):
    stage.phone = stage.visitor().open("/").follow("Masuk").sees("Masuk")
    stage.open_page(javascript=stage.javascript, width=1280).open("/").follow("Masuk").sees("Masuk")


@story.step("2. Masukkan nomor dan password dengan benar")
def _(stage):
    stage.phone.sign_in("siti@pekerja.example", "bukan sandi saya").reads("tidak cocok")
    stage.phone.sign_in("siti@pekerja.example").sees("Halo, Siti Rahayu")


@story.step("3. Pilih menu Pencairan dan klik Daftar Pencairan")
def _(stage):
    stage.phone.follow("Pencairan").sees("Pencairan")
    stage.phone.follow("Daftar pencairan").sees("Jenis pencairan")


@story.step("4. Pilih jenis pencairan: biaya medis, biaya pengobatan, atau lainnya")
def _(stage):
    stage.phone.reads("Biaya medis", "Biaya pengobatan", "Lainnya")
    stage.phone.page.get_by_label("Lainnya", exact=True).locator("..").locator("label").click()
    stage.phone.press("Lihat syarat").sees("Syarat: Lainnya").follow("Lanjut")


@story.step("5. Masukkan jumlah uang, tujuan pencairan, dan alasan pencairan")
def _(stage):
    stage.phone.sees("Jumlah").type_in("Jumlah yang diminta", "1.250.000").press("Lanjut")
    stage.phone.sees("Keperluan").type_in("Tujuan pencairan", "Biaya sekolah anak")
    stage.phone.type_in("Alasan", "Untuk membayar uang sekolah bulan ini.").press("Lanjut")


@story.step("6. Perbarui alamat, nomor HP, dan email")
def _(stage):
    stage.phone.sees("Data kontak").type_in("Alamat", "Jalan Melati 3, Jakarta")
    stage.phone.press("Data ini benar, lanjut").sees("Dokumen untuk pencairan")
    assert User.get_by_id(stage.cast.siti.id).address == "Jalan Melati 3, Jakarta"
    hand_in(stage.phone, "LAIN", "teal")
    stage.phone.press("Lanjut").sees("Rekening atau e-wallet").press("Pakai ini").sees("Periksa")


@story.step("7. Klik Simpan untuk menyelesaikan pendaftaran")
def _(stage):
    stage.phone.reads("Rp1.250.000", "Biaya sekolah anak").press("Simpan")
    stage.phone.sees("Kode untuk pencairan").type_in("Kode 6 angka", code_for("encairan Rp"))
    stage.phone.press("Simpan pencairan").sees("Pencairan terdaftar")
    assert Claim.get().state == "DIAJUKAN"


@story.step("Tip: pakai password yang kuat dan unik")
def _(stage):
    stage.phone.open("/profil").follow("Ganti kata sandi").sees("Ganti kata sandi")
    stage.phone.type_in("Kata sandi sekarang", "purna-demo-2026")
    stage.phone.type_in("Kata sandi baru", "sitirahayu12").press("Ganti kata sandi")
    stage.phone.reads("Kata sandi")


@story.step("Tip: perbarui data diri secara teratur")
def _(stage):
    stage.phone.open("/profil").sees("Profil").reads("Nomor ponsel", "Email", "Jalan Melati 3")


@story.step("Tip: kesulitan? hubungi Customer Service lewat email atau telepon")
def _(stage):
    visitor = stage.visitor().open("/bantuan").sees("Bantuan")
    visitor.type_in("Yang dicari", "customer service").press("Cari").follow("Kontak")
    visitor.sees("Kontak").reads("Email")


@pytest.mark.parametrize("step", story.steps)
def test_how_to_register_a_claim_online(stage, step):
    story.reach(step, stage)
