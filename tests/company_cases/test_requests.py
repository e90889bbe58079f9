"""A request before its company: agreed to, refused, confirmed, taken over by the branch."""

import json
from datetime import date, timedelta

import pytest
import time_machine

from tests.company_cases.asking import ask, fill_in, place_of, state_of
from tests.page import Clerk, in_parallel
from webapp import audit, clock
from webapp.deactivation import service as deactivations
from webapp.models.audit import AuditEntry
from webapp.models.cases import CaseVisit, DeactivationRequest
from webapp.models.deactivations import Deactivation
from webapp.models.messages import Message
from webapp.models.workers import Membership
from webapp.parameters import rules_on
from webapp.requests import service
from webapp.requests.queries import open_request_of


def entries(kind):
    return AuditEntry.select().where(AuditEntry.kind == kind).count()


def told(kind):
    return {(row.channel, row.worker_id or row.user_id)
            for row in Message.select().where(Message.kind == kind)}


def both_channels(cast):
    return {("sms", cast.siti_at_maju.worker_id), ("email", cast.siti_at_maju.worker_id)}


def test_the_page_tells_who_asks_for_what_and_until_when(ani, asked):
    words = ani.open(asked.place).words()
    assert "Siti Rahayu meminta kepesertaannya diakhiri per 30 November 2026" in words
    assert "karena mengundurkan diri" in words
    assert "paling lambat 1 Desember 2026, 7 hari kerja lagi" in words
    assert "KPJ 3••••••4512" in words
    assert "1 Mei 2021" in words
    assert "Pindah ke Bandung" in words
    assert ani.page.words(".status") == "Menunggu Anda"


def test_agreeing_hands_it_to_the_worker_and_tells_her(ani, asked, cast):
    ani.open(asked.place)
    page = ani.send()
    assert "Menunggu formulir" in page.words()
    assert "Ani Wulandari menyetujui" in page.words(".timeline")
    assert state_of(asked) == ("DISETUJUI", "worker")
    assert told("case:request approved") == both_channels(cast)
    assert entries("request:approved") == 1
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "AKTIF"


def test_pressing_twice_agrees_once(ani, asked):
    ani.open(asked.place)
    page = ani.send_again()
    assert (page.status, page.path) == (200, asked.place)
    assert entries("request:approved") == 1


def test_htmx_gets_the_page_that_follows_in_one_answer(ani, asked):
    ani.open(asked.place)
    page = ani.send(htmx=True)
    assert page.status == 200
    assert page.headers["HX-Push-Url"] == asked.place
    assert "Menunggu formulir" in page.text


def test_refusing_wants_a_reason(ani, asked):
    ani.open(f"{asked.place}/tolak")
    page = ani.send(reason="  ")
    assert (page.status, page.errors()) == (422, {"reason": "Tulis alasan penolakan."})
    assert state_of(asked)[0] == "DIAJUKAN"


@pytest.mark.parametrize("fixture", ["asked", "filled"])
def test_refusing_tells_the_worker_why(request, ani, cast, fixture):
    asked = request.getfixturevalue(fixture)
    ani.open(f"{asked.place}/tolak")
    page = ani.send(reason="Tanggalnya 15 Desember, ajukan lagi.")
    assert page.words(".status") == "Ditolak"
    assert "Ani Wulandari menolak" in page.words(".timeline")
    assert "Tanggalnya 15 Desember" in page.words(".timeline")
    assert state_of(asked) == ("DITOLAK", None)
    assert told("case:request refused") == both_channels(cast)
    letter = Message.get((Message.kind == "case:request refused") & (Message.channel == "email"))
    assert "Tanggalnya 15 Desember, ajukan lagi." in letter.body
    assert all("15 Desember" not in row.details for row in AuditEntry.select())


def test_a_refusal_of_the_form_leaves_the_approval_before_it(ani, siti, dewi, filled):
    ani.open(f"{filled.place}/tolak")
    assert "Formulir diisi Siti Rahayu" in ani.send(reason="Belum waktunya.").words(".timeline")
    assert "Sesudah disetujui." in ani.page.words(".timeline")
    words = siti.open(f"/permohonan/{filled.case.public_id}").words(".timeline")
    assert "Sesudah PT Maju Bersama menyetujui." in words
    assert "PT Maju Bersama menolak" in words
    page = dewi.open(f"/cabang/kasus/{filled.case.public_id}")
    assert "Sesudah perusahaan menyetujui." in page.words(".timeline")
    assert "Jawaban perusahaan Menyetujui" in page.words("#about-request")


def test_a_refusal_is_an_answer_at_the_desk(ani, dewi, asked):
    ani.open(f"{asked.place}/tolak")
    ani.send(reason="Belum waktunya.")
    page = dewi.open(f"/cabang/kasus/{asked.case.public_id}")
    assert "Jawaban perusahaan Menolak 22 November 2026" in page.words("#about-request")


def test_refusing_twice_refuses_once(ani, asked):
    ani.open(f"{asked.place}/tolak")
    page = ani.send_again(reason="Belum waktunya.")
    assert (page.status, page.path) == (200, asked.place)
    assert entries("request:refused") == 1


def test_a_colleague_was_first_and_what_was_typed_is_shown(ani, budi, asked):
    ani.open(f"{asked.place}/tolak")
    budi.open(asked.place)
    budi.send()
    page = ani.send(reason="Serah terima belum selesai.")
    assert (page.status, page.heading) == (409, "Permohonan ini sudah berubah")
    assert "Budi Hartono menyetujuinya pada 22 November 2026" in page.words()
    assert "Serah terima belum selesai." in page.words("main pre")
    assert state_of(asked)[0] == "DISETUJUI"


def test_the_worker_took_it_back_meanwhile(ani, asked, cast, now):
    ani.open(asked.place)
    service.withdraw(open_request_of(cast.siti_at_maju), cast.siti, version=asked.row.version,
                     now=now)
    page = ani.send()
    assert page.status == 409
    assert "Siti Rahayu sudah menarik permohonannya." in page.words()
    assert "Anda tulis" not in page.words(), "nothing was typed"


def test_a_reason_that_was_not_sent_waits_on_every_browser(app, ani, asked, cast):
    ani.open(f"{asked.place}/tolak")
    page = ani.post(f"{asked.place}/simpan", {**ani.page.fields(), "reason": "Belum serah"})
    assert page.heading == "Tolak permohonan Siti Rahayu"
    assert "Tersimpan" in page.words(".notice")
    other = Clerk(app).is_signed_in_as(cast.ani)
    assert other.open(f"{asked.place}/tolak").fields()["reason"].strip() == "Belum serah"
    line = other.post(f"{asked.place}/simpan", {**other.page.fields(), "reason": "Belum serah te"},
                      htmx=True)
    assert "Tersimpan 22 November 2026" in line.text
    assert Clerk(app).is_signed_in_as(cast.budi).open(f"{asked.place}/tolak").fields()[
        "reason"].strip() == ""
    other.open(f"{asked.place}/tolak")
    other.send()
    assert DeactivationRequest.get().answer == "Belum serah te"
    assert CaseVisit.get(CaseVisit.user == cast.ani).typed_sealed is None


def test_what_comes_too_late_to_be_kept_is_not_said_to_be_kept(ani, asked, cast, now):
    ani.open(f"{asked.place}/tolak")
    fields = {**ani.page.fields(), "reason": "Belum serah"}
    service.approve(asked.row, cast.budi, version=asked.row.version, now=now)
    assert ani.post(f"{asked.place}/simpan", fields, htmx=True).status == 409
    page = ani.post(f"{asked.place}/simpan", fields)
    assert (page.status, page.words("main pre")) == (409, "Belum serah")


def test_before_confirming_it_says_what_will_happen(ani, filled):
    words = ani.open(filled.place).words()
    assert "Anda akan menonaktifkan Siti Rahayu mulai 30 November 2026" in words
    assert "Perlindungannya berlaku sampai hari kerja terakhir: 30 November 2026." in words
    assert "bisa diajukan mulai 30 Desember 2026" in words
    assert "Alamat pekerja Sudah diisi" in words
    assert "Melati" not in ani.page.text, "where she lives is not the company's to know"


def test_confirming_ends_the_membership_with_one_receipt(ani, cast, now):
    filled = fill_in(cast, now, last_day=date(2026, 11, 20))
    ani.open(place_of(filled.case, cast.maju))
    page = ani.send_again("form.confirm-bar")
    made = Deactivation.get()
    assert page.path.endswith(f"/nonaktif/{made.public_id}")
    assert page.heading == "Selesai"
    assert (made.state, made.filed_by, made.last_day) == ("BERLAKU", cast.ani, date(2026, 11, 20))
    row = DeactivationRequest.get()
    assert (row.state, row.deactivation) == ("SELESAI", made)
    assert Membership.get_by_id(cast.siti_at_maju.id).status == "NONAKTIF"
    assert (entries("deactivation:filed"), Deactivation.select().count()) == (1, 1)
    assert told("deactivation:filed") == both_channels(cast)
    words = ani.open(place_of(filled.case, cast.maju)).words()
    assert "Kepesertaan Siti Rahayu berakhir 20 November 2026" in words
    assert not list(audit.verify())


def test_two_clerks_confirm_at_once_and_both_are_told_the_truth(app, cast, filled):
    people = [Clerk(app).is_signed_in_as(user) for user in (cast.ani, cast.budi)]
    for person in people:
        person.open(filled.place)
    pages = in_parallel(lambda number: people[number].send("form.confirm-bar"), 2)
    assert Deactivation.select().count() == 1
    by = Deactivation.get().filed_by.name
    assert sorted(page.status for page in pages) == [200, 409]
    loser, = [page for page in pages if page.status == 409]
    assert loser.heading == "Siti Rahayu sudah dilaporkan berhenti"
    assert f"{by} melaporkannya" in loser.words()


def test_a_colleague_reported_her_from_the_list_first(ani, cast, filled, now):
    ani.open(filled.place)
    draft = deactivations.save_draft(
        Membership.get_by_id(cast.siti_at_maju.id), cast.budi, reason="PHK", note="",
        document=None, last_day=date(2026, 11, 20), now=now)
    deactivations.file(draft, cast.budi, version=draft.version, company=cast.maju, now=now,
                       rules=rules_on(clock.day_of(now)))
    page = ani.send("form.confirm-bar")
    assert (page.status, page.heading) == (409, "Siti Rahayu sudah dilaporkan berhenti")
    assert "Budi Hartono melaporkannya" in page.words()
    assert ani.open(page.tree.xpath("//main//a/@href")[-1]).status == 200
    assert "Dilaporkan Budi Hartono" in ani.open(filled.place).words()


def test_a_last_day_that_cannot_be_is_judged_again(ani, cast, filled):
    ani.open(filled.place)
    Membership.update(started_on=date(2026, 12, 5)).execute()
    page = ani.send("form.confirm-bar")
    assert page.status == 409
    assert "Tanggal ini sebelum Siti mulai bekerja (5 Desember 2026)" in page.words()
    assert not page.select("form.confirm-bar")
    assert state_of(filled) == ("FORMULIR_TERISI", "company")
    assert not Deactivation.select().exists()
    ani.open(f"{filled.place}/tolak")
    assert ani.send(reason="Tanggalnya sebelum ia mulai.").words(".status") == "Ditolak"


@pytest.mark.parametrize("act", ["setujui", "konfirmasi"])
def test_an_act_that_does_not_fit_its_step_changes_nothing(ani, asked, filled_elsewhere, act):
    here = asked.place if act == "konfirmasi" else filled_elsewhere
    before = [row.state for row in DeactivationRequest.select()]
    page = ani.post(f"{here}/{act}", {"csrf_token": ani.token(), "version": "2"})
    assert page.status == 409
    assert [row.state for row in DeactivationRequest.select()] == before


@pytest.fixture
def filled_elsewhere(cast, now):
    """Where another worker's filled-in form waits."""
    other = Membership.get(Membership.kpj == "30145270001")
    request = fill_in(cast, now, membership=other)
    return place_of(request.case, cast.maju)


def test_the_address_of_an_act_leads_back_to_its_page(ani, asked):
    for act in ("setujui", "konfirmasi"):
        assert ani.open(f"{asked.place}/{act}").path == asked.place
    assert ani.open(f"{asked.place}/simpan").path == f"{asked.place}/tolak"


@pytest.mark.parametrize("act", ["jawaban"])
def test_what_belongs_to_objections_is_missing_here(ani, asked, act):
    assert ani.open(f"{asked.place}/{act}").status == 404


def test_when_the_clock_ran_out_the_branch_has_it_and_the_company_can_still_report(
        ani, cast, now):
    asked = ask(cast, now)
    later = now + timedelta(days=10)
    assert service.escalate_overdue(later) == 1
    with time_machine.travel(later):
        ani.is_signed_in_as(cast.ani)
        page = ani.open(place_of(asked.case, cast.maju))
        assert "Sekarang ditangani Kantor Cabang Jakarta Selatan" in page.words()
        assert "Batas waktu Anda sudah lewat" in page.words()
        assert not page.select("form.confirm-bar")
        form, = page.tree.xpath("//main//a[contains(@href, '/nonaktifkan')]/@href")
        ani.open(form)
        ani.send(reason="RSG", last_day="2026-11-20")
        assert ani.send().heading == "Selesai"
    assert DeactivationRequest.get().state == "SELESAI"
    assert json.loads(AuditEntry.get(AuditEntry.kind == "request:escalated").details)["number"]
