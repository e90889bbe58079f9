"""Every page at 320 px, by finger and by keyboard; and what is printed."""

import io
from urllib.parse import unquote

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from tests.browser.album import PHONE
from tests.browser.examination import WIDTH
from tests.page import deactivation_path
from webapp.models.receipts import Receipt
from webapp.receipts.service import signer
from webapp.receipts.signing import verify

FINGER = 44          # CSS pixels
MILLIMETRES_PER_PIXEL = 25.4 / 96
FOCUS = """() => {
  const element = document.activeElement, next = element.nextElementSibling;
  const width = (style) => style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  // A radio button's ring is a border around its whole row.
  const row = element.matches(".option input")
    ? parseFloat(getComputedStyle(next, "::after").borderTopWidth) : 0;
  const box = element.getBoundingClientRect();
  const label = element.labels && element.labels[0] ? element.labels[0].innerText : "";
  return {
    name: (label || element.innerText || element.getAttribute("aria-label") || "").trim(),
    kind: element.tagName,
    ring: Math.max(width(getComputedStyle(element)), row),
    shown: box.bottom > 0 && box.top < innerHeight,
  };
}"""


@pytest.fixture
def seen(examined):
    """What was measured in each state at 320 px."""
    if WIDTH != PHONE:
        pytest.skip("this run looks at pages as they are on a desk")
    return {name: layout for name, (_, layout) in examined.items()}


def those(seen, is_wrong):
    """The states in which something is wrong."""
    return {name: found for name, found in seen.items() if is_wrong(found)}


def test_nothing_scrolls_sideways_at_320_pixels(seen):
    assert those(seen, lambda found: found["scrolls"] or found["wide"]) == {}


def test_what_is_touched_is_as_high_as_a_finger(seen):
    assert {name: found["small"] for name, found in seen.items() if found["small"]} == {}


def test_a_page_has_one_filled_button_at_most(seen):
    assert those(seen, lambda found: len(found["filled"]) > 1) == {}


class Keyboard:
    """Somebody without a mouse."""

    def __init__(self, person):
        self.person, self.keys = person, person.page.keyboard

    def tab_to(self, name, kind):
        """Press Tab until the element is reached; the ring is visible all the way."""
        for _ in range(60):
            self.keys.press("Tab")
            found = self.person.page.evaluate(FOCUS)
            if found["kind"] != "BODY":
                assert found["ring"] >= 3, found
                assert found["shown"], found
            if found["name"].startswith(name) and found["kind"] == kind:
                return self
        raise AssertionError(f"Tab never reaches {name}")

    def type(self, text):
        """Type."""
        self.keys.type(text)
        return self

    def press(self, *keys):
        """Press keys, one after another."""
        for key in keys:
            self.keys.press(key)
        return self


def test_the_main_job_by_keyboard_alone(somebody, cast, last_day):
    somebody.open("/")
    hands = Keyboard(somebody)
    hands.tab_to("Masuk", "A").press("Enter")
    somebody.sees("Masuk")
    hands.tab_to("Email, nomor ponsel", "INPUT").type("ani@maju.example")
    hands.tab_to("Kata sandi", "INPUT").type("purna-demo-2026").press("Enter")
    somebody.sees("Pilih perusahaan")
    hands.tab_to("PT Maju Bersama", "A").press("Enter")
    somebody.sees("Tenaga kerja")
    hands.tab_to("Nomor KPJ", "INPUT").type("Sity Rahayu").press("Enter")
    somebody.reads("hasil untuk Sity Rahayu")
    hands.tab_to("Aksi", "SUMMARY").press("Space")
    hands.tab_to("Nonaktifkan", "A").press("Enter")
    somebody.sees("Nonaktifkan Siti Rahayu")
    hands.tab_to("Mengundurkan diri", "INPUT").press("ArrowDown", "ArrowDown", "ArrowUp")
    hands.tab_to("Hari kerja terakhir", "INPUT").type(f"{last_day:%m%d%Y}")
    somebody.finds_in("Hari kerja terakhir", last_day.isoformat())
    hands.tab_to("Catatan", "TEXTAREA").type("Kontrak selesai")
    hands.tab_to("Periksa", "BUTTON").press("Space")
    somebody.sees("Periksa").reads("Masa kontrak berakhir", "Kontrak selesai")
    hands.tab_to("Konfirmasi", "BUTTON").press("Enter")
    somebody.sees("Selesai")
    hands.tab_to("Keluar", "A").press("Enter")
    somebody.sees("Keluar")
    hands.tab_to("Keluar dari perangkat ini", "BUTTON").press("Enter")
    somebody.sees("Masuk")


def test_escape_closes_the_menu_and_keeps_the_place(open_page, cast):
    ani = open_page().is_signed_in_as(cast.ani)
    ani.open(f"/perusahaan/{cast.maju.public_id}/tenaga-kerja")
    hands = Keyboard(ani)
    hands.tab_to("Aksi", "SUMMARY").press("Enter").tab_to("Lihat", "A").press("Escape")
    assert ani.page.locator("details[open]").count() == 0
    assert ani.page.evaluate(FOCUS)["kind"] == "SUMMARY"


@pytest.fixture
def receipt(open_page, cast, last_day):
    """Ani before a fresh receipt, at a desk."""
    ani = open_page(width=1280).is_signed_in_as(cast.ani)
    ani.open(deactivation_path(cast.maju, cast.siti_at_maju))
    ani.fill_in("Mengundurkan diri", last_day, "Pindah kota").check().confirm()
    return ani


@pytest.fixture
def letter(receipt):
    """Ani before the approved letter."""
    receipt.follow("Paklaring Siti Rahayu").type_in("Nama penanda tangan", "Ani Wulandari")
    receipt.type_in("Jabatan penanda tangan", "Manajer SDM").press("Setujui paklaring")
    return receipt.sees("Surat keterangan kerja")


@pytest.mark.parametrize("paper", ["receipt", "letter"])
def test_a_paper_prints_on_one_page_of_a4_with_a_code_that_scans(request, paper):
    page = request.getfixturevalue(paper).page
    printed = pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    millimetres = [float(edge) / 72 * 25.4 for edge in printed.pages[0].mediabox[2:]]
    assert millimetres == pytest.approx([210, 297], abs=1)
    page.emulate_media(media="print")
    assert page.locator(".qr").bounding_box()["width"] * MILLIMETRES_PER_PIXEL >= 25
    for hidden in (".top", ".footer", ".back", ".no-print >> nth=0"):
        assert not page.locator(hidden).is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_code_on_the_screen_holds_the_address_and_the_signed_text(receipt, app, scheme):
    receipt.page.emulate_media(color_scheme=scheme)
    scanned = scan(receipt.page.locator(".proof"))
    address, _, signed = scanned.partition("#")
    row = Receipt.get()
    assert unquote(signed) == row.text
    assert verify(unquote(signed), signer().public_pem())[0] == row.number
    assert address == f"{app.config['BASE_URL']}/periksa/{row.number}"
    receipt.open(scanned.removeprefix(receipt.url)).sees("Tanda terima ini asli")


def scan(element):
    """What a phone's camera reads of an element on the screen."""
    picture = Image.open(io.BytesIO(element.screenshot()))
    found = zxingcpp.read_barcodes(picture)
    assert len(found) == 1
    return found[0].text
