"""Seed 003, "Cara Logout BPJS Ketenagakerjaan, dari Akun atau Kepesertaan": each step of its four
roads, walked."""

from datetime import timedelta

import pytest

from tests.browser.story import Story, stage_for
from tests.browser.test_claims import hand_in
from tests.switch.walking import pay
from webapp import clock
from webapp.models.switches import Bill, OwnMembership
from webapp.models.workers import Membership

story = Story()
ACCOUNT, COMPANY, BRANCH, SITE, SWITCH = (
    "Akun: ", "Lewat perusahaan: ", "Lewat kantor cabang: ", "Situs untuk kantor: ",
    "Beralih ke mandiri: ")


@pytest.fixture(scope="module")
def stage(application, databases, served, browser, tmp_path_factory):
    """Siti on her phone, Ani at her desk, Dewi at the counter."""
    yield from stage_for(application, databases, served, browser, tmp_path_factory.mktemp("003"))


def last_day():
    return clock.today() - timedelta(days=2)


def status_of(kpj):
    return Membership.get(Membership.kpj == kpj).status


@story.step(ACCOUNT + "masuk ke aplikasi dengan akun yang dimiliki")
def _(stage):
    stage.phone = stage.visitor().sign_in("siti@pekerja.example").sees("Halo, Siti Rahayu")


@story.step(ACCOUNT + "klik menu Profil di kanan bawah")
def _(stage):
    stage.phone.page.locator("nav").get_by_role("link", name="Profil").last.click()
    stage.phone.sees("Profil")


@story.step(ACCOUNT + "di bagian bawah, klik Keluar")
def _(stage):
    last = stage.phone.page.locator("main ul.rows li").last
    assert "Keluar" in last.inner_text()
    last.get_by_role("link", name="Keluar").click()
    stage.phone.sees("Keluar").press("Keluar dari perangkat ini")


@story.step(ACCOUNT + "kembali ke halaman login, akun lain bisa masuk")
def _(stage):
    stage.phone.sees("Masuk").go_back().sees("Masuk").does_not_read("Siti")
    stage.phone.sign_in("ani@maju.example").sees("Pilih perusahaan")


@story.step(COMPANY + "melapor kepada perusahaan")
def _(stage):
    stage.siti.open("/kepesertaan").follow("PT Maju Bersama").press("Ajukan nonaktif")
    stage.siti.sees("Ajukan nonaktif").choose("Mengundurkan diri")
    stage.siti.type_in("Hari kerja terakhir", last_day().isoformat()).press("Periksa")
    stage.siti.sees("Periksa").press("Kirim permohonan").reads("Menunggu perusahaan")


@story.step(COMPANY + "tim HR memproses setelah menyetujui")
def _(stage):
    stage.ani.open(f"/perusahaan/{stage.cast.maju.public_id}/permohonan").follow("Siti Rahayu")
    stage.ani.sees("Permohonan Siti Rahayu").press("Setujui permohonan")
    stage.ani.reads("mengisi formulirnya")


@story.step(COMPANY + "mengisi formulir nonaktif")
def _(stage):
    stage.siti.open("/beranda").follow("Isi formulir nonaktif").sees("Formulir nonaktif")
    stage.siti.type_in("Alamat", "Jalan Melati 3, Jakarta")
    stage.siti.page.locator(".option label").last.click()
    stage.siti.press("Kirim formulir").sees("Permohonan nonaktif")


@story.step(COMPANY + "menunggu proses penonaktifan")
def _(stage):
    stage.siti.reads("Menunggu konfirmasi perusahaan", "paling lambat")


@story.step(COMPANY + "konfirmasi penonaktifan lewat perusahaan")
def _(stage):
    stage.ani.open(f"/perusahaan/{stage.cast.maju.public_id}/permohonan").follow("Siti Rahayu")
    stage.ani.press("Konfirmasi").sees("Selesai")
    stage.siti.open("/kepesertaan").reads("Nonaktif")
    assert status_of("30145274512") == "NONAKTIF"


@story.step(BRANCH + "mendatangi kantor cabang dan menyampaikan tujuan")
def _(stage):
    stage.dewi.open("/cabang").sees("Antrean").follow("Cari orang").sees("Cari orang")
    stage.dewi.type_in("NIK atau nomor KPJ", "30145270001").press("Cari")
    stage.dewi.sees("Agus Setiawan")
    stage.dewi.press("Nonaktif di loket").sees("Nonaktif di loket: Agus Setiawan")


@story.step(BRANCH + "menyerahkan KTP, kartu keluarga, kartu peserta, dan paklaring")
def _(stage):
    stage.dewi.choose("Mengundurkan diri").type_in("Hari kerja terakhir", last_day().isoformat())
    stage.dewi.press("Periksa").reads("Masih kurang 4 hal")
    for paper in ("KTP", "Kartu keluarga", "Kartu peserta", "Paklaring"):
        stage.dewi.page.get_by_label(paper, exact=True).select_option("asli")


@story.step(BRANCH + "semua tahapan dilakukan petugas")
def _(stage):
    stage.dewi.press("Periksa").sees("Periksa").reads("Anda akan menonaktifkan Agus Setiawan")
    stage.dewi.press("Konfirmasi").sees("Selesai")


@story.step(BRANCH + "berhasil, dan boleh pulang dengan tanda terima")
def _(stage):
    assert stage.dewi.words(".receipt-number")
    assert status_of("30145270001") == "NONAKTIF"


@story.step(SITE + "buka situs")
def _(stage):
    stage.desk = stage.open_page(javascript=stage.javascript, width=1280).open("/").follow("Masuk")


@story.step(SITE + "login dengan username dan password")
def _(stage):
    stage.desk.sign_in("ani@maju.example").sees("Pilih perusahaan")


@story.step(SITE + "pilih nama perusahaan")
def _(stage):
    stage.desk.choose_company()


@story.step(SITE + "cari nomor kartu yang akan dinonaktifkan")
def _(stage):
    assert stage.desk.search("301452700").rows() != []
    assert stage.desk.search("30145270003").rows() == ["Bambang Rahardjo"]


@story.step(SITE + "susah? pakai nama pekerja")
def _(stage):
    assert stage.desk.search("Bambang Raharjo").rows() == ["Bambang Rahardjo"]


@story.step(SITE + "klik Aksi lalu Nonaktifkan")
def _(stage):
    stage.desk.begin("Bambang Rahardjo").fill_in("Mengundurkan diri", last_day()).check()


@story.step(SITE + "klik Konfirmasi, selesai")
def _(stage):
    assert stage.desk.confirm()
    assert status_of("30145270003") == "NONAKTIF"


@story.step(SWITCH + "iuran 16.800 sebulan, dihitung sebelum mengisi apa pun")
def _(stage):
    visitor = stage.visitor().open("/mandiri/hitung").sees("Hitung iuran mandiri")
    visitor.type_in("Penghasilan", "1.000.000").choose("Pekerjaan lain")
    visitor.press("Hitung").reads("Rp16.800", "Rp36.800")


@story.step(SWITCH + "isi formulir menonaktifkan dan peralihan ke mandiri")
def _(stage):
    stage.siti.open("/mandiri").sees("Beralih ke Mandiri").press("Beralih dari PT Maju Bersama")
    stage.siti.sees("Penghasilan Anda").type_in("Penghasilan", "1.000.000").choose("Pekerjaan lain")
    stage.siti.choose("Tanpa tabungan hari tua")
    stage.siti.press("Lanjut").sees("Tanggal mulai").reads("tidak ada jeda").press("Lanjut")


@story.step(SWITCH + "siapkan surat resign atau referensi kerja")
def _(stage):
    stage.siti.sees("Dokumen untuk beralih").reads("Surat pengunduran diri")


@story.step(SWITCH + "lengkapi KTP, kartu keluarga, dan akta kelahiran")
def _(stage):
    stage.siti.reads("KTP", "Kartu keluarga", "Akta kelahiran")
    hand_in(stage.siti, "KTP", "teal")


@story.step(SWITCH + "siapkan pas foto 3×4 dua lembar dan kartu peserta")
def _(stage):
    stage.siti.reads("Dua pas foto 3x4", "Kartu peserta")
    for choice in stage.siti.page.locator("#papers-form .option label").all():
        choice.click()
    stage.siti.press("Lanjut").sees("Periksa")


@story.step(SWITCH + "tunggakan dilunasi dulu")
def _(stage):
    stage.siti.reads("Tunggakan Anda: 0 bulan", "bukan tanggungan Anda", "Rp")
    stage.siti.page.locator("form.confirm-bar button").first.click()
    stage.siti.sees("Peralihan terkirim")


@story.step(SWITCH + "tinggal menunggu prosesnya")
def _(stage):
    stage.siti.follow("Lihat peralihan").sees("Beralih ke Mandiri").reads("Kantor cabang")
    stage.dewi.open("/cabang").sees("Antrean").press("Ambil").sees("Siti Rahayu")
    stage.dewi.follow("Setujui").sees("Setujui peralihan")
    for tick in stage.dewi.page.locator("#approving .option label").all():
        tick.click()
    stage.dewi.press("Setujui peralihan Siti Rahayu").sees("Beralih ke Mandiri: Siti Rahayu")


@story.step(SWITCH + "peralihan ke mandiri berhasil")
def _(stage):
    stage.siti.open("/iuran").sees("Iuran").reads("Rp")
    pay(Bill.get())
    stage.siti.open("/kepesertaan").reads("Mandiri (BPU)", "Iuran lunas sampai", "Baru")
    assert OwnMembership.get().state == "AKTIF"


@pytest.mark.parametrize("step", story.steps)
def test_how_to_leave_the_account_or_the_membership(stage, step):
    story.reach(step, stage)
