"""The branch decides: one of several at once, and nothing typed is lost."""

from datetime import timedelta

import pytest
import time_machine

from tests.desk.matters import (
    MAKERS,
    VERDICT,
    asked,
    corrected,
    escalated,
    fresh,
    objected,
    objection_about,
    recorded,
    reported,
    url,
)
from tests.page import Clerk, authenticator_code, in_parallel
from webapp import clock
from webapp.cases import service as cases
from webapp.deactivation import service as deactivations
from webapp.desk import service
from webapp.desk.decisions import DECISIONS
from webapp.models.cases import Case, DeactivationRequest, Objection, Statement
from webapp.models.deactivations import Correction, Deactivation
from webapp.models.messages import Message
from webapp.models.people import Session
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership
from webapp.objections import service as objections
from webapp.objections.queries import deactivation_about
from webapp.parameters import rules_on
from webapp.requests import service as requests
from webapp.requests.queries import request_of

# kind, what the button sends, the state it leads to, words on the page
EVERY_DECISION = [
    ("permohonan", "tolak", "DITOLAK", "Dewi Anggraini menolak permohonannya"),
    ("sanggahan", "kabulkan", "DIPULIHKAN", "Dewi Anggraini mengabulkan sanggahannya"),
    ("sanggahan", "tolak", "DITEGUHKAN", "Dewi Anggraini tidak mengabulkan sanggahannya"),
    ("koreksi", "kabulkan", "DISETUJUI", "Dewi Anggraini membatalkan laporannya"),
    ("koreksi", "tolak", "DITOLAK", "Dewi Anggraini tidak mengubah laporannya")]
TABLES = {"permohonan": DeactivationRequest, "sanggahan": Objection, "koreksi": Correction}


@pytest.fixture
def fajar(app, cast):
    """Manager Fajar."""
    return Clerk(app).is_signed_in_as(cast.fajar)


def decide(one, case, choice, verdict=VERDICT):
    one.open(url(case))
    return one.send(form="#deciding", putusan=choice, verdict=verdict)


def told():
    """(kind, channel) of what was written to anybody about cases, oldest first."""
    return [(row.kind, row.channel) for row in
            Message.select().where(Message.kind.startswith("case:")).order_by(Message.id)]


@pytest.mark.parametrize(("kind", "choice", "state", "words"), EVERY_DECISION)
def test_decided_it_says_so_and_the_case_is_over(cast, dewi, kind, choice, state, words):
    case = MAKERS[kind](cast)
    page = decide(dewi, case, choice)
    assert page.path == url(case)
    assert words in page.words(".notice")
    assert VERDICT in page.words(".notice")
    assert not page.select("#deciding, #answering, form[action$='/ambil']")
    matter = TABLES[kind].get()
    assert matter.state == state
    assert (fresh(case).holder, fresh(case).owner) == (None, cast.dewi)
    assert "Antrean kosong" in dewi.open("/cabang").words()


def test_granting_restores_the_membership_and_all_are_told(cast, dewi):
    decide(dewi, objected(cast), "kabulkan")
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "AKTIF"
    assert Deactivation.get().state == "DIPULIHKAN"
    assert told()[-4:] == [("case:objection granted", "sms"), ("case:objection granted", "email"),
                           ("case:objection granted", "email"),
                           ("case:objection granted", "email")]
    (actor, _, _), = recorded("objection:granted")
    assert actor == cast.dewi.public_id


def test_turned_down_the_report_stands(cast, dewi):
    decide(dewi, objected(cast), "tolak")
    assert Deactivation.get().state == "BERLAKU"
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "NONAKTIF"


def test_a_correction_takes_the_report_back(cast, dewi):
    decide(dewi, corrected(cast), "kabulkan")
    assert Deactivation.get().state == "DIBATALKAN"
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "AKTIF"


@pytest.mark.parametrize(("kind", "choice"), [row[:2] for row in EVERY_DECISION])
def test_a_decision_needs_a_reason(cast, dewi, kind, choice):
    case = MAKERS[kind](cast)
    page = decide(dewi, case, choice, "  ")
    assert page.status == 422
    assert page.errors() == {"verdict": "Tulis alasan putusan Anda."}
    assert page.select("title")[0].text.startswith("Keliru: ")
    assert fresh(case).holder == "branch"


def test_a_decision_that_is_none_is_missing(cast, dewi):
    case = objected(cast)
    assert decide(dewi, case, "nonaktifkan").status == 404
    assert decide(dewi, case, "x").status == 404
    assert fresh(case).holder == "branch"


# The company did not answer


def test_what_follows_is_said_before_the_branch_ends_it(cast, dewi):
    case = escalated(cast)
    dewi.open(url(case))
    page = dewi.open(url(case) + "/nonaktifkan")
    words = page.words()
    assert ("Anda akan menonaktifkan Siti Rahayu di PT Maju Bersama mulai 10 November 2026 karena "
            "mengundurkan diri.") in words
    assert "Jaminan hari tua (JHT) bisa diajukan mulai 10 Desember 2026" in words
    assert "Lewat dari 7 hari kerja" in words
    assert [button.text for button in page.select("main button")] == ["Nonaktifkan Siti Rahayu"]
    assert DeactivationRequest.get().state == "ESKALASI_CABANG"


def end(one, case):
    one.open(url(case) + "/nonaktifkan")
    return one.send()


def test_the_branch_ends_it_with_a_receipt_that_verifies(cast, dewi):
    page = end(dewi, escalated(cast))
    assert "Dewi Anggraini menonaktifkan kepesertaannya" in page.words(".notice")
    assert DeactivationRequest.get().state == "SELESAI"
    assert Deactivation.get().branch == cast.dewi.branch
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "NONAKTIF"
    link, = page.tree.xpath("//main//a[contains(@href, '/periksa/')]/@href")
    assert "Berlaku" in dewi.open(link).words()


def test_ending_it_twice_gives_one_receipt(cast, dewi):
    case = escalated(cast)
    dewi.open(url(case) + "/nonaktifkan")
    fields, path = dewi.page.fields(), dewi.page.action()
    for _ in range(2):
        page = dewi.post(path, fields)
        assert page.path == url(case)
        assert "menonaktifkan kepesertaannya" in page.words(".notice")
    assert Receipt.select().count() == Deactivation.select().count() == 1


def test_the_company_was_faster_and_the_branch_is_told(cast, dewi, now):
    case = escalated(cast)
    dewi.open(url(case) + "/nonaktifkan")
    reported(cast)
    page = dewi.send()
    assert page.status == 409
    assert "Ani Wulandari menonaktifkan kepesertaannya" in page.words()
    assert Receipt.select().count() == 1


def test_an_outdated_page_ends_nothing(cast, dewi):
    case = escalated(cast)
    dewi.open(url(case) + "/nonaktifkan")
    Case.update(version=Case.version + 1).execute()
    page = dewi.send()
    assert (page.status, page.heading) == (409, "Kasus ini sudah berubah")
    assert not Deactivation.select().exists()


def test_an_officer_who_has_it_not_ends_nothing(cast, dewi, eka):
    case = escalated(cast)
    dewi.open(url(case) + "/nonaktifkan")
    cases.take(case, cast.eka, clock.now())
    page = dewi.send()
    assert page.status == 409
    assert page.heading == "Kasus ini dipegang Eka Prasetya"
    assert not Deactivation.select().exists()


# Two at once


@pytest.mark.parametrize(("kind", "choice"), [row[:2] for row in EVERY_DECISION])
def test_pressed_twice_it_is_decided_once(cast, dewi, kind, choice):
    case = MAKERS[kind](cast)
    dewi.open(url(case))
    fields = {**dewi.page.fields("#deciding"), "putusan": choice, "verdict": VERDICT}
    messages = []
    for _ in range(2):
        assert dewi.post(url(case), fields).path == url(case)
        messages.append(Message.select().count())
    assert messages[0] == messages[1]


@pytest.mark.parametrize("kind", MAKERS)
def test_who_comes_second_sees_both_versions(cast, dewi, eka, kind):
    case = MAKERS[kind](cast)
    dewi.open(url(case))
    stale = dewi.page
    decide(eka, case, "tolak", "Dokumen perusahaan lengkap.")
    dewi.page = stale
    page = dewi.send(form="#deciding", putusan=DECISIONS[kind][0].code, verdict=VERDICT)
    assert page.status == 409
    assert page.heading == "Kasus ini sudah berubah"
    assert "Eka Prasetya" in page.words(".notice")
    assert "22 November 2026 pukul 13.3" in page.words(".notice")
    assert "Dokumen perusahaan lengkap." in page.words(".notice")
    assert page.select("textarea[readonly]")[0].text_content().strip() == VERDICT
    assert len(recorded("case:taken")) == 0
    row = TABLES[kind].get()
    assert (row.answered_by if kind == "permohonan" else row.decided_by) == cast.eka


def test_the_answer_of_another_is_no_answer_of_ones_own(cast, dewi, eka):
    case = objected(cast)
    dewi.open(url(case))
    stale = dewi.page
    decide(eka, case, "tolak", VERDICT)
    dewi.page = stale
    assert dewi.send(form="#deciding", putusan="tolak", verdict=VERDICT).status == 409


def test_forty_at_once_make_one_decision(app, cast, dewi, eka, fajar):
    case, people = objected(cast), (dewi, eka, fajar)
    fields = []
    for one in people:
        one.open(url(case))
        fields.append(one.page.fields("#deciding"))
    cookies = [one.browser.get_cookie("purna").value for one in people]

    def press(number):
        one, who = Clerk(app), number % 3
        one.browser.set_cookie("purna", cookies[who])
        return one.browser.post(url(case), data={
            **fields[who], "putusan": ("kabulkan", "tolak", "tolak")[who],
            "verdict": f"Putusan {who}"}).status_code

    statuses = in_parallel(press, 40)
    assert set(statuses) == {303, 409}
    row = Objection.get()
    assert row.verdict == f"Putusan {(cast.dewi, cast.eka, cast.fajar).index(row.decided_by)}"
    assert len(recorded("objection:granted") + recorded("objection:turned down")) == 1
    assert (row.state == "DIPULIHKAN") == (Deactivation.get().state == "DIPULIHKAN")


def test_a_decision_on_an_older_thread_is_asked_for_again_and_keeps_the_reason(cast, dewi, now):
    case = objected(cast)
    dewi.open(url(case))
    objections.answer(objection_about(case), "worker", cast.siti, "Ini slip gaji saya.", now)
    page = dewi.send(form="#deciding", putusan="tolak", verdict=VERDICT)
    assert page.status == 409
    assert "Ini slip gaji saya." in page.words()
    assert VERDICT in page.words()
    assert Objection.get().state == "DIAJUKAN"
    page = dewi.open(url(case))
    assert page.fields("#deciding")["verdict"].strip() == VERDICT
    assert dewi.send(form="#deciding", putusan="tolak").path == url(case)
    assert Objection.get().state == "DITEGUHKAN"


def test_what_worker_or_company_did_first_is_told(cast, dewi, now):
    case = objected(cast)
    dewi.open(url(case))
    objection = objection_about(case)
    objections.withdraw(objection, cast.siti, version=objection.version, now=now)
    page = dewi.send(form="#deciding", putusan="kabulkan", verdict=VERDICT)
    assert page.status == 409
    assert "Siti Rahayu menarik sanggahannya" in page.words(".notice")
    assert VERDICT in page.words()


@pytest.mark.parametrize(("make", "words"), [
    (objected, "Ani Wulandari membatalkan laporannya sendiri"),
    (corrected, "Ani Wulandari membatalkan laporannya sendiri")])
def test_the_company_took_the_report_back_itself(cast, dewi, make, words, now):
    case = make(cast)
    dewi.open(url(case))
    report = Deactivation.get()
    Deactivation.update(filed_at=now).execute()
    report.filed_at = now
    deactivations.undo(report, cast.ani, reason="Salah orang", company=cast.maju,
                       rules=rules_on(clock.day_of(now)), now=now)
    page = dewi.send(form="#deciding", putusan="tolak", verdict=VERDICT)
    assert page.status == 409
    assert words in page.words(".notice")
    assert words in dewi.open(url(case)).words()


def test_a_correction_that_an_objection_overtook_is_not_the_companys_doing(cast, dewi, now):
    correction = corrected(cast)
    report = deactivation_about(cast.siti_at_maju, Deactivation.get().public_id)
    begun = objections.begin(report, Membership.get_by_id(cast.siti_at_maju.id), cast.siti, now)
    objections.send(begun, cast.siti, version=begun.version, reason="Bukan saya yang berhenti.",
                    rules=rules_on(clock.day_of(now)), now=now)
    case = Case.get(Case.kind == "sanggahan")
    assert decide(dewi, case, "kabulkan").path == url(case)
    words = dewi.open(url(correction)).words()
    assert "Tidak perlu lagi" in words
    assert "Dibatalkan perusahaan" not in words


def test_a_request_that_was_withdrawn_says_so(cast, dewi, now):
    case = escalated(cast)
    dewi.open(url(case))
    request = request_of(case)
    requests.withdraw(request, cast.siti, version=request.version, now=now)
    page = dewi.send(form="#deciding", putusan="tolak", verdict=VERDICT)
    assert page.status == 409
    assert "Siti Rahayu menarik permohonannya" in page.words(".notice")


@pytest.mark.parametrize("kind", MAKERS)
def test_what_a_colleague_has_taken_is_decided_by_that_one(cast, dewi, kind, now):
    case = MAKERS[kind](cast)
    dewi.open(url(case))
    cases.take(case, cast.eka, now)
    page = dewi.send(form="#deciding", putusan="tolak", verdict=VERDICT)
    assert page.status == 409
    assert page.heading == "Kasus ini dipegang Eka Prasetya"
    assert VERDICT in page.words()
    page = dewi.open(url(case))
    assert "Dipegang Eka Prasetya" in page.words()
    assert not page.select("#deciding")
    assert fresh(case).holder == "branch"


def test_nobody_decides_about_a_report_of_their_own(cast, dewi, eka):
    end(dewi, escalated(cast))     # Dewi ended it at the branch, and Siti objects
    report = Deactivation.get()
    report.membership.company, now = cast.maju, clock.now()
    objection = objections.begin(report, report.membership, cast.siti, now)
    objections.send(objection, cast.siti, version=objection.version, reason="Bukan saya.",
                    rules=rules_on(clock.day_of(now)), now=now)
    case = Case.get(Case.kind == "sanggahan")
    page = dewi.open(url(case))
    assert "Laporan ini Anda sendiri yang membuat" in page.words()
    assert not page.select("#deciding")
    page = dewi.post(url(case), {"csrf_token": dewi.token(), "version": case.version,
                                 "putusan": "tolak", "verdict": VERDICT})
    assert (page.status, page.heading) == (403, "Laporan ini Anda sendiri yang membuat")
    assert cases.typed_in(case, cast.dewi) == {"verdict": [VERDICT]}
    assert Objection.get().state == "DIAJUKAN"
    assert decide(eka, case, "tolak").path == url(case)


# Proven lately, and nothing lost


@pytest.mark.parametrize("kind", MAKERS)
def test_deciding_wants_a_fresh_proof_and_keeps_what_was_written(cast, dewi, kind):
    case = MAKERS[kind](cast)
    Session.update(factor_at=clock.now() - timedelta(minutes=6)).execute()
    page = decide(dewi, case, "tolak")
    assert page.path.startswith("/buktikan")
    assert fresh(case).holder == "branch"
    with time_machine.travel("2026-11-22T06:33:00Z"):
        page = dewi.send(code=authenticator_code("dewi@cabang.example"))
    assert page.path.startswith(url(case))
    assert page.fields("#deciding")["verdict"].strip() == VERDICT


def test_ending_wants_one_too(cast, dewi):
    case = escalated(cast)
    Session.update(factor_at=clock.now() - timedelta(minutes=6)).execute()
    assert end(dewi, case).path.startswith("/buktikan")
    assert not Deactivation.select().exists()


def test_what_is_kept_waits_on_another_computer(app, cast, dewi):
    case = objected(cast)
    dewi.open(url(case))
    path = url(case) + "/simpan"
    page = dewi.post(path, {**dewi.page.fields("#deciding"), "verdict": "Setengah jadi"})
    assert "Tersimpan" in page.words(".notice")
    page = dewi.post(path, {**page.fields("#answering"), "answer": "Pertanyaan"})
    other = Clerk(app).is_signed_in_as(cast.dewi)
    page = other.open(url(case))
    assert page.fields("#deciding")["verdict"].strip() == "Setengah jadi"
    assert page.fields("#answering")["answer"].strip() == "Pertanyaan"
    assert Clerk(app).is_signed_in_as(cast.eka).open(url(case)).fields(
        "#deciding")["verdict"].strip() == ""


def test_htmx_keeps_it_while_it_is_typed(cast, dewi):
    case = objected(cast)
    fields = dewi.open(url(case)).fields("#deciding")
    page = dewi.post(url(case) + "/simpan", {**fields, "verdict": "Sete"}, htmx=True)
    assert page.status == 200
    assert "Tersimpan 22 November 2026" in page.words("#saved-verdict")
    assert cases.typed_in(case, cast.dewi) == {"verdict": ["Sete"]}


def test_only_what_the_forms_ask_for_is_kept(cast, dewi):
    case = objected(cast)
    service.keep(case, cast.dewi, {"verdict": "a", "csrf_token": "b", "x": "c"}, clock.now())
    assert cases.typed_in(case, cast.dewi) == {"verdict": ["a"]}


@pytest.mark.parametrize(("form", "field"), [("#deciding", "verdict"), ("#answering", "answer")])
def test_a_form_of_an_ended_session_comes_back_with_what_was_written(cast, dewi, form, field):
    case = objected(cast)
    dewi.open(url(case))
    page = dewi.send(form=form, csrf_token="stale", putusan="tolak", **{field: VERDICT})
    assert page.fields(form)[field].strip() == VERDICT
    assert fresh(case).holder == "branch"


# Writing


def test_the_branch_writes_and_both_sides_are_told(cast, dewi):
    case = objected(cast)
    dewi.open(url(case))
    number = Message.select().count()
    page = dewi.send(form="#answering", answer="Ani, mohon lampirkan surat pengunduran dirinya.")
    assert page.path == url(case)
    assert "Kantor cabang, 22 November 2026" in page.words("#thread")
    row = Statement.get()
    assert (row.side, row.author) == ("branch", cast.dewi)
    assert {kind for kind, _ in told()[-3:]} == {"case:objection answered"}
    assert Message.select().count() > number
    assert len(recorded("objection:answered")) == 1


def test_an_empty_answer_says_so_and_one_that_comes_too_late_is_kept(cast, dewi, eka):
    case = objected(cast)
    dewi.open(url(case))
    stale = dewi.page
    assert dewi.send(form="#answering").errors() == {"answer": "Tulis jawaban Anda."}
    decide(eka, case, "tolak")
    dewi.page = stale
    page = dewi.send(form="#answering", answer="Terlambat menulis.")
    assert page.status == 409
    assert "Terlambat menulis." in page.words()
    assert not Statement.select().exists()


def test_writing_leaves_a_half_written_reason_alone(cast, dewi):
    case = objected(cast)
    dewi.open(url(case))
    dewi.post(url(case) + "/simpan", {**dewi.page.fields("#deciding"), "verdict": "Setengah"})
    page = dewi.send(form="#answering", answer="Mohon dokumennya.")
    assert page.fields("#deciding")["verdict"].strip() == "Setengah"
    assert page.fields("#answering")["answer"].strip() == ""


def test_the_branch_writes_not_without_end_and_what_was_written_is_kept(cast, dewi):
    case = objected(cast)
    dewi.open(url(case))
    for number in range(20):
        assert dewi.send(form="#answering", answer=f"Mohon dokumen {number}.").path == url(case)
    page = dewi.send(form="#answering", answer="Mohon dokumen lagi.")
    assert (page.status, Statement.select().count()) == (429, 20)
    assert dewi.open(url(case)).fields("#answering")["answer"].strip() == "Mohon dokumen lagi."


def test_only_in_an_objection_the_branch_writes(cast, dewi):
    case = asked(cast).case
    assert dewi.post(url(case) + "/jawab", {"csrf_token": dewi.token(), "answer": "x"}
                     ).status == 404
