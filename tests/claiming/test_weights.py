"""What the pages of a claim weigh (quality.md §1: a worker's page, htmx included)."""

import pytest

from tests.claims.claiming import drafted, here, linked, submitted
from tests.page import Clerk
from tests.whole_app.test_weights import Line, enter


@pytest.fixture
def line(app, cast):
    """Siti's browser, which was never here; her claim is ready to be sent."""
    drafted(Clerk(app).is_signed_in_as(cast.siti), cast)
    line = Line(app)
    enter(line, "siti@pekerja.example")
    line.cached.clear()
    return line


PAGES = ("syarat", "jumlah", "keperluan", "kontak", "dokumen", "rekening", "periksa")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_draft_is_light(line, page):
    kilobytes, requests = line.weigh(f"{here()}/{page}", and_htmx=True)
    assert kilobytes <= 28
    assert requests <= 5
    assert line.weigh(f"{here()}/{page}")[0] <= 4


@pytest.mark.parametrize("path", ["/pencairan", "/pencairan/daftar?ulang=x", "", "/tanda-terima",
                                  "/batal", "/beranda"])
def test_so_are_the_others(app, cast, path):
    linked(cast.siti)
    submitted(Clerk(app).is_signed_in_as(cast.siti), cast)
    line = Line(app)
    enter(line, "siti@pekerja.example")
    line.cached.clear()
    path = path if path.startswith(("/pencairan", "/beranda")) else f"{here()}{path}"
    kilobytes, requests = line.weigh(path, and_htmx=True)
    assert kilobytes <= 28
    assert requests <= 5
    assert line.weigh(path)[0] <= 4.5
