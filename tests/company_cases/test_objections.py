"""An objection before the company: read, answered, agreed with; and what the branch decided."""

from datetime import timedelta

import pytest

from tests.company_cases.asking import dispute, place_of
from tests.page import Clerk
from webapp import clock
from webapp.deactivation import service as deactivations
from webapp.deactivation.queries import filed_of
from webapp.models.audit import AuditEntry
from webapp.models.cases import Objection, Statement
from webapp.models.deactivations import Deactivation
from webapp.models.messages import Message
from webapp.models.workers import Membership
from webapp.objections import service
from webapp.objections.queries import objection_of
from webapp.parameters import rules_on
from webapp.receipts.signing import show_number


def receipt_of(objected, cast):
    return f"/perusahaan/{cast.maju.public_id}/nonaktif/{objected.row.deactivation.public_id}"


def decide(objected, cast, now, act="grant"):
    """The branch decides."""
    objection = objection_of(objected.case.id)
    getattr(service, act)(objection, cast.dewi, case_version=objection.case.version,
                          verdict="Slip gaji November cocok.", now=now)


def test_the_page_shows_the_worker_s_reason_and_what_the_company_can_do(ani, objected):
    page = ani.open(objected.place)
    words = page.words()
    assert page.heading == "Sanggahan Siti Rahayu"
    assert "Saya masih bekerja di sana." in page.words(".thread")
    assert "memutuskan paling lambat 27 November 2026, 5 hari kerja lagi" in words
    assert show_number(objected.row.deactivation.receipt.number) in words
    assert "Batalkan nonaktif Siti Rahayu" in words
    assert page.select("#papers input[type=file]")


def test_an_answer_reaches_the_worker_and_stands_in_the_thread(ani, objected, cast):
    ani.open(objected.place)
    page = ani.send("#answer-form", answer="Ini surat pengunduran dirinya.")
    assert "PT Maju Bersama" in page.words(".thread")
    assert "Ini surat pengunduran dirinya." in page.words(".thread")
    said = Statement.get()
    assert (said.side, said.author, said.text) == (
        "company", cast.ani, "Ini surat pengunduran dirinya.")
    told = {row.channel for row in Message.select().where(Message.kind == "case:objection answered",
                                                          Message.worker.is_null(False))}
    assert told == {"sms", "email"}
    assert page.fields("#answer-form")["answer"].strip() == ""


def test_pressing_twice_says_it_once(ani, objected):
    ani.open(objected.place)
    page = ani.send_again("#answer-form", answer="Ini suratnya.")
    assert (page.status, Statement.select().count()) == (200, 1)
    assert AuditEntry.select().where(AuditEntry.kind == "objection:answered").count() == 1
    ani.open(objected.place)
    ani.send("#answer-form", answer="Dan ini slip gajinya.")
    assert Statement.select().count() == 2


def test_an_empty_answer_is_none(ani, objected):
    ani.open(objected.place)
    page = ani.send("#answer-form", answer=" ")
    assert (page.status, page.errors()) == (422, {"answer": "Tulis jawaban Anda."})
    assert not Statement.select().exists()


def test_an_answer_that_was_not_sent_waits_on_every_browser(app, ani, objected, cast):
    ani.open(objected.place)
    page = ani.post(f"{objected.place}/simpan",
                    {**ani.page.fields("#answer-form"), "answer": "Ini su"})
    assert page.path == f"{objected.place}?tersimpan=y"
    other = Clerk(app).is_signed_in_as(cast.ani)
    assert other.open(objected.place).fields("#answer-form")["answer"].strip() == "Ini su"


def test_an_answer_after_the_decision_is_refused_with_both(ani, objected, cast, now):
    ani.open(objected.place)
    decide(objected, cast, now, "uphold")
    page = ani.send("#answer-form", answer="Ini suratnya.")
    assert (page.status, page.heading) == (409, "Sanggahan ini sudah berubah")
    assert "Kantor cabang tidak mengabulkannya pada 22 November 2026" in page.words()
    assert page.words("main pre") == "Ini suratnya."
    assert not Statement.select().exists()


@pytest.mark.parametrize(("act", "title", "state"), [
    ("grant", "Sanggahan dikabulkan", "DIPULIHKAN"),
    ("uphold", "Sanggahan tidak dikabulkan", "BERLAKU")])
def test_a_decision_stands_there_with_its_reason(ani, objected, cast, now, act, title, state):
    decide(objected, cast, now, act)
    page = ani.open(objected.place)
    assert title in page.words(".notice-title")
    assert "Slip gaji November cocok." in page.words(".notice")
    assert not page.select("#answer-form")
    assert Deactivation.get().state == state


def test_the_worker_took_it_back(ani, objected, cast, now):
    service.withdraw(objected.row, cast.siti, version=objected.row.version, now=now)
    assert "Siti Rahayu menarik sanggahannya" in ani.open(objected.place).words()


def test_the_company_agrees_by_undoing_though_its_own_window_is_over(ani, objected, cast):
    Deactivation.update(filed_at=clock.now() - timedelta(days=12)).execute()
    ani.open(objected.place)
    undo, = ani.page.tree.xpath("//main//a[contains(@href, '/batalkan')]/@href")
    page = ani.open(undo)
    assert "Siti Rahayu menyanggah laporan ini." in page.words()
    assert "selama kantor cabang belum memutuskan" in page.words()
    page = ani.send(reason="Ia benar")
    assert page.heading == "Laporan ini dibatalkan"
    assert Objection.get().state == "DIPULIHKAN"
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "AKTIF"
    words = ani.open(objected.place).words()
    assert "Laporan itu sudah dibatalkan" in words
    assert "Ani Wulandari membatalkan laporannya" in words


@pytest.mark.parametrize(("act", "words"), [
    ("grant", "mengabulkan sanggahannya. Kepesertaannya sudah aktif lagi."),
    ("uphold", "tidak mengabulkan sanggahannya. Laporan ini tetap berlaku.")])
def test_undoing_after_the_decision_is_refused_with_both(ani, objected, cast, now, act, words):
    Deactivation.update(filed_at=clock.now() - timedelta(days=12)).execute()
    ani.open(f"{receipt_of(objected, cast)}/batalkan")
    decide(objected, cast, now, act)
    page = ani.send(reason="Kami keliru")
    assert (page.status, page.heading) == (409, "Kantor cabang sudah memutuskan")
    assert words in page.words()
    assert "Slip gaji November cocok." in page.words()
    assert page.words("main pre") == "Kami keliru"
    assert Deactivation.get().undone_at is None


def test_what_was_upheld_between_reading_and_writing_is_not_undone(objected, cast, now):
    Deactivation.update(filed_at=clock.now() - timedelta(days=12)).execute()
    read_before = filed_of.one(cast.maju, objected.row.deactivation.public_id)
    decide(objected, cast, now, "uphold")
    with pytest.raises(deactivations.TooLate):
        deactivations.undo(read_before, cast.ani, reason="Kami keliru", company=cast.maju,
                           rules=rules_on(clock.today()), now=now)
    assert (Deactivation.get().state, Objection.get().state) == ("BERLAKU", "DITEGUHKAN")


def test_every_page_of_a_disputed_report_says_so_and_leads_there(ani, visitor, objected, cast):
    Deactivation.update(filed_at=clock.now() - timedelta(days=12)).execute()
    receipt = ani.open(receipt_of(objected, cast))
    assert receipt.heading == "Laporan ini disanggah"
    assert objected.place in receipt.tree.xpath("//main//a/@href")
    number = receipt.words(".receipt-number")
    workers = f"/perusahaan/{cast.maju.public_id}/tenaga-kerja"
    worker = ani.open(f"{workers}/{cast.siti_at_maju.public_id}")
    assert "Laporan ini disanggah" in worker.words()
    assert objected.place in worker.tree.xpath("//main//a/@href")
    assert "Batalkan nonaktif" in ani.open(f"{workers}?status=nonaktif").words()
    check = visitor.open(f"/periksa/{number}")
    assert "Laporan ini sedang disanggah" in check.words()


def test_every_page_of_a_restored_one_says_so_too(ani, visitor, objected, cast, now):
    decide(objected, cast, now)
    receipt = ani.open(receipt_of(objected, cast))
    assert receipt.heading == "Kepesertaan dipulihkan"
    assert "tidak berlaku" in receipt.words(".lead")
    assert objected.place in receipt.tree.xpath("//main//a/@href")
    worker = ani.open(f"/perusahaan/{cast.maju.public_id}/tenaga-kerja/"
                      f"{cast.siti_at_maju.public_id}")
    assert "Kepesertaan dipulihkan" in worker.words()
    assert "Nonaktifkan Siti Rahayu" in worker.words()
    check = visitor.open(f"/periksa/{receipt.words('.receipt-number')}")
    assert check.heading == "Tanda terima ini asli, tetapi tidak berlaku lagi"
    assert "kantor cabang mengabulkan" in check.words()
    undo = ani.open(f"{receipt_of(objected, cast)}/batalkan")
    assert undo.heading == "Kepesertaannya sudah dipulihkan"


def test_an_upheld_one_stands_and_says_that_it_was_disputed(ani, objected, cast, now):
    decide(objected, cast, now, "uphold")
    page = ani.open(receipt_of(objected, cast))
    assert page.heading == "Selesai"
    assert "tidak dikabulkan. Laporan ini tetap berlaku." in page.words()


def test_another_company_sees_nothing_of_it(citra, objected, cast):
    assert citra.open(objected.place).status == 404
    for act in ("jawaban", "simpan"):
        page = citra.post(f"{objected.place}/{act}", {"csrf_token": citra.token(), "answer": "x"})
        assert page.status == 404
    assert not Statement.select().exists()


def test_acts_of_requests_are_missing_here(ani, objected):
    token = ani.token()
    for act in ("setujui", "tolak", "konfirmasi"):
        assert ani.post(f"{objected.place}/{act}", {"csrf_token": token}).status == 404


def test_what_was_begun_and_not_sent_is_not_shown(ani, cast, now):
    objection = dispute(cast, now)
    Objection.update(state="DRAF", asked_at=None).execute()
    assert ani.open(place_of(objection.case, cast.maju)).status == 404
