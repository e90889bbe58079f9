import re
from pathlib import Path
import pytest
from axe_playwright_python.sync_playwright import Axe
from webapp.models.messages import Message
from webapp.models.accounts import Recovery
from tests.recovery.forgetful import code_sent

OUT = Path("/tmp/shots_e"); OUT.mkdir(exist_ok=True)
AXE = Axe()

def shot(person, name):
    person.page.screenshot(path=OUT / f"{name}.png", full_page=True)
    found = AXE.run(person.page).response["violations"]
    assert not found, [(v["id"], [n["html"] for n in v["nodes"]]) for v in found]
    wide = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, name

@pytest.mark.parametrize("js", [True, False])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_public(open_page, cast, width, js):
    p = open_page(javascript=True, width=width) if js else open_page(javascript=False, width=width)
    cast.siti.phone = "+6281234564512"; cast.siti.save()
    def s(n):
        if js: shot(p, f"{n}-{width}")
    p.open("/lupa-sandi"); s("forgot")
    p.page.get_by_role("button", name="Kirim kode").click(); s("forgot-wrong")
    p.page.get_by_label("Email, nomor ponsel, atau NIK").fill("siti@pekerja.example")
    p.page.get_by_role("button", name="Kirim kode").click(); s("code")
    p.page.get_by_label("Kode 6 angka").fill("12")
    p.page.get_by_label("Kata sandi baru").fill("pendek")
    p.page.get_by_role("button", name="Simpan kata sandi baru").click(); s("code-wrong")
    p.page.get_by_label("Kode 6 angka").fill(code_sent())
    p.page.get_by_label("Kata sandi baru").fill("kuda baterai hijau jendela")
    p.page.get_by_role("button", name="Simpan kata sandi baru").click(); s("signin")
    assert "/masuk" in p.page.url
    p.open("/lupa-akun"); s("account")
    p.page.get_by_label("NIK").fill("3171064508900001")
    p.page.get_by_label("Tanggal lahir").fill("1990-08-05")
    p.page.get_by_role("button", name="Kirim pesan").click(); s("account-told")

@pytest.mark.parametrize("js", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_desk(open_page, cast, width, js):
    cast.siti.phone = "+6281234564512"; cast.siti.save()
    p = open_page(javascript=js, width=width).is_signed_in_as(cast.dewi)
    def s(n, q=None):
        if js: shot(q or p, f"{n}-{width}")
    p.open("/cabang/orang"); s("search")
    p.page.get_by_label("NIK atau nomor KPJ").fill("3171064508907777")
    p.page.get_by_role("button", name="Cari").click(); s("search-none")
    p.page.get_by_label("NIK atau nomor KPJ").fill("3171064508900001")
    p.page.get_by_role("button", name="Cari").click(); s("person")
    p.page.get_by_role("button", name="Tampilkan NIK").click(); s("person-wrong")
    p.page.get_by_label("Mencocokkan dengan KTP").check()
    p.page.get_by_role("button", name="Tampilkan NIK").click(); s("person-nik")
    p.page.get_by_role("link", name="Pulihkan akun").click(); s("ask")
    p.page.get_by_label("Kartu peserta").check()
    p.page.get_by_role("button", name="Kirim kode").click(); s("ask-wrong")
    p.page.get_by_label("KTP asli").check()
    p.page.get_by_label("Nomor ponsel baru").fill("081234567890")
    p.page.get_by_role("button", name="Kirim kode").click(); s("prove")
    p.page.get_by_label("Kode 6 angka").fill(code_sent())
    p.page.get_by_role("button", name="Kontak ini benar").click(); s("case")
    p.open("/cabang"); s("queue")
    e = open_page(javascript=js, width=width).is_signed_in_as(cast.eka)
    e.open("/cabang")
    e.page.get_by_role("link", name="S•••").click(); s("case-eka", e)
    e.page.get_by_role("link", name="Putuskan").click(); s("decide", e)
    e.page.get_by_role("button", name="Tolak").click(); s("decide-wrong", e)
    e.page.get_by_role("button", name="Setujui").click(); s("decided", e)
