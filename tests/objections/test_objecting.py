"""Sanggah: what the worker sees and does, from the notice to the decision."""

import pytest
import time_machine

from tests.objections.objecting import REASON, begin, only_case, only_objection, sent
from tests.page import Clerk, file
from tests.people import account_for
from webapp import audit, clock
from webapp.deactivation import service as deactivations
from webapp.models.audit import AuditEntry
from webapp.models.cases import Objection, Statement
from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.messages import Message
from webapp.models.workers import Membership
from webapp.objections import service
from webapp.parameters import rules_on


def begin_path(cast):
    return (f"/kepesertaan/{cast.siti_at_maju.public_id}/sanggah/"
            f"{Deactivation.get().public_id}")


def test_the_notice_leads_to_the_draft_and_a_second_press_to_the_same(siti, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    siti.open("/beranda")
    page = siti.send("main form[action*='/sanggah/']")
    assert page.heading == "Sanggah"
    assert "PT Maju Bersama melaporkan Anda berhenti bekerja per 20 November 2026" in page.words()
    assert "Kirim paling lambat 6 Desember 2026" in page.words()
    path = page.path
    assert siti.post(begin_path(cast), {"csrf_token": siti.token()}).path == path
    assert Objection.select().count() == 1
    assert "Sanggahan Anda belum dikirim" in siti.open("/beranda").words()
    assert Deactivation.get().state == "BERLAKU"


def test_the_way_back_from_signing_in_is_the_membership(siti, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    assert siti.open(begin_path(cast)).heading == "PT Maju Bersama"
    assert Objection.select().count() == 0


@pytest.mark.parametrize(("reason", "sentence"), [
    ("", "Tulis apa yang keliru."),
    ("Ini salah.", "Jelaskan sedikit lagi, paling sedikit 20 huruf."),
    ("x" * 19, "Jelaskan sedikit lagi, paling sedikit 20 huruf."),
    ("x" * 2001, "Terlalu panjang 1 huruf. Paling banyak 2000 huruf."),
])
def test_the_reason_must_say_something(siti, ani, cast, reason, sentence):
    begin(siti, ani, cast)
    page = siti.send("#draft", reason=reason)
    assert (page.status, page.errors()) == (422, {"reason": sentence})
    assert only_objection().state == "DRAF"


def test_sending_tells_all_and_whatever_needs_the_report_waits(siti, ani, cast):
    words = sent(siti, ani, cast).words()
    assert "Diperiksa Kantor Cabang Jakarta Selatan" in words
    assert "Putusannya paling lambat 27 November 2026" in words
    assert REASON in words
    assert only_objection().state == "DIAJUKAN"
    assert Deactivation.get().state == "DISANGGAH"
    told = Message.select().where(Message.kind == "case:objection sent")
    assert sorted((row.channel, bool(row.user_id)) for row in told) == [
        ("email", False), ("email", True), ("email", True), ("sms", False)]
    assert "Putusan paling lambat 27 November 2026" in told.where(
        Message.channel == "sms").get().body
    assert AuditEntry.select().where(AuditEntry.kind == "objection:sent").count() == 1
    assert not list(audit.verify())
    page = siti.open(f"/kepesertaan/{cast.siti_at_maju.public_id}")
    assert page.words(".status") == "Disanggah"
    assert "menunggu putusan sanggahan" in page.words()
    assert "bisa diajukan mulai" not in page.words()


def test_pressed_twice_it_is_sent_once(siti, ani, cast):
    begin(siti, ani, cast)
    page = siti.send_again("#draft", reason=REASON)
    assert page.status == 200
    assert REASON in page.words()
    assert Message.select().where(Message.kind == "case:objection sent").count() == 4


def test_another_text_after_it_was_sent_is_shown_and_not_sent(app, siti, ani, cast):
    begin(siti, ani, cast)
    old = Clerk(app).is_signed_in_as(cast.siti)
    old.open(siti.page.path)
    siti.send("#draft", reason=REASON)
    page = old.send("#draft", reason="Sesuatu yang lain sama sekali.")
    assert page.status == 409
    assert "Statusnya sekarang: diperiksa kantor cabang" in page.words()
    assert "Sesuatu yang lain sama sekali." in page.words()
    assert only_objection().reason == REASON


@pytest.mark.parametrize(("moment", "status"), [
    ("2026-12-06T16:59:59Z", 200), ("2026-12-06T17:00:00Z", 409)])
def test_fourteen_days_to_the_end_in_jakarta(app, ani, cast, moment, status):
    file(ani, cast.maju, cast.siti_at_maju)
    with time_machine.travel(moment, tick=False):
        siti = Clerk(app).is_signed_in_as(cast.siti)
        page = siti.post(begin_path(cast), {"csrf_token": siti.token()})
    assert page.status == status
    assert Objection.select().count() == (status == 200)
    if status == 409:
        assert "Laporan ini bisa disanggah sampai 6 Desember 2026" in page.words()


def test_a_draft_that_is_sent_too_late_says_so(app, siti, ani, cast):
    path = begin(siti, ani, cast).path
    with time_machine.travel("2026-12-07T03:00:00Z"):
        siti = Clerk(app).is_signed_in_as(cast.siti)
        assert "Waktu menyanggah sudah lewat" in siti.open(path).words()
        page = siti.send("#draft", reason=REASON)
        assert page.status == 409
        assert "belum dikirim" not in siti.open("/beranda").words()
    assert only_objection().state == "DRAF"
    assert Deactivation.get().state == "BERLAKU"


def test_what_was_taken_back_needs_no_objection(siti, ani, cast):
    file(ani, cast.maju, cast.siti_at_maju)
    undo(cast)
    page = siti.post(begin_path(cast), {"csrf_token": siti.token()})
    assert page.status == 409
    assert "Kepesertaan Anda aktif seperti semula" in page.words()
    assert Objection.select().count() == 0


def undo(cast, reason="Salah pilih nama"):
    """The company takes its report back."""
    deactivation, now = Deactivation.get(), clock.now()
    deactivations.undo(deactivation, cast.ani, reason=reason,
                       company=Company.get_by_id(cast.maju.id),
                       rules=rules_on(clock.day_of(now)), now=now)


def test_a_draft_whose_report_is_taken_back_is_over(siti, ani, cast):
    path = begin(siti, ani, cast).path
    undo(cast)
    page = siti.send("#draft", reason=REASON)
    assert page.status == 409
    assert REASON in page.words()
    assert "tidak jadi dikirim" in siti.open(path).words()


def test_a_company_that_takes_its_report_back_grants_the_objection(siti, ani, cast):
    path = sent(siti, ani, cast).path
    undo(cast)
    words = siti.open(path).words()
    assert "PT Maju Bersama membatalkan laporan itu" in words
    assert "Dengan begitu sanggahan Anda dikabulkan." in words
    words = siti.open(f"/kepesertaan/{cast.siti_at_maju.public_id}").words()
    assert "PT Maju Bersama membatalkan laporan itu" in words
    assert "Salah pilih nama" in words
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "AKTIF"


def test_both_sides_write_in_the_thread_and_beranda_says_so(siti, ani, cast):
    sent(siti, ani, cast)
    service.answer(only_objection(), "company", cast.ani, "Kami periksa dulu.", clock.now())
    page = siti.open("/beranda")
    assert "Ada jawaban tentang sanggahan Anda" in page.words()
    page = siti.open(page.tree.xpath("//a[text()='Baca dan jawab']/@href")[0])
    said = [" ".join(row.text_content().split()) for row in page.select(".thread li")]
    assert said[0].startswith("Anda, 22 November 2026")
    assert said[1].startswith("PT Maju Bersama, 22 November 2026")
    assert said[1].endswith("Kami periksa dulu.")
    page = siti.send("#answer", text="Terima kasih, saya tunggu.")
    assert page.words(".thread li:last-child").endswith("Terima kasih, saya tunggu.")
    assert "Ada jawaban tentang" not in siti.open("/beranda").words()
    told = Message.select().where(Message.kind == "case:objection answered",
                                  Message.user_id.is_null(False))
    assert {row.user_id for row in told} == {cast.ani.id, cast.budi.id}
    assert AuditEntry.select().where(AuditEntry.kind == "objection:answered").count() == 2


def test_an_answer_pressed_twice_is_said_once(siti, ani, cast):
    sent(siti, ani, cast)
    siti.send_again("#answer", text="Satu kali saja.")
    assert Statement.select().count() == 1
    assert Message.select().where(Message.kind == "case:objection answered").count() == 2


def test_with_htmx_the_answer_is_in_what_comes_back(siti, ani, cast):
    path = sent(siti, ani, cast).path
    page = siti.send("#answer", htmx=True, text="Langsung tampak.")
    assert page.words(".thread li:last-child").endswith("Langsung tampak.")
    assert page.fields("#answer")["text"].strip() == ""
    assert page.headers["HX-Push-Url"].endswith(path)


def test_an_empty_answer_is_not_sent(siti, ani, cast):
    sent(siti, ani, cast)
    page = siti.send("#answer", text=" ")
    assert (page.status, page.errors()) == (422, {"text": "Tulis jawaban Anda."})
    assert Statement.select().count() == 0


def test_an_answer_after_the_decision_is_shown_and_not_sent(app, siti, ani, cast):
    path = sent(siti, ani, cast).path
    service.uphold(only_objection(), cast.dewi, case_version=only_case().version,
                   verdict="Surat pengunduran diri ada.", now=clock.now())
    page = siti.send("#answer", text="Masih ada lagi.")
    assert page.status == 409
    assert "Masih ada lagi." in page.words()
    assert Statement.select().count() == 0
    words = siti.open(path).words()
    assert "Sanggahan Anda tidak dikabulkan" in words
    assert "Surat pengunduran diri ada." in words


def test_a_granted_objection_restores_and_says_why(siti, ani, cast):
    path = sent(siti, ani, cast).path
    service.grant(only_objection(), cast.dewi, case_version=only_case().version,
                  verdict="Perusahaan salah orang.", now=clock.now())
    words = siti.open(path).words()
    assert "Sanggahan Anda dikabulkan" in words
    assert "Perusahaan salah orang." in words
    page = siti.open(f"/kepesertaan/{cast.siti_at_maju.public_id}")
    assert page.words(".status") == "Aktif"
    assert "Sanggahan dikabulkan, kepesertaan Anda aktif lagi" in page.words(".timeline")
    assert "Ajukan nonaktif" in page.words()


def test_after_it_was_turned_down_there_is_no_second_objection(siti, ani, cast):
    path = sent(siti, ani, cast).path
    service.uphold(only_objection(), cast.dewi, case_version=only_case().version,
                   verdict="Suratnya ada.", now=clock.now())
    assert "Sanggah" not in siti.open("/beranda").words().replace("Sanggahan", "")
    assert siti.post(begin_path(cast), {"csrf_token": siti.token()}).path == path


def test_withdrawing_lets_the_report_stand_and_tells_the_company(siti, ani, cast):
    path = sent(siti, ani, cast).path
    assert siti.open(f"{path}/tarik").heading == "Tarik sanggahan"
    page = siti.send_again()
    assert "Anda menarik sanggahan ini" in page.words()
    assert (only_objection().state, Deactivation.get().state) == ("DIBATALKAN", "BERLAKU")
    assert Message.select().where(Message.kind == "case:objection withdrawn").count() == 2
    page = siti.open(f"/kepesertaan/{cast.siti_at_maju.public_id}")
    assert "Anda bisa menyanggah sampai 6 Desember 2026" in page.words()
    assert "Ditarik" in page.words()


def test_what_is_typed_on_one_device_waits_on_another(app, siti, ani, cast):
    path = begin(siti, ani, cast).path
    answer = siti.post(f"{path}/simpan", {**siti.page.fields("#draft"), "reason": "Baru separuh"},
                       htmx=True)
    assert answer.words("#kept").startswith("Tersimpan")
    phone = Clerk(app).is_signed_in_as(cast.siti)
    assert phone.open(path).fields("#draft")["reason"].strip() == "Baru separuh"
    phone.send("#draft", reason=REASON)
    phone.post(f"{path}/simpan", {"csrf_token": phone.token(), "text": "Jawaban separuh"})
    assert "Tersimpan." in phone.page.words()
    page = siti.open(path)
    assert page.fields("#answer")["text"].strip() == "Jawaban separuh"


def test_an_old_draft_does_not_overwrite_what_is_typed_in_the_thread(siti, ani, cast):
    path = sent(siti, ani, cast).path
    page = siti.post(f"{path}/simpan", {"csrf_token": siti.token(), "reason": "Lama"}, htmx=True)
    assert page.status == 409
    page = siti.post(f"{path}/simpan", {"csrf_token": siti.token(), "reason": "Lama sekali"})
    assert "Lama sekali" in page.words()


@pytest.mark.parametrize("page", ["", "/simpan", "/jawab", "/tarik"])
def test_another_workers_objection_is_missing(app, siti, ani, cast, page):
    path = sent(siti, ani, cast).path + page
    stranger = Clerk(app).is_signed_in_as(account_for(cast.rahmat_at_lain.worker))
    assert stranger.open(path).status == 404
    assert stranger.post(path, {"csrf_token": stranger.token(), "reason": REASON, "text": "x",
                                "version": "2"}).status == 404
    assert stranger.post(begin_path(cast), {"csrf_token": stranger.token()}).status == 404
    assert only_objection().state == "DIAJUKAN"


def test_a_request_is_no_objection_nor_the_other_way_round(siti, ani, cast):
    number = sent(siti, ani, cast).path.rpartition("/")[2]
    assert siti.open(f"/permohonan/{number}").status == 404


def test_a_scheduled_end_can_be_objected_to(siti, ani, cast):
    words = begin(siti, ani, cast, last_day="2026-12-10").words()
    assert "akan berhenti bekerja per 10 Desember 2026" in words
    siti.send("#draft", reason=REASON)
    assert Deactivation.get().state == "DISANGGAH"


def test_writing_without_end_is_stopped_and_what_was_written_stays(siti, ani, cast):
    sent(siti, ani, cast)
    for number in range(20):
        assert siti.send("#answer", text=f"Sudah dibaca? {number}").status == 200
    told = Message.select().count()
    page = siti.send("#answer", text="Masih ada lagi.")
    assert page.status == 429
    assert "Terlalu banyak percobaan. Tunggu 60 menit, lalu coba lagi." in page.words()
    assert page.fields("#answer")["text"].strip() == "Masih ada lagi."
    assert Statement.select().count() == 20
    assert Message.select().count() == told
    page = ani.open(f"/perusahaan/{cast.maju.public_id}/permohonan/{only_case().public_id}")
    assert ani.send("#answer-form", answer="Kami periksa.").status == 200
    assert Statement.select().count() == 21
