"""Formulir pengaduan: with and without an account, pressed once or five times, one ticket."""

import io
import json

import pytest
import time_machine

from tests.blocks.managers import blocked, manager
from tests.complaints.complaining import (
    STORY,
    branch_code,
    complain,
    files,
    filled,
    only_complaint,
)
from tests.page import Clerk, in_parallel
from tests.papers.hostile import picture
from tests.people import with_phone
from tests.whole_app.test_weights import Line
from webapp import clock, db, sessions
from webapp.complaints import service
from webapp.documents import store
from webapp.models.audit import AuditEntry
from webapp.models.blocks import Complaint
from webapp.models.branches import HEAD_OFFICE, Branch
from webapp.models.cases import Case, Paper
from webapp.models.documents import Document
from webapp.models.messages import Message
from webapp.models.people import NEEDS_AUTHENTICATOR, User
from webapp.receipts.signing import show_number


def sent():
    return [(row.channel, row.recipient, row.body) for row in
            Message.select().where(Message.kind ** "case:complaint%").order_by(Message.id)]


def test_somebody_without_an_account_gets_a_number_and_letters(visitor):
    page = complain(visitor, subject="PENIPUAN")
    complaint = only_complaint()
    number = show_number(complaint.case.number)
    assert page.heading == "Pengaduan terkirim"
    assert number in page.words()
    assert f"{complaint.secret[:4]}-{complaint.secret[4:]}" in page.words()
    assert (complaint.subject, complaint.story, complaint.name, complaint.phone,
            complaint.user) == ("Penipuan atau calo", STORY, "Wati Lestari", "+6281299991234", None)
    case = complaint.case
    assert (case.kind, case.holder, case.opened_by, str(case.due_on)) == (
        "pengaduan", "branch", None, "2026-11-27")
    (channel, recipient, body), = sent()
    assert (channel, recipient) == ("sms", "+6281299991234")
    assert number in body
    assert "Huruf rahasia" in body


def test_somebody_with_an_account_gives_no_contact_and_follows_it_there(siti, cast):
    with_phone(cast.siti)
    page = siti.open("/pengaduan")
    assert not page.select("#name")
    assert page.fields("main form")["branch"] == branch_code()
    page = complain(siti)
    complaint = only_complaint()
    assert complaint.secret not in page.text.replace("-", "")
    assert (complaint.user, complaint.name, complaint.phone) == (cast.siti, None, None)
    assert [row[1] for row in sent()] == ["+6281234564512", "siti@pekerja.example"]
    page = siti.open(page.select("main a.button")[0].get("href"))
    for words in (STORY, "Kantor Cabang Jakarta Selatan", "27 November 2026", "Diterima"):
        assert words in page.words()
    assert complaint.subject in siti.open("/pengaduan").words("main .rows")
    assert "Pengaduan dikirim" in siti.open("/profil/riwayat").words()


def test_own_words_are_a_subject_too(visitor):
    assert list(complain(visitor, subject="LAIN").errors()) == ["other"]
    complain(visitor, subject="LAIN", other="Kartu peserta saya tertukar")
    assert only_complaint().subject == "Kartu peserta saya tertukar"


@pytest.mark.parametrize(("fields", "where"), [
    ({"subject": ""}, ["subject"]), ({"story": "Tolong."}, ["story"]), ({"name": " "}, ["name"]),
    ({"phone": ""}, ["phone"]), ({"phone": "12"}, ["phone"]),
    ({"phone": "", "email": "wati@"}, ["email"]), ({"branch": ""}, ["branch"]),
    ({"branch": "x" * 32}, ["branch"])])
def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(visitor, fields, where):
    page = complain(visitor, **fields)
    assert (page.status, list(page.errors())) == (422, where)
    assert page.select("textarea#story")[0].text.strip() == fields.get("story", STORY)
    assert Complaint.select().count() == 0


def test_an_email_alone_will_do(visitor):
    complain(visitor, phone="", email="Wati@Orang.example")
    (channel, recipient, _), = sent()
    assert (channel, recipient) == ("email", "wati@orang.example")


def test_files_are_cleaned_and_kept_with_the_ticket(visitor):
    complain(visitor, files=files("red", "green"))
    papers = list(Paper.select().order_by(Paper.id))
    assert [(row.kind, row.side, row.added_by, row.document.uploaded_by) for row in papers] == [
        ("LAIN", "worker", None, None)] * 2
    assert all(store.get(row.document).startswith(b"\xff\xd8\xff") for row in papers)


@pytest.mark.parametrize("several", [
    [picture(colour="red")] * 4, [b"MZ\x90"], [b""]])
def test_too_many_files_or_what_is_none_are_refused_and_nothing_is_kept(visitor, several):
    page = complain(visitor, files=[(io.BytesIO(body), "x.jpg") for body in several])
    assert (page.status, list(page.errors())) == (422, ["files"])
    assert (Complaint.select().count(), Document.select().count()) == (0, 0)


def test_the_same_press_twice_is_the_same_page(visitor):
    fields = filled(visitor)
    first, second = (visitor.post("/pengaduan", fields) for _ in range(2))
    assert first.words() == second.words()
    assert (Complaint.select().count(), len(sent())) == (1, 1)


@pytest.mark.parametrize("other", [{"story": "Ini cerita lain, tentang hal yang lain."}, {
    "files": ("blue",)}])
def test_other_content_from_the_same_form_is_not_lost_but_asked_about(visitor, other):
    fields = filled(visitor)
    first = visitor.post("/pengaduan", fields).path
    sends = other | ({"files": files(*other["files"])} if "files" in other else {})
    page = visitor.post("/pengaduan", fields | sends)
    assert page.status == 422
    assert "sudah terkirim" in page.words(".error-summary")
    assert page.select(f"main a[href='{first}']")
    again = page.fields("main form[action='/pengaduan']")
    assert again["story"].strip() == other.get("story", STORY)
    assert Complaint.select().count() == 1
    visitor.post("/pengaduan", again | ({"files": files("blue")} if "files" in other else {
        "files": []}))
    assert [row.story for row in Complaint.select().order_by(Complaint.id)] == [
        STORY, other.get("story", STORY)]
    assert Paper.select().count() == len(other.get("files", ()))


def test_four_different_stories_at_once_from_one_form_are_one_and_three_are_told(siti, cast):
    now = clock.now()

    def press(number):
        report = service.Report("Lainnya", f"{STORY} {number}", HEAD_OFFICE)
        try:
            service.send(report, cast.siti, key="k" * 32, files=[], address="127.0.0.1", now=now)
        except service.SentOtherwise:
            return "told"
        return "sent"

    assert sorted(in_parallel(press, 4)) == ["sent", "told", "told", "told"]
    assert Complaint.select().count() == 1


def test_five_presses_at_once_are_one_ticket_with_its_file(app, siti, cast):
    now = clock.now()
    report = service.Report("Lainnya", STORY, HEAD_OFFICE)
    body = files("red")[0][0].getvalue()

    def press(_):
        return service.send(report, User.get_by_id(cast.siti.id), key="k" * 32,
                            files=[(body, "a.jpg")], address="127.0.0.1", now=now).id

    assert len(set(in_parallel(press, 8))) == 1
    assert (Complaint.select().count(), Case.select().count(), Paper.select().count(),
            Document.select().count()) == (1, 1, 1, 1)
    assert AuditEntry.select().where(AuditEntry.kind == "complaint:sent").count() == 1
    kept = [name for part in range(256) for name in store.kept_in(
        f"{part:02x}", before=now.replace(year=now.year + 9))]
    assert Document.get().public_id in kept


def test_the_done_page_is_for_whoever_sent_it_alone_and_not_for_ever(app, visitor):
    path = complain(visitor).path
    assert Clerk(app).open(path).status == 404
    with time_machine.travel("2026-11-22T07:31:00Z"):
        page = visitor.open(path)
    assert only_complaint().secret[:4] not in page.words()
    assert "ada di pesan kami" in page.words()


def test_whether_somebody_has_an_account_makes_no_difference(app, visitor, cast):
    with_phone(cast.siti)
    known = complain(visitor, phone="081234564512", email="siti@pekerja.example")
    first = only_complaint()
    unknown = complain(Clerk(app), phone="081299990000", email="anu@orang.example")
    other = Complaint.get(Complaint.id != first.id)

    def bare(page, complaint):
        letters = f"{complaint.secret[:4]}-{complaint.secret[4:]}"
        return page.words().replace(letters, "").replace(show_number(complaint.case.number), "")

    assert (known.status, bare(known, first)) == (unknown.status, bare(unknown, other))
    assert (first.user, other.user) == (None, None)


def test_a_machine_is_stopped_and_a_person_has_five_a_day(siti, visitor, monkeypatch):
    for _ in range(5):
        assert complain(siti).status == 200
    page = complain(siti)
    assert (page.status, page.select("textarea#story")[0].text.strip()) == (429, STORY)
    assert Complaint.select().count() == 5
    monkeypatch.setattr(service, "FROM_ADDRESS", service.Limit(
        "complaint-address", 0, service.FROM_ADDRESS.window))
    assert complain(visitor).status == 429


def test_nobody_is_flooded_through_the_form(app, cast):
    for number in range(8):
        complain(Clerk(app), story=f"{STORY} {number}")
    assert Complaint.select().count() == 8
    assert len(sent()) == 6


def test_a_blocked_person_complains_about_the_block(app, cast):
    gita = manager("Gita Larasati", cast)
    block = blocked(cast.siti, cast.fajar, gita)
    clerk = Clerk(app).sign_in("siti@pekerja.example")
    clerk.open(clerk.page.select("main a.button")[0].get("href"))
    assert clerk.page.select("input[name=subject][checked]")[0].get("value") == "BLOKIR"
    assert not clerk.page.select("#branch")
    page = clerk.send(story=STORY)
    assert page.heading == "Pengaduan terkirim"
    complaint = only_complaint()
    assert (complaint.block, complaint.case.branch) == (block, cast.fajar.branch)
    assert "Akun saya diblokir" in clerk.open("/diblokir").words("main .rows")


def test_without_an_uninvolved_manager_there_the_head_office_judges(app, cast):
    gita = manager("Gita Larasati", cast)
    head = manager("Hadi Wijaya", cast)
    User.update(branch=HEAD_OFFICE).where(User.id == head.id).execute()
    blocked(cast.siti, cast.fajar, gita)
    clerk = Clerk(app).sign_in("siti@pekerja.example")
    clerk.open("/pengaduan")
    clerk.send(story=STORY)
    assert only_complaint().case.branch == Branch.get_by_id(HEAD_OFFICE)


def test_staff_without_their_second_factor_are_not_known_there(app, cast):
    clerk = Clerk(app)
    with db.write_transaction():
        clerk.browser.set_cookie("purna", sessions.begin(cast.dewi, clock.now(), "",
                                                         stage=NEEDS_AUTHENTICATOR))
    assert clerk.open("/pengaduan").select("#name")


@pytest.mark.parametrize("path", ["/pengaduan", "/pengaduan/lacak", "/kontak",
                                  "/panduan-keamanan"])
def test_the_pages_are_light(app, cast, path):
    assert Line(app).weigh(path)[0] <= 10


def test_it_is_reached_from_where_people_look(visitor):
    for path in ("/masuk", "/kontak", "/panduan-keamanan"):
        assert visitor.open(path).select("a[href='/pengaduan']"), path
    visitor.open("/bantuan")
    for words in ("akun terblokir", "penipuan", "pengaduan", "hubungi kami"):
        assert visitor.send(cari=words).select("main .rows a[href='/pengaduan']"), words


def test_what_is_recorded_holds_nothing_of_what_was_written(visitor):
    complain(visitor)
    details = json.loads(AuditEntry.get(AuditEntry.kind == "complaint:sent").details)
    assert set(details) == {"number", "until", "files"}
