"""Pengaduan at the desk: taken, asked back, decided; about a block by an uninvolved manager."""

import json
from datetime import timedelta

import pytest

from tests.blocks.managers import blocked, manager
from tests.complaints.complaining import STORY, complain, files, only_complaint
from tests.page import Clerk, in_parallel
from tests.people import with_phone
from webapp import clock
from webapp.blocks import service as blocks
from webapp.cases.service import CaseChanged, TakenByColleague
from webapp.complaint_desk import service
from webapp.complaints.queries import branch_to_judge, complaint_in
from webapp.models.audit import AuditEntry
from webapp.models.blocks import (
    AWAITING_REPORTER,
    ENDED,
    GRANTED,
    IN_FORCE,
    RECEIVED,
    REFUSED,
    REVIEWED,
    Block,
    Complaint,
)
from webapp.models.branches import HEAD_OFFICE
from webapp.models.cases import Case, Statement
from webapp.models.messages import Message
from webapp.models.people import ACTIVE, BLOCKED, User

VERDICT = "Kami sudah memeriksa kartu Anda. Datanya benar."


def here():
    return f"/cabang/pengaduan/{Case.get(Case.kind == 'pengaduan').public_id}"


def decide(clerk, putusan, verdict=VERDICT):
    clerk.open(here())
    return clerk.send("#deciding", putusan=putusan, verdict=verdict)


def told():
    return Message.select().where(Message.kind == "case:complaint decided").count()


@pytest.fixture
def managers(app, cast):
    """Gita confirms what Fajar proposes; Hadi has no part in it."""
    return manager("Gita Larasati", cast), manager("Hadi Wijaya", cast)


@pytest.fixture
def about_block(app, cast, managers):
    """Siti, blocked, complains; her browser."""
    blocked(cast.siti, cast.fajar, managers[0])
    clerk = Clerk(app).sign_in("siti@pekerja.example")
    clerk.open("/pengaduan")
    clerk.send(story=STORY)
    return clerk


def test_it_waits_in_the_one_queue_and_is_taken(siti, dewi, cast):
    complain(siti)
    page = dewi.open("/cabang?tampil=pengaduan")
    assert "Pengaduan" in page.words("main table")
    assert Complaint.get().state == RECEIVED
    dewi.send("form.row-acts")
    assert dewi.page.heading.startswith("Pengaduan ")
    assert STORY in dewi.page.words()
    assert (Complaint.get().state, Case.get().owner) == (REVIEWED, cast.dewi)


def test_without_an_account_every_page_of_the_desk_stands_it(visitor, dewi, eka, cast):
    complain(visitor, files=files("red"))
    for path in ("/cabang", here(), f"{here()}/tanya"):
        assert dewi.open(path).status == 200, path
    assert "Tanpa akun" in dewi.open("/cabang").words("main table")
    words = dewi.open(here()).words()
    for shown in ("Wati Lestari, tanpa akun", "0812 9999 1234", STORY, "Pelapor"):
        assert shown in words
    case = Case.get()
    paper = dewi.page.select("#papers-list a")[0].get("href")
    assert dewi.browser.get(paper).headers["Content-Disposition"].startswith("attachment")
    assert dewi.open(f"/cabang/kasus/{case.public_id}/berkas").status == 200
    assert dewi.open(f"/cabang/kasus/{case.public_id}/siapa", htmx=True).status == 200
    dewi.open(f"/cabang/kasus/{case.public_id}/serahkan")
    assert dewi.send(receiver=cast.eka.public_id.hex).heading == "Antrean"
    assert Case.get().owner == cast.eka
    seen = AuditEntry.get(AuditEntry.kind == "case:seen")
    assert (seen.subject, seen.actor) == (case.public_id, cast.dewi.public_id)


def test_a_colleague_who_has_it_open_is_named(siti, dewi, eka):
    complain(siti)
    dewi.open(here())
    assert "Dewi Anggraini juga membuka kasus ini" in eka.open(here()).words()


def test_asking_back_hands_it_to_the_person(siti, dewi, cast):
    with_phone(cast.siti)
    complain(siti)
    dewi.open(here())
    page = dewi.send("#asking", question="Kapan kejadiannya?")
    assert "Menunggu pelapor" in page.words()
    case = Case.get()
    assert (Complaint.get().state, case.holder, str(case.due_on), case.owner) == (
        AWAITING_REPORTER, "worker", "2026-12-04", None)
    sms = Message.get(Message.kind == "case:complaint asked", Message.channel == "sms")
    assert "menunggu jawaban Anda, paling lambat 4 Desember 2026" in sms.body
    assert not dewi.open(here()).select("#deciding")


@pytest.mark.parametrize(("putusan", "state", "word"), [
    ("kabulkan", GRANTED, "dikabulkan"), ("tolak", REFUSED, "ditolak")])
def test_the_decision_is_told_with_why(visitor, dewi, cast, putusan, state, word):
    complain(visitor, email="wati@orang.example")
    assert decide(dewi, putusan, " ").status == 422
    assert VERDICT in decide(dewi, putusan).words()
    complaint = only_complaint()
    assert (complaint.state, complaint.verdict, complaint.decided_by) == (
        state, VERDICT, cast.dewi)
    assert Case.get().closed_at
    mail = Message.get(Message.kind == "case:complaint decided", Message.channel == "email")
    assert VERDICT in mail.body
    sms = Message.get(Message.kind == "case:complaint decided", Message.channel == "sms")
    assert word in sms.body


def test_granted_the_account_is_open_again_in_the_same_act(app, about_block, managers, cast):
    hadi = Clerk(app).is_signed_in_as(managers[1])
    page = hadi.open(here())
    assert "akunnya langsung tidak diblokir lagi" in page.words()
    assert "Tiga orang memakai nomor KTP yang sama." in page.words()
    decide(hadi, "kabulkan")
    block = Block.get()
    assert (User.get_by_id(cast.siti.id).state, block.state, block.ended_by) == (
        ACTIVE, ENDED, managers[1])
    mail = Message.get(Message.kind == "case:complaint decided")
    assert "Akun Anda tidak diblokir lagi." in mail.body
    assert not Message.select().where(Message.kind == "account:block ended").exists()
    kinds = [row.kind for row in AuditEntry.select().order_by(AuditEntry.id.desc()).limit(2)]
    assert kinds == ["complaint:granted", "block:ended"]
    assert about_block.open("/diblokir").heading == "Masuk"
    assert about_block.sign_in("siti@pekerja.example").page.heading == "Halo, Siti Rahayu"


def test_refused_the_block_stands(app, about_block, managers, cast):
    decide(Clerk(app).is_signed_in_as(managers[1]), "tolak")
    assert (User.get_by_id(cast.siti.id).state, Block.get().state) == (BLOCKED, IN_FORCE)
    assert VERDICT in about_block.open(f"/pengaduan/{Case.get().public_id}").words()


@pytest.mark.parametrize("who", ["fajar", "gita", "dewi", "eka"])
def test_who_had_a_part_in_the_block_or_is_no_manager_does_not_judge(app, about_block, managers,
                                                                     cast, who):
    judge = managers[0] if who == "gita" else getattr(cast, who)
    clerk = Clerk(app).is_signed_in_as(judge)
    page = clerk.open(here())
    assert not page.select("#deciding")
    fields = {"csrf_token": clerk.token(), "version": Case.get().version, "putusan": "kabulkan",
              "verdict": VERDICT}
    assert clerk.post(here(), fields).status == 403
    assert (Complaint.get().decided_at, User.get_by_id(cast.siti.id).state) == (None, BLOCKED)


@pytest.mark.parametrize(("who", "may"), [("fajar", False), ("gita", False), ("dewi", True)])
def test_who_had_a_part_in_the_block_does_not_question_its_owner(app, about_block, managers, cast,
                                                                 who, may):
    asker = managers[0] if who == "gita" else getattr(cast, who)
    clerk = Clerk(app).is_signed_in_as(asker)
    assert bool(clerk.open(here()).select("#asking")) == may
    page = clerk.post(f"{here()}/tanya", {"csrf_token": clerk.token(), "question": "Mengapa?",
                                          "version": Case.get().version})
    assert page.status == (200 if may else 403)
    assert Statement.select().count() == may


def test_nor_does_who_reviewed_it_before_somebody_else_did(about_block, managers, cast):
    hadi, now, today = managers[1], clock.now(), clock.today()
    for version, by in ((2, hadi), (3, cast.fajar)):
        block = Block.get()
        blocks.review(block, by, version=version, until=block.until, now=now,
                      review_on=today + timedelta(days=8 + version))
    assert Block.get().reviewed_by == cast.fajar
    with pytest.raises(service.NotYours):
        service.decide(complaint_in(Case.get()), hadi, GRANTED, VERDICT, version=1, now=now)
    ina = manager("Ina Puspita", cast)
    User.update(branch=HEAD_OFFICE).where(User.id == ina.id).execute()
    assert branch_to_judge(Block.get()) == HEAD_OFFICE


def test_nobody_sees_or_decides_a_complaint_of_their_own(app, visitor, cast):
    dewi = Clerk(app).is_signed_in_as(cast.dewi)
    complain(dewi)
    assert dewi.open(here()).status == 403
    with pytest.raises(service.NotYours):
        service.decide(complaint_in(Case.get()), cast.dewi, GRANTED, VERDICT, version=1,
                       now=clock.now())


def test_nor_one_that_gives_their_own_contact(app, visitor, cast):
    complain(visitor, phone="", email="dewi@cabang.example")
    assert Clerk(app).is_signed_in_as(cast.dewi).open(here()).status == 403


def test_another_branchs_complaint_is_missing(siti, joko):
    complain(siti)
    for path in (here(), f"{here()}/tanya", f"{here()}/simpan"):
        assert joko.open(path).status == 404


def test_a_stale_decision_is_refused_with_both_versions(siti, dewi, eka, cast):
    complain(siti)
    stale = eka.open(here()).fields("#deciding")
    decide(dewi, "tolak")
    page = eka.post(here(), stale | {"putusan": "kabulkan", "verdict": "Menurut saya ia benar."})
    assert page.status == 409
    for words in ("Dewi Anggraini", "menolak pengaduan ini", VERDICT):
        assert words in page.words()
    assert "Menurut saya ia benar." in page.text
    assert (Complaint.get().state, told()) == (REFUSED, 1)


def test_what_the_person_wrote_meanwhile_stops_a_decision_on_the_older_page(siti, dewi, cast):
    complain(siti)
    stale = dewi.open(here()).fields("#deciding")
    siti.open(f"/pengaduan/{Case.get().public_id}")
    siti.send("#answer", text="Saya menemukan buktinya.")
    page = dewi.post(here(), stale | {"putusan": "tolak", "verdict": VERDICT})
    assert page.status == 409
    assert "Saya menemukan buktinya." in page.words()
    assert VERDICT in dewi.open(here()).text     # kept
    assert Complaint.get().decided_at is None


def test_what_a_colleague_holds_is_not_decided(siti, dewi, cast):
    complain(siti)
    service.take_up(Case.get(), cast.eka, clock.now())
    with pytest.raises(TakenByColleague):
        service.decide(complaint_in(Case.get()), cast.dewi, GRANTED, VERDICT, now=clock.now(),
                       version=Case.get().version)
    assert "Dipegang Eka Prasetya" in dewi.open(here()).words()


def test_pressing_twice_decides_once(siti, dewi):
    complain(siti)
    dewi.open(here())
    fields = dewi.page.fields("#deciding") | {"putusan": "tolak", "verdict": VERDICT}
    for _ in range(2):
        assert dewi.post(here(), fields).status == 200
    assert told() == 1
    dewi.post(f"{here()}/tanya", fields | {"question": "Sudah selesai?"})
    assert (dewi.page.status, Statement.select().count()) == (409, 0)


def test_simpan_dulu_keeps_a_verdict_for_its_officer(app, siti, dewi, cast):
    complain(siti)
    fields = dewi.open(here()).fields("#deciding")
    dewi.post(f"{here()}/simpan", fields | {"verdict": "Baru sebagian."})
    assert "Baru sebagian." in Clerk(app).is_signed_in_as(cast.dewi).open(here()).text


def test_of_eight_who_decide_at_once_one_does(siti, cast):
    complain(siti)
    case, now = Case.get(), clock.now()
    complaints = [complaint_in(case) for _ in range(8)]

    def judge(number):
        officer = (cast.dewi, cast.eka)[number % 2]
        state = (GRANTED, REFUSED)[number // 4]
        try:
            service.decide(complaints[number], officer, state, f"Alasan {number}.",
                           version=case.version, now=now)
        except (CaseChanged, TakenByColleague):
            return 0
        return 1

    assert sum(in_parallel(judge, 8)) == 1
    assert told() == 1
    kinds = ("complaint:granted", "complaint:refused")
    assert AuditEntry.select().where(AuditEntry.kind << kinds).count() == 1


def test_the_person_page_lists_the_complaint(siti, dewi, cast):
    complain(siti)
    page = dewi.open(f"/cabang/orang/{cast.siti.public_id}")
    dewi.open(page.select("a[href*='/cabang/kasus/']")[0].get("href"))
    assert dewi.page.heading.startswith("Pengaduan ")
    looks = [json.loads(row.details).get("page") for row in AuditEntry.select().where(
        AuditEntry.subject == cast.siti.public_id, AuditEntry.actor == cast.dewi.public_id)]
    assert looks == ["person", None]
