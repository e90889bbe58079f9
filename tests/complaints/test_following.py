"""Following a ticket: with the account, or with number and letters."""

import pytest
import time_machine

from tests.complaints.complaining import complain, files, only_complaint
from tests.page import in_parallel
from webapp import clock
from webapp.complaint_desk import service as desk
from webapp.complaints import retention, service
from webapp.complaints.queries import complaint_in
from webapp.documents import store
from webapp.models.audit import AuditEntry
from webapp.models.blocks import AWAITING_REPORTER, GRANTED, REVIEWED, Complaint
from webapp.models.cases import Case, Paper, Statement
from webapp.models.documents import Document
from webapp.models.messages import Message

QUESTION = "Kapan terakhir kali Anda masuk?"


def asked(by):
    """The branch asks about the only complaint."""
    complaint = complaint_in(Case.get())
    desk.ask(complaint, by, QUESTION, version=complaint.case.version, now=clock.now())
    return complaint_in(complaint.case)


def track(clerk, complaint, secret=None):
    clerk.open("/pengaduan/lacak")
    return clerk.send(number=complaint.case.number, secret=secret or complaint.secret)


def test_number_and_letters_open_the_thread_and_take_an_answer(visitor, cast):
    complain(visitor)
    complaint = asked(cast.dewi)
    page = track(visitor, complaint)
    for words in (QUESTION, "Kami bertanya kepada Anda", "4 Desember 2026"):
        assert words in page.words()
    page = visitor.post("/pengaduan/lacak/jawab", page.fields() | {
        "text": "Hari Senin pagi.", "files": files("red")})
    assert "Jawaban Anda terkirim" in page.words()
    complaint = complaint_in(complaint.case)
    assert (complaint.state, complaint.case.holder, str(complaint.case.due_on)) == (
        REVIEWED, "branch", "2026-11-27")
    assert [(row.side, row.author, row.text) for row in Statement.select().order_by(
        Statement.id)] == [("branch", cast.dewi, QUESTION), ("worker", None, "Hari Senin pagi.")]
    assert Paper.select().count() == 1


def test_whichever_is_wrong_the_answer_is_the_same(visitor):
    complain(visitor)
    complaint = only_complaint()
    wrong = track(visitor, complaint, "ABCDEFGH")
    visitor.open("/pengaduan/lacak")
    missing = visitor.send(number="ZZZZ-ZZZZ-ZZZ", secret=complaint.secret)
    assert wrong.status == missing.status == 422
    assert wrong.words(".error-summary") == missing.words(".error-summary")


def test_letters_do_not_open_what_belongs_to_an_account(siti, visitor):
    complain(siti)
    assert track(visitor, only_complaint()).status == 422


def test_guessing_is_slowed(visitor):
    complain(visitor)
    complaint = only_complaint()
    statuses = [track(visitor, complaint, "ABCDEFGH").status for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_an_account_answers_in_its_own_page_and_adds_papers(siti, cast):
    complain(siti)
    complaint = asked(cast.dewi)
    here = f"/pengaduan/{complaint.case.public_id}"
    assert "bertanya tentang pengaduan Anda" in siti.open("/beranda").words()
    siti.open(here)
    siti.send("#answer", text="Hari Senin pagi.")
    assert complaint_in(complaint.case).state == REVIEWED
    siti.open(here)
    page = siti.send("#papers form", kind="KTP", file=files("blue")[0])
    assert page.path.startswith(here)
    assert "KTP" in page.words("#papers-list")
    paper = Paper.get()
    answer = siti.browser.get(f"{here}/berkas/{paper.public_id}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    fields = {"csrf_token": siti.token()}
    assert siti.post(f"{here}/berkas/{paper.public_id}/hapus", fields).status == 409
    assert "bertanya tentang pengaduan Anda" not in siti.open("/beranda").words()


def test_another_persons_ticket_and_papers_are_missing(siti, ani, citra, cast):
    complain(siti, files=files("red"))
    here = f"/pengaduan/{Case.get().public_id}"
    for clerk in (ani, citra):
        for path in (here, f"{here}/jawab", f"{here}/berkas",
                     f"{here}/berkas/{Paper.get().public_id}"):
            assert clerk.open(path).status == 404, path


def test_an_employer_complains_and_is_called_pelapor(ani, dewi, cast):
    complain(ani, files=files("red"))
    page = ani.open(f"/pengaduan/{Case.get().public_id}")
    assert "Anda" in page.words("#papers-list")
    assert "Pelapor" in dewi.open(f"/cabang/pengaduan/{Case.get().public_id}").words("#papers-list")


def test_eight_presses_of_one_answer_are_one(siti, cast):
    complain(siti)
    complaint, now = asked(cast.dewi), clock.now()
    in_parallel(lambda _: service.answer(complaint, cast.siti, "Senin.", [], now), 8)
    assert Statement.select().where(Statement.side == "worker").count() == 1
    assert Complaint.get().state == REVIEWED


def test_the_same_words_with_another_file_add_the_file(siti):
    complain(siti)
    here = f"/pengaduan/{Case.get().public_id}"
    page = siti.open(here)
    for colour in ("red", "blue", "blue"):
        siti.post(f"{here}/jawab", page.fields("#answer") | {
            "text": "Ini fotonya.", "files": files(colour)})
    assert Statement.select().where(Statement.side == "worker").count() == 1
    assert (Paper.select().count(), Document.select().count()) == (2, 2)


def test_no_answer_in_time_and_the_branch_goes_on(siti, cast):
    complain(siti)
    asked(cast.dewi)
    with time_machine.travel("2026-12-04T16:59:00Z"):
        assert service.return_unanswered(clock.now()) == 0
        assert Complaint.get().state == AWAITING_REPORTER
    with time_machine.travel("2026-12-04T17:01:00Z"):
        assert service.return_unanswered(clock.now()) == 1
        assert service.return_unanswered(clock.now()) == 0
    assert (Complaint.get().state, Case.get().holder, str(Case.get().due_on)) == (
        REVIEWED, "branch", "2026-12-11")
    assert Message.select().where(Message.kind == "case:complaint unanswered").count() == 1


def decided(by):
    complaint = complaint_in(Case.get())
    desk.decide(complaint, by, GRANTED, "Anda benar.", version=complaint.case.version,
                now=clock.now())


def test_what_is_decided_takes_no_answer_and_keeps_what_was_typed(siti, cast):
    complain(siti)
    here = f"/pengaduan/{Case.get().public_id}"
    fields = siti.open(here).fields("#answer")
    decided(cast.dewi)
    page = siti.post(f"{here}/jawab", fields | {"text": "Masih ada lagi."})
    assert page.status == 409
    assert "Masih ada lagi." in page.text
    assert "Anda benar." in siti.open(here).words()


def test_a_visitors_ticket_is_erased_as_a_whole_when_its_time_is_over(visitor, siti, cast):
    complain(siti)
    decided(cast.dewi)
    kept = Case.get()
    complain(visitor, files=files("red"))
    complaint = Complaint.get(Complaint.user.is_null())
    desk.decide(complaint_in(complaint.case), cast.dewi, GRANTED, "Ya.", now=clock.now(),
                version=complaint.case.version)
    document = Document.get()
    with time_machine.travel("2028-11-22T06:30:00Z"):
        now = clock.now()
        assert sum(in_parallel(lambda _: retention.erase_old(now, now), 8)) == 1
    assert AuditEntry.select().where(AuditEntry.kind == "complaint:erased").count() == 1
    assert [row.case for row in Complaint.select()] == [kept]
    assert Document.select().count() == 0
    with pytest.raises(FileNotFoundError):
        store.get(document)
    assert not Message.select().where(Message.about == complaint.case.public_id,
                                      Message.recipient_sealed.is_null(False)).exists()


def test_it_is_part_of_what_is_held_about_a_person(siti, cast):
    complain(siti)
    asked(cast.dewi)
    page = siti.open("/profil/data")
    siti.post("/profil/data", page.fields())
    held = siti.page.response.get_json()["pengaduan"]
    assert held[0]["percakapan"][0]["isi"] == QUESTION
    assert held[0]["keadaan"] == "MENUNGGU_PELAPOR"


def test_closing_the_account_names_it_and_keeps_it(siti, cast):
    complain(siti)
    assert "Pengaduan Anda “Pelayanan kantor cabang”" in siti.open("/tutup-akun").words()
    assert siti.open("/profil").select("main a[href='/pengaduan']")
