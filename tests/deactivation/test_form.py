"""The form: what it asks, what it refuses and how, and that nothing typed is lost."""

import io
from datetime import timedelta

import httpx
import pytest
from PIL import Image

from tests.page import deactivation_path, draft, file
from webapp import clock
from webapp.demo.people import PASSWORD
from webapp.documents import service as documents
from webapp.documents import store
from webapp.models.deactivations import Deactivation
from webapp.models.documents import Document
from webapp.models.people import Session


def open_form(clerk, cast):
    return clerk.open(deactivation_path(cast.maju, cast.siti_at_maju))


def photograph(width=60, height=40, **options):
    body = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(body, "JPEG", **options)
    return body.getvalue()


def test_only_an_employers_reasons_are_offered(ani, cast):
    values = [box.get("value") for box in open_form(ani, cast).select("input[name=reason]")]
    assert values == ["RSG", "PKW", "PHK", "PSN", "CTT", "MGL", "LNG", "MUT", "SLH"]


@pytest.mark.parametrize(("answers", "field", "sentence"), [
    ({"reason": ""}, "reason", "Pilih sebab nonaktif."),
    ({"reason": "TTP"}, "reason", "Pilih salah satu sebab di bawah ini."),
    ({"last_day": ""}, "last_day", "Isi tanggal hari kerja terakhir."),
    ({"last_day": "2021-04-30"}, "last_day",
     "Tanggal ini sebelum Siti mulai bekerja (1 Mei 2021). Periksa lagi tanggalnya."),
    ({"last_day": "2099-01-01"}, "last_day", "Tanggal ini terlalu jauh."),
    ({"last_day": "31/02/2026"}, "last_day", "2026"),
    ({"reason": "CTT"}, "file", "Lampirkan surat keterangan dokter."),
    ({"reason": "MGL"}, "file", "Lampirkan akta atau surat kematian."),
    ({"reason": "SLH", "note": ""}, "note", "Jelaskan apa yang salah"),
    ({"note": "x" * 501}, "note", "Terlalu panjang 1 huruf."),
])
def test_what_is_against_the_rules_gets_its_sentence_and_keeps_the_rest(
        ani, cast, answers, field, sentence):
    open_form(ani, cast)
    typed = {"reason": "RSG", "last_day": "2026-11-20", "note": "Pindah kota", **answers}
    page = ani.send(**typed)
    assert page.status == 422
    assert list(page.errors()) == [field]
    assert sentence in page.errors()[field]
    assert page.select(f".error-summary a[href='#{field}']")
    assert page.select(f"#{field}, [id={field}]")
    assert page.fields()["note"].strip() == typed["note"]
    assert page.fields()["last_day"] == typed["last_day"]
    assert not Deactivation.select().exists()


def test_nobody_dies_tomorrow(ani, cast):
    open_form(ani, cast)
    page = ani.send(reason="MGL", last_day="2026-11-23")
    assert "sesudah hari ini" in page.errors()["last_day"]


def test_htmx_gets_the_form_alone(ani, cast):
    open_form(ani, cast)
    page = ani.send(htmx=True, reason="", last_day="")
    assert page.status == 422
    assert page.tree.get("id") == "form"


@pytest.mark.parametrize("typed", ["20-11-2026", "20/11/2026", "2026-11-20", "20 November 2026"])
def test_a_date_may_be_typed_as_people_do(ani, cast, typed):
    draft(ani, cast.maju, cast.siti_at_maju, last_day=typed)
    assert Deactivation.get().last_day.isoformat() == "2026-11-20"


def test_coming_back_finds_the_draft_and_never_a_second_one(ani, cast):
    draft(ani, cast.maju, cast.siti_at_maju, note="Sampai akhir bulan")
    page = open_form(ani, cast)
    assert "masih tersimpan" in page.words()
    assert page.fields()["note"].strip() == "Sampai akhir bulan"
    ani.send(reason="PKW")
    assert [row.reason for row in Deactivation.select()] == ["PKW"]


def test_a_paper_is_cleaned_sealed_and_kept(ani, cast):
    exif = Image.Exif()
    exif[0x010F] = "Kamera Rahasia"
    draft(ani, cast.maju, cast.siti_at_maju, reason="CTT",
          file=(io.BytesIO(photograph(exif=exif)), "surat dokter.jpeg"))
    document = Deactivation.get().document
    assert document.label == "surat dokter.jpg"
    assert b"Kamera" not in store.get(document)
    ani.send()
    answer = ani.browser.get(f"/perusahaan/{cast.maju.public_id}/dokumen/{document.public_id}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data == store.get(document)


def test_a_sound_paper_survives_an_error_elsewhere(ani, cast):
    open_form(ani, cast)
    page = ani.send(reason="CTT", last_day="", file=(io.BytesIO(photograph()), "surat.jpg"))
    assert page.status == 422
    assert "Berkas tersimpan: surat.jpg" in page.words()
    ani.send(reason="CTT", last_day="2026-11-20")
    assert Deactivation.get().document == Document.get()


def test_a_clerk_who_hands_in_papers_all_day_waits_and_keeps_what_was_typed(
        ani, cast, monkeypatch):
    monkeypatch.setattr(documents, "FILES_OF_CLERK",
                        documents.Limit("documents", 1, timedelta(hours=1)))
    for name in ("satu", "dua"):
        open_form(ani, cast)
        page = ani.send(reason="CTT", last_day="", note="Dirawat sejak Mei",
                        file=(io.BytesIO(photograph()), f"{name}.jpg"))
    assert page.status == 422
    assert page.errors()["file"].startswith("Terlalu banyak berkas. Tunggu 60 menit")
    assert page.fields()["note"].strip() == "Dirawat sejak Mei"
    assert Document.select().count() == 1


def test_another_clerks_paper_cannot_be_attached(ani, citra, cast):
    draft(citra, cast.lain, cast.rahmat_at_lain, reason="CTT",
          file=(io.BytesIO(photograph()), "surat.jpg"))
    open_form(ani, cast)
    page = ani.send(reason="CTT", last_day="2026-11-20",
                    document_id=str(Document.get().public_id))
    assert page.errors() == {"file": "Lampirkan surat keterangan dokter."}


@pytest.mark.parametrize(("body", "sentence"), [
    (b"MZ\x90\x00 a program", "bukan foto atau PDF"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "bukan foto atau PDF"),
    (b"%PDF-1.7 broken", "rusak"),
    (photograph()[:200], "rusak"),
])
def test_a_file_that_is_not_what_it_says_is_refused_beside_its_field(ani, cast, body, sentence):
    open_form(ani, cast)
    page = ani.send(reason="CTT", last_day="2026-11-20", file=(io.BytesIO(body), "surat.pdf"))
    assert sentence in page.errors()["file"]
    assert not Document.select().exists()


def send_large(clerk, size):
    """Send the open form with a file of so many bytes (the test client would spill it to disk)."""
    fields = {**clerk.page.fields(), "reason": "RSG", "last_day": "2026-11-20"}
    body = httpx.Request("POST", "http://localhost", data=fields,
                         files={"file": ("besar.pdf", b"%PDF-" + b"x" * (size - 5))})
    return clerk.post(clerk.page.action(), body.read(), content_type=body.headers["Content-Type"])


def test_a_body_beyond_the_limit_is_413(ani, cast):
    open_form(ani, cast)
    assert send_large(ani, 27_000_000).status == 413


def test_one_byte_over_six_megabytes_is_too_large(ani, cast):
    open_form(ani, cast)
    assert "lebih dari 6 MB" in send_large(ani, 6 * 1024 * 1024 + 1).errors()["file"]


def test_a_phones_large_photograph_is_refused_beside_its_field(ani, cast):
    open_form(ani, cast)
    page = send_large(ani, 12_000_000)
    assert "lebih dari 6 MB" in page.errors()["file"]
    assert page.fields()["last_day"] == "2026-11-20"


def test_a_paper_is_found_again_after_the_session_ended(ani, cast):
    open_form(ani, cast)
    ani.send(reason="CTT", last_day="", file=(io.BytesIO(photograph()), "surat.jpg"))
    Session.update(ended_at=clock.now()).execute()
    ani.send(reason="CTT", last_day="2026-11-20")
    page = ani.send(account="ani@maju.example", password=PASSWORD)
    assert "Berkas tersimpan: surat.jpg" in page.words()


def test_who_has_left_already_is_shown_the_receipt(ani, budi, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    assert open_form(ani, cast).select(".receipt-number")
    page = open_form(budi, cast)
    assert page.status == 409
    assert "Ani Wulandari" in page.words()


def test_another_companys_worker_is_missing(ani, citra, cast):
    missing = citra.open(f"/perusahaan/{cast.lain.public_id}/tenaga-kerja/"
                         "00000000-0000-4000-8000-000000000000/nonaktifkan")
    stranger = citra.open(deactivation_path(cast.lain, cast.siti_at_maju))
    foreign = citra.open(deactivation_path(cast.maju, cast.siti_at_maju))
    assert missing.status == stranger.status == foreign.status == 404
    assert missing.words() == stranger.words() == foreign.words()


def test_a_colleagues_paper_is_not_open_before_it_is_filed(ani, budi, cast):
    draft(ani, cast.maju, cast.siti_at_maju, reason="CTT",
          file=(io.BytesIO(photograph()), "surat.jpg"))
    path = f"/perusahaan/{cast.maju.public_id}/dokumen/{Document.get().public_id}"
    assert budi.open(path).status == 404
    ani.send()
    assert budi.browser.get(path).status_code == 200


def test_a_plain_body_of_many_fields_is_refused_unread(visitor, cast):
    path = deactivation_path(cast.maju, cast.siti_at_maju)
    answer = visitor.browser.post(path, data=b"a=&" * 30_000,
                                  content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
