"""Kirim: to the company first while it still has the person, else to the branch; one case."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from tests.claim_desk.claims import reported
from tests.company_cases.asking import report
from tests.page import sms_for_every_name
from tests.papers.conftest import photograph
from tests.requests.asking import begin as begin_request
from tests.requests.asking import sent as ask_company
from tests.switch.walking import (
    approved,
    at_branch,
    company_approves,
    company_confirms,
    company_refuses,
    died,
    drafted,
    here,
    only,
    sent,
    siti_user,
    worker_siti,
)
from webapp import audit, clock
from webapp.company_cases.queries import waiting
from webapp.db import write_transaction
from webapp.deactivation import service as deactivations
from webapp.deactivation.queries import standing_for
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case, DeactivationRequest
from webapp.models.deactivations import Deactivation
from webapp.models.messages import Message
from webapp.models.switches import Bill, Switch
from webapp.papers import service as papers
from webapp.parameters import rules_on
from webapp.requests import service as requests
from webapp.requests.queries import request_numbered
from webapp.switch import messages, sending, service
from webapp.switch.following import follow
from webapp.switch.queries import Ending


def state():
    """(state, holder of the case; None once it is over)."""
    row = only()
    assert (row.case.holder is None) == (row.case.closed_at is not None)
    return row.state, row.case.holder


def told(kind):
    return [row.body for row in Message.select().where(Message.kind == f"case:{kind}",
                                                       Message.worker == worker_siti())]


def events():
    return [row.kind for row in AuditEntry.select().where(AuditEntry.kind.startswith("switch:"))
            .order_by(AuditEntry.id)]


def test_with_a_running_membership_the_company_is_asked_in_the_same_case(siti, cast):
    page = sent(siti, cast)
    assert page.path == here()
    assert "Menunggu PT Maju Bersama" in page.words()
    assert Case.select().count() == 1
    request = DeactivationRequest.get()
    assert (request.case_id, request.state, request.reason) == (
        only().case_id, "DIAJUKAN", "RSG")
    assert (request.address, request.last_day) == ("Jalan Melati 3, Jakarta", date(2026, 11, 30))
    assert only().request_id == request.id
    assert state() == ("DIAJUKAN", "company")
    [row], _ = waiting(cast.maju)
    assert (row.id, row.due_on) == (only().case_id, date(2026, 12, 1))
    assert "Purna: peralihan ke Mandiri terkirim." not in told("switch sent")
    assert "diminta menjawab paling lambat 1 Desember 2026" in " ".join(told("switch sent"))
    assert events() == ["switch:submitted"]
    assert AuditEntry.select().where(AuditEntry.kind == "request:sent").count() == 1


def test_the_company_sees_a_request_and_nothing_of_the_rest(siti, ani, cast):
    drafted(siti, cast)
    papers.add(only().case, "worker", siti_user(), "KTP", photograph(), "ktp.png", clock.now())
    siti.open(here("/periksa"))
    siti.send(".confirm-bar")
    words = ani.open(f"/perusahaan/{cast.maju.public_id}/permohonan").words()
    assert "Permohonan nonaktif" in words
    page = ani.open(f"/perusahaan/{cast.maju.public_id}/permohonan/{only().case.public_id}")
    assert "Formulir nonaktifnya sudah ikut terkirim" in page.words()
    for word in ("Mandiri", "1.000.000", "Dokumen", "KTP", "Melati"):
        assert word not in page.words()
    page = ani.send("main form[action$='/setujui']")
    assert DeactivationRequest.get().state == "FORMULIR_TERISI"
    assert "Konfirmasi: nonaktifkan Siti Rahayu" in page.words()
    ani.send("main form[action$='/konfirmasi']")
    assert state() == ("DITINJAU", "branch")     # at once, with the confirmation
    words = ani.open(f"/perusahaan/{cast.maju.public_id}/permohonan").words()
    assert "Selesai" in words
    assert "Putusan" not in words


def test_the_whole_way_through_the_company_stays_one_case(siti, cast):
    sent(siti, cast)
    company_approves(cast)
    assert siti.open(here()).select(".timeline .current")[0].text_content().strip().startswith(
        "PT Maju Bersama mengonfirmasi")
    assert company_confirms(cast) == 1
    assert state() == ("DITINJAU", "branch")
    assert (only().starts_on, Case.select().count()) == (date(2026, 12, 1), 1)
    assert "Diperiksa" in siti.open(here()).words()
    assert follow(clock.now()) == 0
    assert events() == ["switch:submitted", "switch:at the branch"]
    assert len(told("switch at branch")) == 2     # an SMS and an e-mail, once
    assert not list(audit.verify())


@pytest.mark.parametrize(("is_reported", "sentence"), [
    (False, "PT Maju Bersama menjawab paling lambat 1 Desember 2026."),
    (True, "Kantor Cabang Jakarta Selatan memeriksanya paling lambat")])
def test_the_done_page_says_what_is_next_and_what_is_missing_where(siti, cast, is_reported,
                                                                   sentence):
    if is_reported:
        reported(cast, last_day=date(2026, 11, 20))
    drafted(siti, cast)
    siti.open(here("/dokumen"))
    siti.post(here("/dokumen"), {**siti.page.fields("#papers-form"),
                                 "originals": ["KTP", "KK", "FOTO"]})
    page = siti.send(".confirm-bar")
    assert page.select("h1.tick")[0].text_content().strip() == "Peralihan terkirim"
    assert sentence in page.words()
    branch = only().case.branch.name
    for words in (page.words(), siti.open(here()).words()):
        missing = words.partition("Dokumen yang masih kurang ")[2].partition(" Bawa ke ")
        assert missing[0].startswith("Akta kelahiran")
        assert missing[2].startswith(branch)
        assert "Kartu peserta" not in missing[0]
    siti.open(here("/batal"))
    siti.send()
    assert siti.open(here("/terkirim")).path == here()


def test_pressing_kirim_twice_sends_once(siti, cast):
    drafted(siti, cast)
    fields, cookie = siti.page.fields(".confirm-bar"), siti.browser.get_cookie("purna").value
    for _ in range(3):
        siti.browser.set_cookie("purna", cookie)
        assert siti.post(here("/periksa"), fields).path == here("/terkirim")
    assert (DeactivationRequest.select().count(), events()) == (1, ["switch:submitted"])


@pytest.mark.parametrize("last_day", [date(2026, 11, 20), date(2026, 12, 5)])
def test_the_companys_own_report_hands_it_on_and_leaves_no_gap(siti, cast, last_day):
    sent(siti, cast)
    report(cast, clock.now(), last_day=last_day)
    assert (DeactivationRequest.get().state, state()[0]) == ("SELESAI", "DIAJUKAN")
    assert follow(clock.now()) == 1
    assert state() == ("DITINJAU", "branch")
    assert only().starts_on == last_day + timedelta(days=1)


def test_an_escalation_is_decided_at_the_desk_and_goes_on_there(siti, dewi, cast):
    sent(siti, cast)
    late = clock.now() + timedelta(days=20)
    assert requests.escalate_overdue(late) == 1
    assert "tidak menjawab tepat waktu" in siti.open(here()).words()
    path = f"/cabang/mandiri/{only().case.public_id}"
    page = dewi.open(path)
    assert page.path.startswith("/cabang/kasus/")
    dewi.open(f"{page.path}/nonaktifkan")
    page = dewi.send(".confirm-bar")
    assert page.path == path
    assert "Beralih ke Mandiri: Siti Rahayu" in page.heading
    assert (standing_for.one(cast.siti_at_maju).branch_id, state()) == (
        cast.dewi.branch_id, ("DITINJAU", "branch"))


def test_the_branch_that_lets_nobody_leave_refuses_the_switch_too(siti, dewi, cast):
    sent(siti, cast)
    requests.escalate_overdue(clock.now() + timedelta(days=20))
    dewi.open(f"/cabang/kasus/{only().case.public_id}")
    page = dewi.send("#deciding", verdict="Masih bekerja.", putusan="tolak")
    assert state() == ("DITOLAK", None)
    assert only().verdict == "Masih bekerja."
    assert "Masih bekerja." in page.words()


def test_after_the_companys_refusal_it_waits_and_says_what_now(siti, cast):
    sent(siti, cast)
    assert company_refuses(cast) == 1
    assert follow(clock.now()) == 0
    assert state() == ("DIAJUKAN", "worker")
    words = siti.open(here()).words()
    assert "menolak, peralihan Anda menunggu" in words
    assert "Masih ada serah terima." in words
    assert "Datang ke kantor cabang" in words
    assert "peralihan Anda ke Mandiri menunggu".lower() in siti.open("/beranda").words().lower()
    assert any("datang ke kantor cabang" in body.lower() for body in told("switch held up"))
    reported(cast)     # at the counter, or by the company after all
    assert follow(clock.now()) == 1
    assert state() == ("DITINJAU", "branch")


def test_taking_it_back_takes_the_request_back_too(siti, cast):
    sent(siti, cast)
    siti.open(here("/batal"))
    siti.send()
    assert state() == ("DIBATALKAN", None)
    assert DeactivationRequest.get().state == "DIBATALKAN"
    assert Message.select().where(Message.kind == "case:request withdrawn").count() == 2
    assert siti.open(here("/batal")).path == here()
    assert "Peralihan dibatalkan" in siti.page.words()


def test_a_request_that_was_only_begun_is_taken_up(siti, cast):
    begin_request(siti, cast.siti_at_maju)
    sent(siti, cast)
    assert {row.state for row in DeactivationRequest.select()} == {"DIBATALKAN", "DIAJUKAN"}
    assert Case.select().where(Case.closed_at.is_null()).count() == 1


def test_a_request_that_was_sent_before_goes_on_and_hands_it_on(siti, cast):
    ask_company(siti, cast.siti_at_maju)
    sent(siti, cast)
    assert (state(), DeactivationRequest.select().count()) == (("DIAJUKAN", "worker"), 1)
    assert "Menunggu permohonan nonaktif Anda" in siti.open(here()).words()
    report(cast, clock.now())
    assert follow(clock.now()) == 1
    assert state() == ("DITINJAU", "branch")


def test_when_the_older_request_is_refused_the_worker_is_told_once_what_now(siti, cast):
    ask_company(siti, cast.siti_at_maju)
    older = request_numbered(DeactivationRequest.get().id)
    sent(siti, cast)
    assert follow(clock.now()) == 0
    requests.refuse(older, cast.ani, version=older.version, reason="Masih ada serah terima.",
                    now=clock.now())
    assert [follow(clock.now()) for _ in range(2)] == [1, 0]
    assert (state(), len(told("switch held up"))) == (("DIAJUKAN", "worker"), 2)
    words = siti.open(here()).words()
    assert "masih berjalan" not in words
    assert "Masih ada serah terima." in words
    assert "Datang ke kantor cabang" in words
    assert "tetap aktif" in siti.open(here("/batal")).words()
    report(cast, clock.now())
    assert follow(clock.now()) == 1
    assert state() == ("DITINJAU", "branch")


def test_when_the_older_request_is_taken_back_the_worker_is_told_too(siti, cast):
    ask_company(siti, cast.siti_at_maju)
    older = request_numbered(DeactivationRequest.get().id)
    sent(siti, cast)
    requests.withdraw(older, siti_user(), version=older.version, now=clock.now())
    assert follow(clock.now()) == 1
    assert "tidak berjalan lagi" in siti.open(here()).words()
    assert any("ajukan lagi" in body for body in told("switch held up"))


def test_what_waits_for_its_first_contribution_can_be_taken_back(siti, cast):
    bill = approved(siti, cast)
    siti.open(here())
    siti.open(here("/batal"))
    assert "Kode bayarnya tidak berlaku lagi" in siti.page.words()
    siti.send()
    assert (state(), Bill.get_by_id(bill.id).state) == (("DIBATALKAN", None), "KEDALUWARSA")


def test_after_the_end_it_goes_straight_to_the_branch(siti, cast):
    at_branch(siti, cast)
    assert state() == ("DITINJAU", "branch")
    assert (only().starts_on, DeactivationRequest.select().count()) == (date(2026, 11, 21), 0)
    assert only().case.due_on == date(2026, 11, 27)


def test_what_was_reported_since_the_check_page_needs_no_company_any_more(siti, cast):
    drafted(siti, cast)
    fields = siti.page.fields(".confirm-bar")
    reported(cast, last_day=date(2026, 11, 20))
    page = siti.post(here("/periksa"), fields)
    assert (page.path, state()) == (here("/terkirim"), ("DITINJAU", "branch"))
    assert DeactivationRequest.select().count() == 0


def test_a_report_at_the_very_moment_is_a_conflict_and_nobody_is_asked_twice(siti, cast):
    drafted(siti, cast)
    draft = only()
    with pytest.raises(service.CaseChanged), write_transaction():
        sending._held(draft, Ending(draft.last_day) if reported(cast) else None)
    assert state() == ("DRAF", "worker")


def test_an_undone_report_leaves_it_at_the_branch_which_cannot_approve(siti, dewi, cast):
    at_branch(siti, cast)
    made = Deactivation.get()
    made.membership.company = cast.maju
    deactivations.undo(made, cast.budi, reason="Keliru", company=cast.maju,
                       rules=rules_on(clock.today()), now=clock.now())
    dewi.open(f"/cabang/mandiri/{only().case.public_id}")
    page = dewi.send("form[action$='/ambil']")
    assert "Kepesertaannya di perusahaan belum berakhir." in page.words()
    assert not [one for one in page.select("a") if one.text_content() == "Setujui"]


def test_a_recorded_death_ends_what_is_under_way(siti, cast):
    bill = approved(siti, cast)
    before = Message.select().count()
    died(cast)
    assert (*state(), Bill.get_by_id(bill.id).state) == (
        "DIBATALKAN", None, "KEDALUWARSA")
    assert Message.select().count() == before     # nobody writes to the dead
    assert events()[-1] == "switch:withdrawn"


def test_a_closed_account_gives_up_the_draft_alone(siti, cast):
    drafted(siti, cast)
    assert len(service.end_with_account(worker_siti(), clock.now())) == 1
    assert state() == ("DIBATALKAN", None)
    Switch.delete().execute()
    Case.delete().execute()
    sent(siti, cast)
    assert service.end_with_account(worker_siti(), clock.now()) == []
    assert state()[0] == "DIAJUKAN"
    assert siti_user().state == "AKTIF"


def test_every_sms_fits_for_every_name():
    day = date(2026, 9, 30)
    bill = SimpleNamespace(amount=999_999_999, expires_on=day)
    faults = [(code, "x" * 300) for code in ("income", "paper:KTP", "paper:SURAT_RESIGN")]
    for make in (lambda one: messages.at_company(one, day), messages.after_request,
                 messages.stopped_waiting,
                 lambda one: messages.at_branch(one, day),
                 lambda one: messages.held_up(one, "x" * 999),
                 lambda one: messages.returned(one, faults), messages.withdrawn,
                 lambda one: messages.corrected(one, day), lambda one: messages.refused(one, "x"),
                 lambda one: messages.approved(one, bill),
                 lambda one: messages.began(one, SimpleNamespace(started_on=day))):
        def sms(name, make=make):
            case = SimpleNamespace(number="N7K422QD8MX2", company=SimpleNamespace(name=name))
            return make(SimpleNamespace(case=case, starts_on=day,
                                        membership=SimpleNamespace(kpj="30145274512")))["sms"]
        for name, text in sms_for_every_name(sms):
            assert 0 < len(text) <= 160, (name, text)
