"""A request after it was sent: the answer, the form, the company's confirmation, the branch."""

import io

import pytest
import time_machine
from PIL import Image

from tests.page import Clerk, file
from tests.requests.asking import (
    approved,
    confirmed,
    escalated,
    filled,
    only_case,
    only_request,
    refused,
    sent,
)
from webapp import audit, clock
from webapp.models.audit import AuditEntry
from webapp.models.cases import DeactivationRequest
from webapp.models.deactivations import Deactivation
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.requests import service

FORM = {"address": "Jalan Melati 3, Bandung", "is_checked": "y"}


@pytest.fixture(scope="module")
def photograph():
    """A small JPEG."""
    return jpeg("teal")


def jpeg(colour):
    body = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(body, "JPEG")
    return body.getvalue()


def upload(siti, photograph, kind):
    """Hand in a paper by the box on the page."""
    return siti.send("#papers form[data-papers]", kind=kind,
                     file=(io.BytesIO(photograph), f"{kind}.jpg"))


@pytest.mark.parametrize(("moment", "words"), [
    ("2026-11-22T06:30:00Z", "paling lambat 1 Desember 2026, 7 hari kerja lagi"),
    ("2026-11-23T06:30:00Z", "paling lambat 1 Desember 2026, 6 hari kerja lagi"),
    ("2026-12-01T06:30:00Z", "paling lambat 1 Desember 2026, hari ini terakhir"),
    ("2026-12-01T17:00:00Z", "paling lambat 1 Desember 2026, waktunya sudah lewat"),
])
def test_the_clock_says_until_when_and_how_many_working_days_are_left(app, siti, cast, moment,
                                                                      words):
    path = sent(siti, cast.siti_at_maju).path
    with time_machine.travel(moment):
        page = Clerk(app).is_signed_in_as(cast.siti).open(path)
    assert words in page.words()
    assert page.words(".timeline .current").startswith("PT Maju Bersama menjawab Paling lambat")


def test_an_approved_request_leads_from_beranda_to_its_form(siti, cast):
    asked = approved(siti, cast.siti_at_maju, cast.ani)
    page = siti.open("/beranda")
    assert "PT Maju Bersama menyetujui permohonan Anda" in page.words()
    page = siti.open(page.tree.xpath("//a[text()='Isi formulir nonaktif']/@href")[0])
    assert (page.heading, page.path) == ("Formulir nonaktif",
                                         f"/permohonan/{asked.case.public_id}")
    words = page.words()
    for shown in ("Siti Rahayu", "30145274512", "Mengundurkan diri", "30 November 2026"):
        assert shown in words
    assert "3171064508900001" not in words
    assert Message.select().where(Message.kind == "case:request approved").count() == 2


def test_the_form_begins_with_the_address_of_the_account(siti, cast):
    user = User.get_by_id(cast.siti.id)
    user.address = "Jalan Mawar 1"
    user.save()
    asked = approved(siti, cast.siti_at_maju, cast.ani)
    page = siti.open(f"/permohonan/{asked.case.public_id}")
    assert page.fields("#fill-in")["address"].strip() == "Jalan Mawar 1"


@pytest.mark.parametrize(("answers", "errors"), [
    ({"address": " "}, {"address": "Isi alamat Anda sekarang."}),
    ({"address": "x" * 301}, {"address": "Terlalu panjang 1 huruf. Paling banyak 300 huruf."}),
    ({"is_checked": None}, {"is_checked": "Beri tanda centang jika datanya benar."}),
])
def test_a_form_that_lacks_something_is_not_sent(siti, cast, answers, errors):
    asked = approved(siti, cast.siti_at_maju, cast.ani)
    siti.open(f"/permohonan/{asked.case.public_id}")
    fields = {name: text for name, text in {**FORM, **answers}.items() if text}
    page = siti.send("#fill-in", **fields)
    assert page.status == 422
    assert page.errors() == errors
    assert only_request().state == "DISETUJUI"


def test_leaving_the_country_asks_for_both_papers_at_once(siti, cast, photograph):
    asked = approved(siti, cast.siti_at_maju, cast.ani, reason="LNG")
    siti.open(f"/permohonan/{asked.case.public_id}")
    page = siti.send("#fill-in", **FORM)
    assert page.status == 422
    link, = page.select(".error-summary a[href='#papers']")
    assert link.text_content() == "Unggah dulu: paspor, surat pernyataan."
    siti.open(f"/permohonan/{asked.case.public_id}")
    assert upload(siti, photograph, "PASPOR").heading == "Formulir nonaktif"
    assert siti.send("#fill-in", **FORM).words(".error-summary a") == (
        "Unggah dulu: surat pernyataan.")
    siti.open(f"/permohonan/{asked.case.public_id}")
    upload(siti, jpeg("maroon"), "PERNYATAAN")
    assert "Menunggu PT Maju Bersama" in siti.send("#fill-in", **FORM).words()


def test_a_sent_form_is_with_the_company_and_both_are_told(siti, cast):
    words = filled(siti, cast.siti_at_maju, cast.ani).words()
    assert "Konfirmasinya paling lambat 1 Desember 2026, 7 hari kerja lagi" in words
    assert "PT Maju Bersama menyetujui" in words
    assert "Formulir nonaktif dikirim" in words
    asked = only_request()
    assert (asked.state, asked.address, only_case().holder) == (
        "FORMULIR_TERISI", "Jalan Melati 3, Bandung", "company")
    told = Message.select().where(Message.kind == "case:request filled in")
    assert sorted((row.channel, bool(row.user_id)) for row in told) == [
        ("email", False), ("email", True), ("email", True), ("sms", False)]
    assert AuditEntry.select().where(AuditEntry.kind == "request:filled in").count() == 1
    assert not list(audit.verify())


def test_the_form_pressed_twice_is_sent_once(siti, cast):
    asked = approved(siti, cast.siti_at_maju, cast.ani)
    siti.open(f"/permohonan/{asked.case.public_id}")
    page = siti.send_again("#fill-in", **FORM)
    assert "Menunggu PT Maju Bersama" in page.words()
    assert Message.select().where(Message.kind == "case:request filled in").count() == 4


def test_a_form_of_a_request_that_was_withdrawn_shows_what_was_typed(app, siti, cast):
    asked = approved(siti, cast.siti_at_maju, cast.ani)
    other = Clerk(app).is_signed_in_as(cast.siti)
    other.open(f"/permohonan/{asked.case.public_id}")
    siti.open(f"/permohonan/{asked.case.public_id}/tarik")
    siti.send()
    page = other.send("#fill-in", **FORM)
    assert page.status == 409
    assert "Jalan Melati 3, Bandung" in page.words()
    assert only_request().address is None


def test_an_address_that_is_typed_and_not_sent_waits_too(app, siti, cast):
    asked = approved(siti, cast.siti_at_maju, cast.ani)
    path = f"/permohonan/{asked.case.public_id}"
    siti.open(path)
    siti.post(f"{path}/simpan", {**siti.page.fields("#fill-in"), "address": "Jalan Baru"},
              htmx=True)
    page = Clerk(app).is_signed_in_as(cast.siti).open(path)
    assert page.fields("#fill-in")["address"].strip() == "Jalan Baru"


def test_the_confirmation_ends_it_with_a_receipt_for_the_worker(siti, cast):
    receipt = confirmed(siti, cast.siti_at_maju, cast.budi)
    page = siti.open(f"/permohonan/{only_case().public_id}")
    assert "akan berakhir per 30 November 2026" in page.words()
    assert "PT Maju Bersama menonaktifkan kepesertaan Anda" in page.words()
    page = siti.open(page.tree.xpath("//a[text()='Lihat tanda terima']/@href")[0])
    assert page.words(".receipt-number").replace("-", "") == receipt.number
    assert (only_request().state, only_case().closed_at is None) == ("SELESAI", False)


def test_a_refusal_says_why_and_what_next(siti, cast):
    refused(siti, cast.siti_at_maju, cast.ani)
    words = siti.open(f"/permohonan/{only_case().public_id}").words()
    assert "PT Maju Bersama menolak permohonan Anda" in words
    assert "Masih ada serah terima." in words
    assert "datang ke kantor cabang" in words
    assert siti.send().heading == "Ajukan nonaktif"
    assert DeactivationRequest.select().count() == 2


def test_the_branchs_refusal_is_called_the_branchs(siti, cast, now):
    escalated(siti, cast.siti_at_maju)
    asked = only_request()
    service.refuse_at_branch(asked, cast.dewi, version=asked.version, now=now,
                             case_version=asked.case.version, reason="Masih bekerja.")
    words = siti.open(f"/permohonan/{only_case().public_id}").words()
    assert "Kantor cabang menolak permohonan Anda" in words
    assert "PT Maju Bersama menolak" not in words


def test_an_escalated_request_says_who_has_it_now(siti, cast):
    escalated(siti, cast.siti_at_maju)
    words = siti.open(f"/permohonan/{only_case().public_id}").words()
    assert "Ditangani Kantor Cabang Jakarta Selatan" in words
    assert "PT Maju Bersama tidak menjawab tepat waktu" in words


def test_withdrawing_is_confirmed_first_and_the_company_is_told(siti, cast):
    path = sent(siti, cast.siti_at_maju).path
    page = siti.open(f"{path}/tarik")
    assert only_request().state == "DIAJUKAN"
    assert "PT Maju Bersama diberi tahu" in page.words()
    page = siti.send_again()
    assert "Anda menarik permohonan ini" in page.words()
    assert (only_request().state, only_case().holder) == ("DIBATALKAN", None)
    told = Message.select().where(Message.kind == "case:request withdrawn")
    assert {row.user_id for row in told} == {cast.ani.id, cast.budi.id}
    assert AuditEntry.select().where(AuditEntry.kind == "request:withdrawn").count() == 1
    assert "Ajukan nonaktif" in siti.open(
        f"/kepesertaan/{cast.siti_at_maju.public_id}").words()


def test_withdrawing_what_the_company_has_confirmed_says_so(siti, cast):
    path = filled(siti, cast.siti_at_maju, cast.ani).path
    siti.open(f"{path}/tarik")
    fields = siti.page.fields()
    asked = only_request()
    service.refuse(asked, cast.ani, version=asked.version, reason="Belum", now=clock.now())
    page = siti.post(f"{path}/tarik", fields)
    assert page.status == 409
    assert "Statusnya sekarang: ditolak" in page.words()


def test_a_company_that_reports_directly_ends_the_request_too(siti, ani, cast):
    path = sent(siti, cast.siti_at_maju).path
    file(ani, cast.maju, cast.siti_at_maju)
    words = siti.open(path).words()
    assert "Selesai" in words
    assert only_request().deactivation_id == Deactivation.get().id


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "99999999999999999999"])
def test_a_forged_version_is_no_version(siti, cast, version):
    path = sent(siti, cast.siti_at_maju).path
    page = siti.post(f"{path}/tarik", {"csrf_token": siti.token(), "version": version})
    assert page.status == 409
    assert only_request().state == "DIAJUKAN"
