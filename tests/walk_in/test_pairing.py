"""Kode loket: the officer goes on with what the worker began at home."""

from datetime import timedelta

import pytest
import time_machine

from tests.page import Clerk, in_parallel
from tests.people import account_for
from webapp import clock
from webapp.cases import service as cases
from webapp.db import write_transaction
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case, DeactivationRequest, Pairing, Paper, WalkIn
from webapp.models.deactivations import Deactivation
from webapp.models.documents import Document
from webapp.models.people import User
from webapp.models.workers import Worker
from webapp.otp import new_code
from webapp.requests import service as requests
from webapp.requests.queries import open_request_of
from webapp.walk_in import pairing

FORM = "main form:has(select[name=KTP])"


@pytest.fixture
def asked(cast, now):
    """Siti's draft, kept on the server."""
    request = requests.begin(cast.siti_at_maju, cast.siti, now)
    return requests.keep_draft(request, reason="PKW", last_day=clock.today(), note="Dari rumah",
                               now=now)


def code_on(siti, asked):
    """Siti asks for the code; the six digits on her screen."""
    siti.open(f"/permohonan/{asked.case.public_id}/kode-loket")
    page = siti.send()
    return page.words(".receipt-number").replace(" ", "")


def pair(clerk, code):
    clerk.open("/cabang/loket/kode")
    return clerk.send(code=code)


def test_the_officer_goes_on_with_the_same_draft(siti, dewi, asked, cast):
    cases.keep_typed(asked.case, cast.siti, {"note": ["Belum selesai diketik"]}, clock.now())
    page = pair(dewi, code_on(siti, asked))
    assert "Dilanjutkan dari isian pekerja" in page.words()
    walk_in = WalkIn.get()
    assert (walk_in.reason, walk_in.last_day, walk_in.request_id) == (
        "PKW", clock.today(), asked.id)
    assert page.fields(FORM)["note"].strip() == "Belum selesai diketik"
    entry = AuditEntry.get(AuditEntry.kind == "walk-in:paired")
    assert entry.actor == cast.dewi.public_id
    assert Pairing.get().used_by == cast.dewi


def test_when_it_is_filed_the_workers_request_is_done(siti, dewi, asked):
    pair(dewi, code_on(siti, asked))
    dewi.send(form=FORM, KTP="asli", KK="asli", KARTU="asli", PAKLARING="asli")
    assert dewi.send().heading == "Selesai"
    request = DeactivationRequest.get()
    assert (request.state, request.deactivation) == ("SELESAI", Deactivation.get())
    assert not Case.select().where(Case.holder.is_null(False)).exists()


def test_a_code_is_good_once_and_for_a_quarter_of_an_hour(siti, dewi, eka, asked):
    code = code_on(siti, asked)
    pair(dewi, code)
    assert "Tidak ada yang menunjukkan kode ini" in pair(eka, code).words()
    siti.open(f"/permohonan/{asked.case.public_id}/kode-loket")
    second = code_on(siti, asked)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        eka = Clerk(eka.browser.application).is_signed_in_as(User.get(User.role == "supervisor"))
        assert "Tidak ada yang menunjukkan kode ini" in pair(eka, second).words()


def test_the_same_code_stays_on_screen(siti, asked):
    first = code_on(siti, asked)
    siti.open(f"/permohonan/{asked.case.public_id}/kode-loket")
    assert siti.page.words(".receipt-number").replace(" ", "") == first


def test_at_another_branch_the_code_brings_the_case_along(siti, joko, dewi, asked):
    page = pair(joko, code_on(siti, asked))
    assert "Nonaktif di loket: Siti Rahayu" in page.heading
    assert dewi.open(page.path).status == 404


def test_guesses_are_few(dewi, asked):
    statuses = [pair(dewi, new_code()).status for _ in range(12)]
    assert statuses[:10] == [422] * 10
    assert statuses[10:] == [429, 429]


def test_another_workers_request_has_no_code(app, cast, asked):
    stranger = account_for(Worker.get(Worker.name == "Agus Setiawan"))
    page = Clerk(app).is_signed_in_as(stranger).open(
        f"/permohonan/{asked.case.public_id}/kode-loket")
    assert page.status == 404


def test_an_empty_draft_takes_nothing_from_the_officer(siti, dewi, cast, now):
    request = requests.begin(cast.siti_at_maju, cast.siti, now)
    dewi.post(f"/cabang/loket/mulai/{cast.siti_at_maju.public_id}", {"csrf_token": dewi.token()})
    dewi.send(form=FORM, reason="RSG", last_day="2026-11-20", KTP="asli", KK="asli", KARTU="asli",
              PAKLARING="asli")
    check = dewi.page
    pair(dewi, code_on(siti, request))
    assert (WalkIn.get().reason, str(WalkIn.get().last_day)) == ("RSG", "2026-11-20")
    dewi.page = check
    assert dewi.send().status == 409     # it was checked before the worker's draft came along
    assert Deactivation.select().where(Deactivation.state != "DRAF").count() == 0


def test_what_was_handed_in_at_home_is_there_and_counts(siti, dewi, cast, asked, now):
    with write_transaction():
        document = Document(uploaded_by=cast.siti, uploaded_at=now, media_type="image/png", size=1,
                            digest="0" * 64)
        document.label = "paklaring.png"
        document.save(force_insert=True)
        Paper.create(case=asked.case_id, kind="PAKLARING", document=document, side="worker",
                     added_by=cast.siti, added_at=now)
    page = pair(dewi, code_on(siti, asked))
    assert page.fields(FORM)["PAKLARING"] == "pindai"
    [link] = [one for one in page.select("main a") if "/berkas/" in one.get("href")]
    assert link.get("href").startswith(f"/cabang/kasus/{asked.case.public_id}/berkas/")
    dewi.send(form=FORM, KTP="asli", KK="asli", KARTU="asli")
    assert dewi.page.heading == "Periksa"


def test_a_case_that_comes_along_has_no_owner_elsewhere(siti, joko, cast, asked):
    Case.update(owner=cast.dewi, owned_since=clock.now(), holder="branch",
                due_on=clock.today()).where(Case.id == asked.case_id).execute()
    pair(joko, code_on(siti, asked))
    assert Case.get_by_id(asked.case_id).owner is None


def test_one_code_paired_by_two_at_once_is_one_walk_in(siti, cast, asked, now):
    code = code_on(siti, asked)
    officers = [cast.dewi.id, cast.eka.id]

    def act(number):
        try:
            return pairing.pair(code, User.get_by_id(officers[number]), now)
        except pairing.NoSuchCode:
            return None

    results = in_parallel(act, 2)
    assert sum(result is not None for result in results) == 1
    assert WalkIn.select().count() == 1
    assert open_request_of(cast.siti_at_maju)
