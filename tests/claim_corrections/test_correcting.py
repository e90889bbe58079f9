"""Perbaiki: only what staff marked can be changed; the rest stays as it was sent."""

import pytest
import time_machine

from tests.claims.claiming import (
    PURPOSE,
    code_sent,
    hand_in,
    here,
    linked,
    moved,
    only_claim,
    submitted,
)
from tests.page import Clerk
from tests.papers.conftest import photograph
from tests.papers.conftest import sent as file_sent
from webapp import audit, clock
from webapp.cases import service as cases
from webapp.claims import correcting
from webapp.claims.faults import as_json
from webapp.db import write_transaction
from webapp.models.accounts import Challenge
from webapp.models.audit import AuditEntry
from webapp.models.cases import AT_WORKER, Paper
from webapp.models.claims import CUT, RETURNED, Claim, Destination
from webapp.models.messages import Message
from webapp.models.people import User

LATER = "2026-11-24T02:00:00Z"


@pytest.fixture
def tomorrow():
    """Two days after the claim was sent and returned."""
    with time_machine.travel(LATER):
        yield


def returned(siti, cast, *faults):
    """The branch has sent the claim back."""
    submitted(siti, cast)
    claim = only_claim()
    claim.faults = as_json(faults)
    now = clock.now()
    with write_transaction():
        claim = moved(claim, RETURNED, faults_sealed=claim.faults_sealed, returned_at=now,
                      returned_by=cast.dewi)
        cases.hand_on(claim.case, AT_WORKER, None, now)     # as the branch does
    return only_claim()


def correct_page(siti):
    return siti.open(f"{here()}/perbaiki")


def test_the_card_and_the_status_lead_to_what_is_marked(siti, cast):
    returned(siti, cast, ("purpose", "Tulis nama rumah sakitnya."))
    page = siti.open("/beranda")
    assert page.select(f"a.button-action[href='{here()}/perbaiki']")
    page = siti.open(here())
    assert "Tulis nama rumah sakitnya." in page.words()
    assert page.select(f"a.button-action[href='{here()}/perbaiki']")
    assert len(page.select(".button-action")) == 1


def test_only_the_marked_fields_are_there(siti, cast):
    returned(siti, cast, ("purpose", "Tulis nama rumah sakitnya."))
    page = correct_page(siti)
    assert set(page.fields("#correction")) == {"csrf_token", "version", "purpose"}
    assert page.fields("#correction")["purpose"] == PURPOSE["purpose"]
    assert not page.select("#papers")


def test_what_is_put_right_goes_back_to_the_branch_with_a_fresh_day(siti, cast):
    returned(siti, cast, ("purpose", "Tulis nama rumah sakitnya."))
    correct_page(siti)
    page = siti.send("#correction", purpose="Rawat inap di RS Budi")
    claim = only_claim()
    assert page.path == here()
    assert (claim.state, claim.purpose) == ("VERIFIKASI", "Rawat inap di RS Budi")
    assert (claim.case.holder, claim.case.due_on.isoformat()) == ("branch", "2026-11-23")
    assert "Perbaikan dikirim" in page.words()
    assert Challenge.select().where(Challenge.used_at.is_null()).count() == 0
    sms = Message.get(Message.kind == "case:claim corrected", Message.channel == "sms")
    assert sms.body.startswith("Purna: pencairan Rp4.250.000 sudah diperbaiki. Kantor cabang "
                               "memeriksanya lagi paling lambat 23 November 2026.")
    entry = AuditEntry.get(AuditEntry.kind == "claim:corrected")
    assert entry.actor == cast.siti.public_id
    assert not list(audit.verify())


def test_what_is_not_marked_stays_whatever_is_sent(siti, cast):
    returned(siti, cast, ("purpose", "Tulis nama rumah sakitnya."))
    other = linked(cast.ani, "999")
    correct_page(siti)
    siti.send("#correction", purpose="RS Budi", amount="5.000.000", receipt_total="9.000.000",
              treated_on="2026-11-11", reason="Lain", address="Lain", state="DISETUJUI",
              destination=str(other.public_id), approved="1", kind="OBT")
    claim = only_claim()
    assert (claim.purpose, claim.amount, claim.receipt_total) == ("RS Budi", 4_250_000, 5_000_000)
    assert (claim.reason, claim.treated_on.isoformat()) == (PURPOSE["reason"], "2026-11-10")
    assert (claim.kind, claim.state, claim.approved) == ("MED", "VERIFIKASI", None)
    assert claim.destination.number == "1234568123"
    assert User.get_by_id(cast.siti.id).address != "Lain"


def test_the_act_itself_takes_no_more_than_what_is_marked(siti, cast):
    claim = returned(siti, cast, ("purpose", "x"))
    correcting.correct(claim, cast.siti, version=claim.version, now=clock.now(), answers={
        "purpose": "RS Budi", "reason": "Lain", "receipt_total": 9, "state": "DISETUJUI"})
    claim = only_claim()
    assert (claim.purpose, claim.reason, claim.receipt_total, claim.state) == (
        "RS Budi", PURPOSE["reason"], 5_000_000, "VERIFIKASI")


def test_a_code_sends_no_correction_to_an_account_that_was_cut(siti, cast, tomorrow):
    with time_machine.travel("2026-11-22T06:30:00Z"):
        siti.is_signed_in_as(cast.siti)
        returned(siti, cast, ("amount", "x"))
    siti.is_signed_in_as(cast.siti)
    correct_page(siti)
    siti.send("#correction", amount="4.000.000")
    Destination.update(state=CUT, ended_at=clock.now()).execute()
    assert siti.send(code=code_sent()).status == 409
    assert only_claim().state == RETURNED


def test_pressed_twice_it_is_sent_once(siti, cast):
    returned(siti, cast, ("purpose", "Tulis nama rumah sakitnya."))
    correct_page(siti)
    page = siti.send_again("#correction", purpose="RS Budi")
    assert page.path == here()
    assert AuditEntry.select().where(AuditEntry.kind == "claim:corrected").count() == 1


def test_an_older_page_changes_nothing_and_shows_what_was_typed(app, siti, cast):
    claim = returned(siti, cast, ("purpose", "Tulis nama rumah sakitnya."))
    correct_page(siti)
    moved(claim, RETURNED)     # marked anew meanwhile
    page = siti.send("#correction", purpose="RS Budi")
    assert page.status == 409
    assert "RS Budi" in page.words()
    assert only_claim().state == RETURNED


@pytest.mark.parametrize("state", ["DIAJUKAN", "VERIFIKASI"])
def test_what_was_not_sent_back_cannot_be_corrected(siti, cast, state):
    claim = returned(siti, cast, ("purpose", "x"))
    claim = moved(claim, state)
    assert correct_page(siti).path == here()
    fields = {"csrf_token": siti.token(), "version": str(claim.version), "purpose": "y"}
    assert siti.post(f"{here()}/perbaiki", fields).status == 409
    assert (only_claim().state, only_claim().version) == (state, claim.version)


def test_a_changed_amount_asks_for_a_code_that_is_bound_to_it(siti, cast):
    returned(siti, cast, ("amount", "Lebih dari rincian."), ("receipt_total", "Salah baca."))
    correct_page(siti)
    with time_machine.travel(LATER):
        siti.is_signed_in_as(cast.siti)
        correct_page(siti)
        page = siti.send("#correction", amount="4.000.000", receipt_total="4.100.000")
        assert page.path.startswith(f"{here()}/perbaiki/kode/")
        assert "Rp4.000.000 ke BCA ••••8123" in page.words()
        assert only_claim().amount == 4_250_000
        siti.send(code=code_sent())
    claim = only_claim()
    assert (claim.state, claim.amount, claim.receipt_total, claim.entitlement) == (
        "VERIFIKASI", 4_000_000, 4_100_000, 4_100_000)


def test_the_same_amount_needs_no_code(siti, cast):
    returned(siti, cast, ("amount", "Benar begitu?"))
    correct_page(siti)
    siti.send("#correction")
    assert only_claim().state == "VERIFIKASI"


def test_above_the_limit_it_needs_two_from_now_on(siti, cast):
    returned(siti, cast, ("amount", "x"), ("receipt_total", "x"))
    with time_machine.travel(LATER):
        siti.is_signed_in_as(cast.siti)
        correct_page(siti)
        siti.send("#correction", amount="6.000.000", receipt_total="6.000.000")
        siti.send(code=code_sent())
    claim = only_claim()
    assert (claim.needs_second, claim.case.due_on.isoformat()) == (True, "2026-12-01")


@pytest.mark.parametrize(("answers", "field"), [
    ({"amount": "5.000.001"}, "amount"), ({"treated_on": "2020-01-01"}, "treated_on"),
    ({"amount": ""}, "amount")])
def test_the_rules_hold_for_a_correction_too(siti, cast, answers, field):
    returned(siti, cast, ("amount", "x"), ("treated_on", "x"))
    correct_page(siti)
    page = siti.send("#correction", **answers)
    assert page.status == 422
    assert field in page.errors()
    assert (only_claim().state, only_claim().amount) == (RETURNED, 4_250_000)


def test_what_the_marked_fields_cannot_mend_stands_in_the_summary(siti, cast):
    returned(siti, cast, ("receipt_total", "Salah baca."))
    correct_page(siti)
    page = siti.send("#correction", receipt_total="4.000.000")
    assert page.status == 422
    assert "Jumlah pencairan paling banyak Rp4.000.000." in page.words(".error-summary")


def test_a_code_is_dead_once_the_claim_or_its_papers_change(siti, cast):
    returned(siti, cast, ("amount", "x"), ("paper:KUITANSI", "Buram."))
    with time_machine.travel(LATER):
        siti.is_signed_in_as(cast.siti)
        hand_in(only_claim(), cast.siti, "KUITANSI", "red")
        correct_page(siti)
        siti.send("#correction", amount="4.000.000")
        path, fields, code = siti.page.path, siti.page.fields(), code_sent()
        hand_in(only_claim(), cast.siti, "KUITANSI", "blue")
        page = siti.post(path, {**fields, "code": code})
    assert page.status == 409
    assert "tidak berlaku lagi" in page.heading
    assert (only_claim().state, only_claim().amount) == (RETURNED, 4_250_000)


def test_marked_papers_alone_can_be_handed_in_and_must_be(siti, cast, tomorrow):
    with time_machine.travel("2026-11-22T06:30:00Z"):
        siti.is_signed_in_as(cast.siti)
        returned(siti, cast, ("paper:KUITANSI", "Buram."), ("paper:KTP", "Belum ada."))
    siti.is_signed_in_as(cast.siti)
    page = correct_page(siti)
    assert [option.get("value") for option in page.select("#paper-kind option")][1:] == [
        "KUITANSI", "KTP"]
    page = siti.send("#correction")
    assert page.status == 422
    assert "Unggah dulu: Kuitansi, KTP." in page.words(".error-summary")
    box = f"/kasus/{only_claim().case.public_id}/berkas"
    token = siti.token()
    forged = siti.browser.post(box, data={"csrf_token": token, "kind": "PASPOR",
                                          "file": file_sent(photograph("red"))})
    assert forged.status_code == 409
    assert Paper.select().count() == 1
    same = siti.browser.post(box, data={"csrf_token": token, "kind": "KUITANSI",
                                        "file": file_sent(photograph("teal"))})
    assert same.status_code == 422
    assert "sama dengan yang dikirim sebelumnya" in same.get_data(as_text=True)
    hand_in(only_claim(), cast.siti, "KUITANSI", "red")
    hand_in(only_claim(), cast.siti, "KTP", "green")
    correct_page(siti)
    siti.send("#correction")
    assert only_claim().state == "VERIFIKASI"
    assert Paper.select().count() == 3


def test_what_was_sent_stays_and_what_was_added_since_can_be_taken_back(siti, cast, tomorrow):
    with time_machine.travel("2026-11-22T06:30:00Z"):
        siti.is_signed_in_as(cast.siti)
        returned(siti, cast, ("paper:KUITANSI", "Buram."))
    siti.is_signed_in_as(cast.siti)
    first, second = Paper.get(), hand_in(only_claim(), cast.siti, "KUITANSI", "red")
    page = correct_page(siti)
    assert len(page.select("#papers form[action$='/hapus']")) == 1
    box = f"/kasus/{only_claim().case.public_id}/berkas"
    fields = {"csrf_token": siti.token(), "offered": "KUITANSI"}
    assert siti.post(f"{box}/{first.public_id}/hapus", fields).status == 409
    assert siti.post(f"{box}/{second.public_id}/hapus", fields).path == f"{here()}/perbaiki"
    assert [paper.id for paper in Paper.select()] == [first.id]


@pytest.mark.parametrize("state", ["DIAJUKAN", "VERIFIKASI", "DISETUJUI"])
def test_no_paper_comes_or_goes_while_the_branch_has_it(siti, cast, state):
    submitted(siti, cast)
    box, paper = f"/kasus/{only_claim().case.public_id}/berkas", Paper.get()
    granted = {"approved": 1, "approved_by": cast.dewi, "approved_at": clock.now()}
    moved(only_claim(), state, **(granted if state == "DISETUJUI" else {}))
    token = siti.token()
    added = siti.browser.post(box, data={"csrf_token": token, "kind": "KTP",
                                         "file": file_sent(photograph("red"))})
    assert added.status_code == 404
    assert siti.post(f"{box}/{paper.public_id}/hapus", {"csrf_token": token}).status == 409
    assert Paper.select().count() == 1


def test_a_marked_account_must_be_another_one(siti, cast, tomorrow):
    with time_machine.travel("2026-11-22T06:30:00Z"):
        siti.is_signed_in_as(cast.siti)
        returned(siti, cast, ("destination", "Bukan atas nama Anda."))
    siti.is_signed_in_as(cast.siti)
    page = correct_page(siti)
    assert page.select(f"a[href='/rekening/sambungkan?lanjut={here()}/perbaiki']")
    assert "Sambungkan dulu rekening" in siti.send("#correction").words(".error-summary")
    Destination.update(state=CUT, ended_at=clock.now()).execute()
    other = linked(cast.siti, "7777000001", "BNI", now=clock.now())
    correct_page(siti)
    page = siti.send("#correction")
    assert "Rp4.250.000 ke BNI ••••0001" in page.words()
    siti.send(code=code_sent())
    assert (only_claim().state, only_claim().destination) == ("VERIFIKASI", other)


def test_what_was_redirected_meanwhile_needs_no_second_code(siti, cast, tomorrow):
    with time_machine.travel("2026-11-22T06:30:00Z"):
        siti.is_signed_in_as(cast.siti)
        claim = returned(siti, cast, ("destination", "Bukan atas nama Anda."))
    siti.is_signed_in_as(cast.siti)
    Destination.update(state=CUT, ended_at=clock.now()).execute()
    other = linked(cast.siti, "7777000001", "BNI", now=clock.now())
    Claim.update(destination=other, version=Claim.version + 1).where(Claim.id == claim.id).execute()
    correct_page(siti)
    siti.send("#correction")
    assert (only_claim().state, only_claim().destination) == ("VERIFIKASI", other)


def test_the_address_is_put_right_in_the_account(siti, cast):
    returned(siti, cast, ("address", "Tulis nomor rumah."))
    correct_page(siti)
    siti.send("#correction", address="Jalan Melati 33")
    assert User.get_by_id(cast.siti.id).address == "Jalan Melati 33"
    assert only_claim().state == "VERIFIKASI"


def test_what_is_typed_waits_on_another_phone(app, siti, cast):
    returned(siti, cast, ("purpose", "x"))
    correct_page(siti)
    answer = siti.post(f"{here()}/perbaiki/simpan",
                       {**siti.page.fields("#correction"), "purpose": "Separuh", "amount": "1"},
                       htmx=True)
    assert answer.words("#kept").startswith("Tersimpan")
    phone = Clerk(app).sign_in("siti@pekerja.example")
    assert phone.open(f"{here()}/perbaiki").fields("#correction")["purpose"] == "Separuh"
    assert cases.typed_in(only_claim().case, cast.siti) == {"purpose": ["Separuh"]}


def test_without_javascript_keeping_says_so_and_too_late_as_well(siti, cast):
    returned(siti, cast, ("purpose", "x"))
    correct_page(siti)
    fields = siti.page.fields("#correction")
    page = siti.post(f"{here()}/perbaiki/simpan", {**fields, "purpose": "Nanti"})
    assert "Tersimpan. Anda bisa melanjutkannya nanti" in page.words()
    moved(only_claim(), "VERIFIKASI")
    assert siti.post(f"{here()}/perbaiki/simpan", fields, htmx=True).status == 409
    assert siti.post(f"{here()}/perbaiki/simpan", fields).path == here()


def test_what_was_typed_as_the_session_ended_is_back(siti, cast):
    returned(siti, cast, ("purpose", "x"))
    correct_page(siti)
    fields = siti.page.fields("#correction")
    with time_machine.travel("2026-11-22T07:30:00Z"):
        page = siti.post(f"{here()}/perbaiki", {**fields, "purpose": "Yang penting"})
        assert page.heading == "Masuk"
        page = siti.send(account="siti@pekerja.example", password="purna-demo-2026")
    assert page.fields("#correction")["purpose"] == "Yang penting"
