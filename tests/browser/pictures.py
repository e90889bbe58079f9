"""The README's pictures, taken from a fresh demo: ``python -m tests.browser.pictures FOLDER``."""

import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import open_chromium, remember_device
from tests.browser.person import SLOWEST, Person
from tests.browser.watch import Watch
from tests.faults.processes import ROOT, Program, wait_until
from tests.gateways import free_port
from tests.page import DEVICE
from webapp import clock
from webapp.demo.data import generated

DESK, PHONE = {"width": 1280, "height": 860}, {"width": 360, "height": 740}
MOST_BYTES = 60_000
COLOURS = 20


class Demo(Program):
    """A demo with data of its own: the server, and the process beside it."""

    def __init__(self, folder):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        settings = {"PURNA_DATA": str(folder), "PORT": str(self.port)}
        for command in ("flask migrate", "flask demo", "bench.known_device"):
            subprocess.run([sys.executable, "-m", *command.split()], cwd=ROOT, check=True,
                           stdout=subprocess.DEVNULL,
                           env={"PATH": os.environ["PATH"], "FLASK_APP": "wsgi", **settings})
        super().__init__(("flask", "up"), settings, Path(folder) / "demo.log")

    def _answers(self):
        return b"Purna: http" in self.said()


def main(folder):
    """Take all pictures."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        chromium = open_chromium(playwright) or sys.exit("no chromium on this machine")
        demo = Demo(data).start()
        try:
            wait_until(demo.is_up, 30, what="the demo")
            take_claim(chromium, demo.url, folder)
            take_roads(chromium, demo.url, folder)
            take_main_job(chromium, demo.url, folder)
            take_account(chromium, demo.url, folder)
            take_list(chromium, demo.url, folder)
        finally:
            demo.stop()


def take_claim(chromium, url, folder):
    """What can be claimed, and how far a claim has come."""
    siti = somebody(chromium, url, PHONE).sign_in("siti@pekerja.example").sees("Halo")
    siti.open("/pencairan/daftar").sees("Jenis pencairan")
    save(siti.page.screenshot(), folder / "kinds.png")
    siti.open("/pencairan").follow("Lainnya").sees("Lainnya")
    save(siti.page.screenshot(), folder / "claim.png")


def take_roads(chromium, url, folder):
    """What a worker sees of a membership that is disputed, and of a request to another company."""
    siti = somebody(chromium, url, PHONE).sign_in("siti@pekerja.example").sees("Halo")
    siti.open("/kepesertaan").follow("PT Maju Logistik").sees("PT Maju Logistik")
    save(siti.page.screenshot(), folder / "membership.png")
    siti.open("/kepesertaan").follow("PT Maju Bersama").press("Ajukan nonaktif")
    siti.sees("Ajukan nonaktif").choose("Mengundurkan diri")
    siti.type_in("Hari kerja terakhir", (clock.today() + timedelta(days=7)).isoformat())
    siti.press("Periksa").sees("Periksa").press("Kirim permohonan").sees("Permohonan nonaktif")
    save(siti.page.screenshot(), folder / "request.png")


def take_main_job(chromium, url, folder):
    """Walk the main job, on a desk and on a phone."""
    ani = somebody(chromium, url, DESK).sign_in("ani@maju.example").choose_company()
    save(ani.page.screenshot(), folder / "list.png")
    phone = somebody(chromium, url, PHONE).sign_in("ani@maju.example").choose_company()
    phone.search("Sity Rahayu").begin()
    save(phone.page.screenshot(), folder / "form.png")
    phone.fill_in("Mengundurkan diri", clock.today() - timedelta(days=2), "Pindah kota").check()
    save(phone.page.screenshot(full_page=True), folder / "check.png")
    phone.confirm()
    save(phone.page.screenshot(full_page=True), folder / "receipt.png")
    save(printed(phone.page), folder / "printed.png")


def take_account(chromium, url, folder):
    """An account's beginning and end, on a phone."""
    ratna = somebody(chromium, url, PHONE).open("/daftar")
    for label, text in (("NIK", "3171065506920099"), ("Nama lengkap", "Ratna Dewi"),
                        ("Tanggal lahir", "1992-06-15"), ("Nomor ponsel", "0812 9000 7777"),
                        ("Email", "ratna@rumah.example"),
                        ("Kata sandi", "jendela kuning pasir delapan")):
        ratna.type_in(label, text)
    ratna.page.evaluate("scrollTo(0, 0)")
    save(ratna.page.screenshot(), folder / "register.png")
    ratna.press("Lanjut").sees("Syarat dan Ketentuan")
    ratna.page.locator(".option label").filter(has_text="Saya sudah membaca").click()
    ratna.choose("Kirim kode lewat SMS").press("Setuju dan kirim kode").sees("Ketik kode")
    save(ratna.page.screenshot(), folder / "code.png")
    siti = somebody(chromium, url, PHONE).sign_in("siti@pekerja.example").sees("Halo")
    siti.open("/tutup-akun").sees("Tutup akun")
    save(siti.page.screenshot(), folder / "closing.png")


def take_list(chromium, url, folder):
    """A list of leavers, checked, on a desk."""
    ani = somebody(chromium, url, DESK).sign_in("ani@maju.example").choose_company()
    ani.follow("Unggah").sees("Unggah")
    ani.attach("Daftar", "keluar oktober.csv", leavers()).press("Unggah dan periksa")
    ani.sees("Periksa daftar ini")
    save(ani.page.screenshot(), folder / "checked.png")


def leavers():
    """A CSV as an Indonesian Excel writes it, with three rows that somebody mistyped."""
    day = f"{clock.today() - timedelta(days=3):%d/%m/%Y}"
    rows = [[row.kpj, row.name, "RSG", day]
            for row in generated(0, 60, 80, clock.today()) if row.kpj]
    rows[3][2], rows[7][0], rows[11][3] = "resain", "1,00004E+10", "31/02/2026"
    return "\r\n".join(";".join(row) for row in [
        ("KPJ", "Nama", "Sebab", "Tanggal Kejadian"), *rows]).encode("cp1252")


def somebody(chromium, url, viewport):
    """A person at a fresh browser, on a sharp screen."""
    context = chromium.new_context(viewport=viewport, device_scale_factor=1.5, locale="id-ID",
                                   timezone_id="Asia/Jakarta", reduced_motion="reduce")
    context.set_default_timeout(SLOWEST)
    remember_device(context, url, DEVICE)
    return Person(context.new_page(), Watch(context, url), url, javascript=True)


def printed(page):
    """How the page looks on A4 paper."""
    page.set_viewport_size({"width": 673, "height": 1001})     # A4 within its margins, at 96 dpi
    page.emulate_media(media="print")
    sheet = Image.open(BytesIO(page.screenshot()))
    margin = round(16 / 25.4 * 96 * 1.5)
    paper = Image.new("RGB", (sheet.width + 2 * margin, sheet.height + 2 * margin), "white")
    paper.paste(sheet, (margin, margin))
    body = BytesIO()
    paper.save(body, "PNG")
    return body.getvalue()


def save(screenshot, path):
    """Write it with few colours: small enough for a repository."""
    picture = Image.open(BytesIO(screenshot)).convert("RGB").quantize(
        COLOURS, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.name}: {picture.width} x {picture.height}, {size / 1000:.0f} kB")
    if size > MOST_BYTES:
        sys.exit(f"{path.name} is larger than {MOST_BYTES} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
