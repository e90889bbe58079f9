"""Papers from a phone: made small before they leave it, tried again when the line is lost."""

import io
from datetime import timedelta

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import expect

from tests.conftest import POSTGRESQL
from webapp import clock
from webapp.documents import store
from webapp.models.cases import Paper
from webapp.parameters import rules_on
from webapp.requests import service as requests

FIELD, SMALL = "Foto atau berkas", 300_000


def phone_photograph():
    """Four thousand pixels wide, turned, with the place it was taken at."""
    fine = Image.effect_noise((1000, 750), 30).resize((4000, 3000))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation], exif[ExifTags.Base.Make] = 6, "Ponsel Rahasia"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "S"
    out = io.BytesIO()
    fine.convert("RGB").save(out, "JPEG", quality=90, exif=exif)
    assert b"Rahasia" in out.getvalue()
    assert len(out.getvalue()) > 3 * SMALL
    return out.getvalue()


@pytest.fixture
def siti(somebody, cast):
    """Siti before the form that PT Maju waits for."""
    now, membership = clock.now(), cast.siti_at_maju
    membership.company = cast.maju
    begun = requests.begin(membership, cast.siti, now)
    begun = requests.keep_draft(begun, reason="RSG", last_day=clock.today() - timedelta(days=2),
                                note="", now=now)
    requests.send(begun, cast.siti, version=begun.version, rules=rules_on(clock.today()), now=now)
    requests.approve(begun, cast.ani, version=begun.version + 1, now=now)
    somebody.is_signed_in_as(cast.siti).open(f"/permohonan/{begun.case.public_id}")
    return somebody.sees("Formulir nonaktif")


def hand_in(person, kind, name, body):
    """Choose a file and send it."""
    person.page.get_by_label("Jenis dokumen").select_option(kind)
    if person.javascript:
        person.page.wait_for_function("() => Boolean(document.papers)")
    person.page.get_by_label(FIELD).set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": body})
    return person.press("Unggah")


def there(person, *labels):
    """Wait until these files are in the list, no more and no less."""
    lines = person.page.locator("#papers-list li")
    expect(lines).to_have_count(len(labels))
    for line, label in zip(lines.all(), labels, strict=True):
        expect(line).to_contain_text(label)
        expect(line).to_contain_text("Tersimpan")


def weights(person):
    """How heavy the files were that were sent, each with its form."""
    return [int(request.all_headers()["content-length"]) for request in person.watch.sent("berkas")
            if request.method == "POST"]


def test_a_phones_photograph_arrives_small_upright_and_without_its_place(siti):
    siti.type_in("Alamat", "Jalan Kenanga 5")
    hand_in(siti, "Paklaring", "IMG_0001.jpg", phone_photograph())
    there(siti, "IMG_0001.jpg")
    body = store.get(Paper.get().document)
    picture = Image.open(io.BytesIO(body))
    assert picture.height > picture.width
    assert b"Rahasia" not in body
    assert not picture.getexif()
    if siti.javascript:
        assert 1000 < picture.height <= 1600
        assert weights(siti)[0] < SMALL + 2000
        expect(siti.page.locator("#papers + ul li")).to_have_text("IMG_0001.jpgSelesaiCoba lagi")
        siti.finds_in("Alamat", "Jalan Kenanga 5")
        siti.finds_in("Jenis dokumen", "PAKLARING")
    else:
        assert picture.height <= 3500
    siti.press("Hapus Paklaring").reads("Belum ada dokumen.")
    assert not Paper.select().exists()


def test_the_same_file_twice_is_one_paper_and_another_a_second(siti, photograph):
    hand_in(siti, "Paklaring", "a.jpg", photograph)
    there(siti, "a.jpg")
    hand_in(siti, "Paklaring", "a.jpg", photograph)
    hand_in(siti, "Dokumen lain", "b.pdf", b"%PDF-1.4")
    siti.reads("PDF ini rusak")
    there(siti, "a.jpg")
    other = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(other, "JPEG")
    hand_in(siti, "Dokumen lain", "b.jpg", other.getvalue())
    there(siti, "a.jpg", "b.jpg")
    assert Paper.select().count() == 2


def lose_request(route):
    route.abort("connectionreset")


def lose_answer(route):
    route.fetch()
    route.abort("connectionreset")


@pytest.mark.skipif(POSTGRESQL, reason="it is the script that tries again")
@pytest.mark.parametrize("accident", [lose_request, lose_answer])
def test_a_lost_file_stays_and_is_there_once_when_tried_again(siti, photograph, accident):
    siti.watch.line_may_fail = True
    siti.page.route("**/berkas", accident)
    siti.page.get_by_label("Jenis dokumen").select_option("Paklaring")
    with siti.page.expect_file_chooser() as chooser:
        siti.page.get_by_label(FIELD).click()
    assert chooser.value.is_multiple()
    other = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(other, "JPEG")
    chosen = {"a.jpg": photograph, "b.jpg": other.getvalue()}
    chooser.value.set_files([{"name": name, "mimeType": "image/jpeg", "buffer": body}
                             for name, body in chosen.items()])
    siti.press("Unggah")
    rows = siti.page.locator("#papers + ul li")
    expect(rows.filter(has_text="Gagal dikirim")).to_have_count(2)
    siti.page.unroute("**/berkas")
    siti.finds_in(FIELD, "")
    for name in chosen:
        rows.filter(has_text=name).get_by_role("button", name="Coba lagi").click()
    expect(rows.filter(has_text="Selesai")).to_have_count(2)
    there(siti, "a.jpg", "b.jpg")
    assert Paper.select().count() == 2
    siti.open(siti.page.url.removeprefix(siti.url))
    there(siti, "a.jpg", "b.jpg")
