"""Ajukan nonaktif: from the membership to the request that is sent."""

import pytest
import time_machine

from tests.page import Clerk, file
from tests.people import account_for
from tests.requests.asking import ANSWERS, begin, drafted, only_case, only_request, sent
from webapp import audit
from webapp.db import write_transaction
from webapp.models.audit import AuditEntry
from webapp.models.cases import CaseVisit, DeactivationRequest
from webapp.models.messages import Message
from webapp.models.workers import Membership


def requests():
    return list(DeactivationRequest.select())


def test_a_press_begins_one_draft_and_the_next_goes_on_with_it(siti, cast):
    assert begin(siti, cast.siti_at_maju).heading == "Ajukan nonaktif"
    first = siti.page.path
    words = siti.open(f"/kepesertaan/{cast.siti_at_maju.public_id}").words()
    assert "Permohonan nonaktif Anda belum dikirim" in words
    path = f"/kepesertaan/{cast.siti_at_maju.public_id}/ajukan"
    assert siti.post(path, {"csrf_token": siti.token()}).path == first
    assert len(requests()) == 1
    assert Message.select().count() == 0


def test_the_way_back_from_signing_in_is_the_membership(siti, cast):
    page = siti.open(f"/kepesertaan/{cast.siti_at_maju.public_id}/ajukan")
    assert page.heading == "PT Maju Bersama"
    assert requests() == []


def test_only_reasons_of_workers_are_offered_each_with_its_hint(siti, cast):
    page = begin(siti, cast.siti_at_maju)
    assert [field.get("value") for field in page.select("[name=reason]")] == [
        "RSG", "PKW", "PHK", "PSN", "LNG"]
    assert len(page.select(".options .hint")) == 5


@pytest.mark.parametrize(("answers", "field", "sentence"), [
    ({"reason": ""}, "reason", "Pilih sebab Anda berhenti."),
    ({"reason": "MUT"}, "reason", "Pilih salah satu sebab di bawah ini."),
    ({"reason": "MGL"}, "reason", "Pilih salah satu sebab di bawah ini."),
    ({"last_day": ""}, "last_day", "Isi tanggal hari kerja terakhir."),
    ({"last_day": "2021-04-30"}, "last_day",
     "Tanggal ini sebelum Anda mulai bekerja (1 Mei 2021). Periksa lagi tanggalnya."),
    ({"last_day": "2026-12-24"}, "last_day",
     "Tanggal ini terlalu jauh. Paling lambat 23 Desember 2026."),
    ({"note": "x" * 501}, "note", "Terlalu panjang 1 huruf. Paling banyak 500 huruf."),
])
def test_what_is_wrong_is_said_beside_its_field(siti, cast, answers, field, sentence):
    page = drafted(siti, cast.siti_at_maju, **answers)
    assert page.status == 422
    assert page.errors() == {field: sentence}
    assert only_request().last_day is None


def test_the_check_page_says_in_a_sentence_what_follows_and_until_when(siti, cast):
    words = drafted(siti, cast.siti_at_maju, reason="PKW").words()
    assert ("Anda akan meminta PT Maju Bersama mengakhiri kepesertaan Anda per 30 November 2026 "
            "karena masa kontrak Anda berakhir.") in words
    assert "punya 7 hari kerja untuk menjawab: paling lambat 1 Desember 2026" in words
    assert "kantor cabang mengambil alih dengan sendirinya" in words
    assert only_request().state == "DRAF"


def test_sending_tells_both_sides_and_is_recorded(siti, cast):
    words = sent(siti, cast.siti_at_maju).words()
    assert "Menunggu PT Maju Bersama" in words
    assert "Jawabannya paling lambat 1 Desember 2026, 7 hari kerja lagi." in words
    assert (only_request().state, only_case().holder) == ("DIAJUKAN", "company")
    sms = Message.get(Message.channel == "sms")
    assert sms.body == ("Purna: permohonan nonaktif Anda sudah sampai di PT Maju Bersama. "
                        "Jawaban paling lambat 1 Desember 2026.")
    letters = Message.select().where(Message.channel == "email")
    assert {row.user_id for row in letters} == {None, cast.ani.id, cast.budi.id}
    entry = AuditEntry.get(AuditEntry.kind == "request:sent")
    assert (entry.actor, entry.subject) == (cast.siti.public_id, only_case().public_id)
    assert not list(audit.verify())


def test_pressed_twice_it_is_sent_once(siti, cast):
    drafted(siti, cast.siti_at_maju)
    page = siti.send_again()
    assert "Menunggu PT Maju Bersama" in page.words()
    assert Message.select().where(Message.kind == "case:request sent").count() == 4
    assert AuditEntry.select().where(AuditEntry.kind == "request:sent").count() == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_a_form_that_was_sent_from_elsewhere_shows_what_stands_and_what_was_typed(
        app, siti, cast, htmx):
    begin(siti, cast.siti_at_maju)
    old = Clerk(app).is_signed_in_as(cast.siti)
    old.open(siti.page.path)
    siti.send(**ANSWERS)
    siti.send()
    page = old.send(**{**ANSWERS, "note": "Yang lain lagi"}, htmx=htmx)
    assert page.status == 409
    words = page.words("main")
    assert "Statusnya sekarang: menunggu perusahaan" in words
    assert "Yang lain lagi" in words
    assert only_request().note == "Pindah ke Bandung"


def test_a_check_page_of_another_version_sends_nothing(app, siti, cast):
    drafted(siti, cast.siti_at_maju)
    fields, path = siti.page.fields(), siti.page.path
    siti.open(path.removesuffix("/periksa"))
    siti.send(**{**ANSWERS, "last_day": "2026-11-27"})
    page = siti.post(path, fields)
    assert page.status == 409
    assert only_request().state == "DRAF"
    assert Message.select().count() == 0


def test_what_is_not_complete_is_not_sent(siti, cast):
    begin(siti, cast.siti_at_maju)
    fields = {"csrf_token": siti.token(), "version": "1"}
    page = siti.post(f"/permohonan/{only_case().public_id}/periksa", fields)
    assert page.heading == "Ajukan nonaktif"
    siti.send(**ANSWERS)
    with write_transaction():     # a company's list corrects the beginning
        Membership.update(started_on="2026-12-01").where(
            Membership.id == cast.siti_at_maju.id).execute()
    assert siti.send().heading == "Ajukan nonaktif"
    assert only_request().state == "DRAF"


def test_what_is_typed_on_one_device_waits_on_another(app, siti, cast):
    begin(siti, cast.siti_at_maju)
    path = f"{siti.page.path}/simpan"
    answer = siti.post(path, {**siti.page.fields(), "reason": "PHK", "last_day": "31-11-20",
                              "note": "Baru setengah"}, htmx=True)
    assert answer.words("#kept").startswith("Tersimpan 22 November 2026")
    phone = Clerk(app).sign_in("siti@pekerja.example")
    assert "Permohonan nonaktif Anda belum dikirim" in phone.page.words()
    page = phone.open(phone.page.tree.xpath("//a[text()='Lanjutkan']/@href")[0])
    assert page.fields()["note"].strip() == "Baru setengah"
    assert page.fields()["reason"] == "PHK"
    assert page.select("#last_day")[0].get("value") == "31-11-20"
    phone.send(last_day="2026-11-20")
    assert only_request().note == "Baru setengah"
    assert CaseVisit.get().typed_sealed is None


def test_without_javascript_keeping_comes_back_to_the_form_and_says_so(siti, cast):
    begin(siti, cast.siti_at_maju)
    page = siti.post(f"{siti.page.path}/simpan", {**siti.page.fields(), "note": "Nanti"})
    assert "Tersimpan. Anda bisa melanjutkannya nanti" in page.words()
    assert page.fields()["note"].strip() == "Nanti"


def test_nothing_but_the_fields_is_kept(siti, cast):
    begin(siti, cast.siti_at_maju)
    siti.post(f"{siti.page.path}/simpan", {**siti.page.fields(), "note": "Nanti", "x": "y"})
    assert "csrf_token" not in CaseVisit.get().typed
    assert '"x"' not in CaseVisit.get().typed


def test_what_was_typed_as_the_session_ended_is_back_after_signing_in(siti, cast):
    begin(siti, cast.siti_at_maju)
    path, fields = f"{siti.page.path}/simpan", siti.page.fields()
    with time_machine.travel("2026-11-22T07:30:00Z"):     # idle for an hour
        page = siti.post(path, {**fields, "note": "Yang penting"})
        assert page.heading == "Masuk"
        page = siti.send(account="siti@pekerja.example", password="purna-demo-2026")
    assert page.heading == "Ajukan nonaktif"
    assert page.fields()["note"].strip() == "Yang penting"


def test_what_is_kept_too_late_says_so(app, siti, cast):
    begin(siti, cast.siti_at_maju)
    old = Clerk(app).is_signed_in_as(cast.siti)
    old.open(siti.page.path)
    path = f"{old.page.path}/simpan"
    siti.send(**ANSWERS)
    siti.send()
    page = old.post(path, {**old.page.fields(), "note": "Terlambat"}, htmx=True)
    assert page.status == 409
    assert "Belum tersimpan" in page.text
    page = old.post(path, {"csrf_token": old.token(), "note": "Terlambat"})
    assert "Terlambat" in page.words()


def test_an_ended_membership_cannot_be_asked_about(siti, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    path = f"/kepesertaan/{cast.siti_at_maju.public_id}"
    assert "Ajukan nonaktif" not in siti.open(path).words()
    page = siti.post(f"{path}/ajukan", {"csrf_token": siti.token()})
    assert page.status == 409
    assert "sudah dilaporkan berakhir" in page.words()
    assert requests() == []


def test_nor_one_whose_end_is_scheduled(siti, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju, last_day="2026-12-10")
    path = f"/kepesertaan/{cast.siti_at_maju.public_id}/ajukan"
    assert siti.post(path, {"csrf_token": siti.token()}).status == 409
    assert requests() == []


def test_a_draft_is_over_when_the_company_reports_first(siti, ani, cast):
    drafted(siti, cast.siti_at_maju)
    file(ani, cast.maju, cast.siti_at_maju)
    page = siti.send()
    assert page.status == 409
    assert "Kepesertaan Anda sudah dilaporkan berakhir." in page.words()
    words = siti.open(f"/permohonan/{only_case().public_id}").words()
    assert "Kepesertaan Anda di PT Maju Bersama berakhir per 20 November 2026" in words


PAGES = ("", "/simpan", "/periksa", "/formulir", "/tarik")


@pytest.mark.parametrize("page", PAGES)
def test_another_workers_request_is_missing(app, siti, cast, page):
    drafted(siti, cast.siti_at_maju)
    stranger = Clerk(app).is_signed_in_as(account_for(cast.rahmat_at_lain.worker))
    path = f"/permohonan/{only_case().public_id}{page}"
    assert stranger.open(path).status == 404
    assert stranger.post(path, {"csrf_token": stranger.token(), **ANSWERS,
                                "version": "2"}).status == 404
    assert stranger.post(f"/kepesertaan/{cast.siti_at_maju.public_id}/ajukan",
                         {"csrf_token": stranger.token()}).status == 404
    assert only_request().state == "DRAF"
