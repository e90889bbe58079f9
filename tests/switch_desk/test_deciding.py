"""A switch at the branch: taken, returned with everything at once, granted, refused."""

import json
from datetime import date

import pytest

from tests.claim_desk.claims import reported
from tests.page import in_parallel
from tests.papers.conftest import photograph
from tests.switch.walking import (
    at_branch,
    company_approves,
    company_confirms,
    here,
    loaded,
    only,
    sent,
    shown_to,
    siti_user,
)
from webapp import audit, clock, db
from webapp.cases.moves import AlreadyDone
from webapp.cases.service import CaseChanged
from webapp.contributions.amounts import monthly
from webapp.formats import show_rupiah
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.switches import Bill, Switch
from webapp.models.workers import Worker
from webapp.papers import service as papers
from webapp.parameters import rules_on
from webapp.switch import service as switches
from webapp.switch_desk import service


def url(act=""):
    return f"/cabang/mandiri/{only().case.public_id}{act}"


def take(dewi):
    dewi.open(url())
    return dewi.send("form[action$='/ambil']")


def state():
    return only().state, only().case.holder


@pytest.fixture
def taken(siti, dewi, cast):
    """Siti's switch, which Dewi looks at; Siti brings her KTP and uploaded her card."""
    at_branch(siti, cast)
    switch = only()
    type(switch).update(checklist=json.dumps({"KTP": "asli"})).where(
        type(switch).id == switch.id).execute()
    take(dewi)
    return dewi


def test_the_queue_leads_to_it(siti, dewi, cast):
    at_branch(siti, cast)
    assert "Mandiri" in dewi.open("/cabang").words("main table")
    dewi.send("main table form")
    assert only().case.owner_id == cast.dewi.id
    dewi.open("/cabang")
    page = dewi.open(dewi.page.select("main table a")[0].get("href"))
    assert (page.path, page.status) == (url(), 200)
    for words in ("Iuran sebulan Rp8.400", "Penghasilan sebulan Rp1.000.000", "Mulai 21 November"):
        assert words in " ".join(page.words().split())


def test_a_draft_is_nobodys_business(siti, dewi, cast):
    reported(cast)
    siti.open("/mandiri")
    siti.send("form[action^='/mandiri/mulai']")
    assert dewi.open(url()).status == 404
    assert dewi.open(f"/cabang/kasus/{only().case.public_id}").status == 404


def test_another_branchs_switch_is_missing(siti, joko, cast):
    at_branch(siti, cast)
    assert joko.open(url()).status == 404


def test_it_is_granted_with_the_first_bill(taken, cast):
    page = taken.open(url("/setujui"))
    assert "menjadi peserta mandiri mulai 21 November 2026 dengan iuran Rp8.400" in page.words()
    page = taken.send("#approving")
    assert page.errors() == {"seen": "Periksa semua dokumen yang ada, lalu centang satu per satu."}
    taken.send("#approving", seen="KTP")
    assert state() == ("MENUNGGU_IURAN", "worker")
    assert (only().decided_by_id, only().decided_at is None) == (cast.dewi.id, False)
    bill = Bill.get()
    assert (bill.kind, bill.state, bill.amount, bill.first_month, bill.months) == (
        "pertama", "MENUNGGU", 8_400, date(2026, 11, 1), 1)
    assert (bill.jkk, bill.jkm, bill.jht, bill.discount) == (10_000, 6_800, 0, 8_400)
    assert bill.expires_on == only().case.due_on == date(2026, 12, 6)
    used = json.loads(only().parameters)["approved"]
    assert (used["base"], used["rules"]["bpu.discount_percent.lainnya"]) == (1_000_000, 50)
    sms = Message.get(Message.kind == "case:switch approved")
    assert "8.400" in sms.body
    assert bill.code not in sms.body
    assert AuditEntry.select().where(AuditEntry.kind == "switch:approved").count() == 1


def test_everything_wrong_is_said_at_once_and_nothing_else_can_be_changed(siti, taken, cast):
    taken.open(url("/kembalikan"))
    page = taken.send("#returning")
    assert page.errors() == {"wrong": "Beri tanda centang pada yang keliru."}
    fields = {**page.fields("#returning"), "wrong": ["income", "paper:KTP", "paper:KK"],
              "why_income": "Terlalu kecil.", "why_paper_KTP": "Buram.",
              "why_paper_KK": "Bukan KK Anda."}
    taken.post(url("/kembalikan"), fields)
    assert state() == ("PERLU_PERBAIKAN", "worker")
    words = siti.open(here()).words()
    for sentence in ("Penghasilan sebulan: Terlalu kecil.", "KTP: Buram.",
                     "Kartu keluarga: Bukan KK Anda."):
        assert sentence in words
    page = siti.open(here("/perbaiki"))
    assert [one.get("name") for one in page.select("#correction input.input")] == ["income"]
    page = siti.send("#correction", income="2.000.000", sector="transportasi")
    assert page.status == 422
    assert "Belum diperbaiki: KTP, Kartu keluarga." in page.errors()["papers"]
    papers.add(only().case, "worker", siti_user(), "KTP", photograph(), "ktp.png", clock.now())
    siti.open(here("/perbaiki"))
    fields = {**siti.page.fields("#correction"), "originals": ["KK"], "income": "2.000.000",
              "sector": "transportasi"}
    page = siti.post(here("/perbaiki"), fields | {"amount": "13400"})
    assert (page.path, state()) == (here(), ("DITINJAU", "branch"))
    assert (only().income, only().sector, json.loads(only().checklist)["KK"]) == (
        2_000_000, "lainnya", "asli")
    assert "Perbaikan dikirim" in page.words()


def test_only_marked_papers_are_taken_after_it_was_sent(siti, taken, cast):
    with pytest.raises(papers.AlreadySent):
        papers.add(only().case, "worker", siti_user(), "KTP", photograph(), "a.png", clock.now())
    service.give_back(loaded(cast.dewi), shown_to(cast.dewi), [("paper:KK", "Buram.")])
    with pytest.raises(papers.AlreadySent):
        papers.add(only().case, "worker", siti_user(), "KTP", photograph(), "a.png", clock.now())


def test_a_refusal_says_why(siti, taken):
    taken.open(url("/tolak"))
    assert "verdict" in taken.send("#refusing").errors()
    taken.send("#refusing", verdict="Anda bekerja di perusahaan lain.")
    assert state() == ("DITOLAK", None)
    assert "Anda bekerja di perusahaan lain." in siti.open(here()).words()
    siti.open("/mandiri")
    siti.send("form[action^='/mandiri/mulai']")
    assert state() == ("DRAF", "worker")


@pytest.mark.parametrize("act", ["/setujui", "/kembalikan", "/tolak"])
def test_pressing_twice_decides_once(taken, act):
    form = {"/setujui": "#approving", "/kembalikan": "#returning", "/tolak": "#refusing"}[act]
    page = taken.open(url(act))
    fields = {**page.fields(form), "seen": ["KTP"], "verdict": "Tidak.", "wrong": ["income"],
              "why_income": "Kecil."}
    before = only().version
    for _ in range(2):
        assert taken.post(url(act), fields).path == url()
    assert only().version - before == (2 if act == "/setujui" else 1)
    assert AuditEntry.select().where(AuditEntry.kind.in_((
        "switch:approved", "switch:returned", "switch:refused"))).count() == 1


def test_whoever_decides_on_an_older_page_is_shown_both(siti, taken, cast):
    page = taken.open(url("/tolak"))
    fields = {**page.fields("#refusing"), "verdict": "Tidak cocok."}
    service.give_back(loaded(cast.dewi), shown_to(cast.dewi), [("income", "Terlalu kecil.")])
    page = taken.post(url("/tolak"), fields)
    assert (page.status, state()[0]) == (409, "PERLU_PERBAIKAN")
    assert "Terlalu kecil." in page.words()
    assert page.select("textarea[readonly]")[0].text.strip() == "Tidak cocok."


def test_a_colleague_has_it(siti, taken, eka):
    page = eka.open(url())
    assert "Dipegang Dewi" in page.words()
    assert eka.open(url("/setujui")).path == url()


def test_nobody_decides_about_their_own(siti, dewi, cast):
    at_branch(siti, cast)
    dewi_row = User.get_by_id(cast.dewi.id)
    dewi_row.nik = Worker.get(Worker.name == "Siti Rahayu").nik
    dewi_row.save()
    assert dewi.open(url()).status == 403
    with pytest.raises(service.NotYours):
        service.approve(loaded(dewi_row), shown_to(dewi_row))
    assert state() == ("DITINJAU", "branch")


def test_what_stands_in_the_way_is_said(siti, taken, cast):
    shown = shown_to(cast.dewi)
    Worker.update(name="Siti Rahayu").execute()
    reported_ = only()
    assert reported_.state == "DITINJAU"
    db.database.execute_sql("UPDATE deactivation SET state = 'DISANGGAH'")
    with pytest.raises(service.NotMet) as caught:
        service.approve(loaded(cast.dewi), shown)
    assert caught.value.sentences == ["Laporan nonaktifnya sedang disanggah."]
    assert (state(), Bill.select().count()) == (("DITINJAU", "branch"), 0)


def test_granting_and_taking_back_at_once_is_one_or_the_other(siti, taken, cast):
    switch, shown, version = loaded(cast.dewi), shown_to(cast.dewi), only().version
    case_version = Case.get_by_id(switch.case_id).version
    assert shown.case_version == case_version

    def act(number):
        db.ensure_connection()
        try:
            if number % 2:
                service.approve(switch, shown)
                return "approved"
            switches.withdraw(only(), cast.siti, version=version, now=clock.now())
            return "withdrawn"
        except (CaseChanged, AlreadyDone):
            return "late"

    done = in_parallel(act, 8)
    assert state()[0] in ("MENUNGGU_IURAN", "DIBATALKAN")
    assert len({one for one in done if one != "late"}) == 1
    assert Bill.select().count() == (1 if state()[0] == "MENUNGGU_IURAN" else 0)
    assert not list(audit.verify())


def test_a_second_tab_that_puts_right_what_was_put_right_is_told_so(siti, taken, cast):
    service.give_back(loaded(cast.dewi), shown_to(cast.dewi), [("income", "Terlalu kecil.")])
    siti.open(here("/perbaiki"))
    fields = siti.page.fields("#correction")
    siti.send("#correction", income="2.000.000")
    siti.send("#correction")
    page = siti.post(here("/perbaiki"), {**fields, "income": "", "version": only().version})
    assert (page.status, state(), only().income) == (409, ("DITINJAU", "branch"), 2_000_000)


def test_a_corrected_income_shows_the_new_amount_before_anything_is_sent(siti, taken, cast):
    service.give_back(loaded(cast.dewi), shown_to(cast.dewi), [("income", "Terlalu kecil.")])
    Case.update(due_on=date(2026, 12, 1)).where(Case.id == only().case_id).execute()
    words = siti.open(here("/perbaiki")).words()
    assert "Iuran Anda sekarang Rp8.400 sebulan." in words
    assert "Paling lambat 1 Desember 2026, 7 hari kerja lagi." in words
    page = siti.send("#correction", income="4.000.000")
    assert (page.status, state()) == (200, ("PERLU_PERBAIKAN", "worker"))
    assert only().income == 1_000_000
    new = monthly(4_000_000, False, "lainnya", date(2026, 11, 1), rules_on(date(2026, 11, 1)))
    assert f"Iuran sebulan {show_rupiah(new.amount)} Sebelumnya Rp8.400" in page.words("#amount")
    page = siti.send("#correction", income="9.000.000")     # another one is shown again
    assert state() == ("PERLU_PERBAIKAN", "worker")
    siti.send("#correction")
    assert (state(), only().income) == (("DITINJAU", "branch"), 9_000_000)


def test_nobody_gets_past_the_company_by_putting_right_what_nobody_marked(siti, cast):
    sent(siti, cast)
    fields = siti.open(here("/batal")).fields("form.confirm-bar")
    page = siti.post(here("/perbaiki"), fields)
    assert (page.status, state()) == (409, ("DIAJUKAN", "company"))


def test_what_one_brings_along_stays_so_where_nothing_was_wrong_with_it(siti, taken, cast):
    Switch.update(checklist='{"KARTU": "asli", "KK": ""}').execute()
    service.give_back(loaded(cast.dewi), shown_to(cast.dewi), [("paper:KK", "Belum ada.")])
    siti.open(here("/perbaiki"))
    siti.send("#correction", originals="KK")
    assert json.loads(only().checklist) == {"KARTU": "asli", "KK": "asli"}


def test_the_timeline_calls_the_worker_by_name_and_the_worker_you(siti, taken, cast):
    taken.open(url("/setujui"))
    taken.send("#approving", seen="KTP")
    words = taken.open(url()).words(".timeline")
    assert "Siti Rahayu membayar iuran pertama" in words
    assert "Anda" not in words
    assert "Anda membayar iuran pertama" in siti.open(here()).words(".timeline")


def test_so_does_what_the_company_was_asked(siti, dewi, cast):
    sent(siti, cast)
    company_approves(cast)
    company_confirms(cast)
    words = dewi.open(url()).words(".timeline")
    assert "PT Maju Bersama menonaktifkan kepesertaan Siti Rahayu" in words
    assert "Kantor cabang menerima peralihan Siti Rahayu" in words
    assert "menonaktifkan kepesertaan Anda" in siti.open(here()).words(".timeline")
