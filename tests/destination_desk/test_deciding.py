"""Two names side by side: the branch links the account or says why not, once, and never its own."""

import json
from datetime import timedelta
from functools import partial

import pytest

from tests.destinations.linking import OTHERS, linked_before, newest, stop_code, told
from tests.page import Clerk, in_parallel
from tests.payouts.claiming import claim_of
from tests.people import PHONE, account_for
from webapp import clock
from webapp.branch.service import OwnAccount
from webapp.cases.queries import case_at
from webapp.db import write_transaction
from webapp.destination_desk import service
from webapp.destinations.queries import linked_of
from webapp.holds import service as holds
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case
from webapp.models.claims import APPROVED, CHECKING, FAILED, Claim, Destination, Hold
from webapp.models.messages import Message
from webapp.models.people import Session, User
from webapp.models.workers import Worker
from webapp.receipts.signing import parse_number

WHY = "Buku rekening atas nama orang lain. Bawa buku rekening Anda sendiri."
NUMBER = "001234567890123"


def url(case):
    return f"/cabang/rekening/{case.public_id}"


def accept(one, case):
    one.open(url(case))
    return one.send("#accept", is_checked="y")


def refuse(one, case, verdict=WHY):
    one.open(url(case))
    return one.send("#refuse", verdict=verdict)


def recorded(kind):
    return [(row.actor, json.loads(row.details)) for row in
            AuditEntry.select().where(AuditEntry.kind == kind).order_by(AuditEntry.id)]


def state():
    return newest().state


def fresh(case):
    return Case.get_by_id(case.id)


def test_the_queue_has_it_and_leads_there(dewi, case):
    page = dewi.open("/cabang?tampil=rekening")
    assert "Rekening" in page.words("tbody")
    page = dewi.open(f"/cabang/kasus/{case.public_id}")
    assert page.path == url(case)
    assert page.select("#upcoming a[aria-current=page]")


def test_both_names_stand_there_and_the_number_masked(dewi, case):
    page = dewi.open(url(case))
    words = page.words()
    assert "Siti Rahayu" in words
    assert "Bambang Rahardjo" in words
    assert "11 huruf" in words
    assert "BRI ••••0123" in words
    assert NUMBER not in page.text
    assert "Disambungkan orang lain Tidak" in words
    assert recorded("case:seen")


def test_how_many_others_have_it_is_said(dewi, case):
    linked_before(account_for(Worker.get(Worker.name == "Agus Setiawan")), "BRI", NUMBER)
    assert "Nomor ini juga dipakai 1 orang lain" in dewi.open(url(case)).words()


def test_the_full_number_is_shown_for_a_reason_that_is_recorded(dewi, case, cast, user):
    dewi.open(url(case))
    page = dewi.send("#number form")
    assert page.status == 422
    assert NUMBER not in page.text
    page = dewi.send("#number form", reason="COCOKKAN_BUKU")
    assert NUMBER in page.words("#number")
    actor, details = recorded("person:seen")[-1]
    assert actor == cast.dewi.public_id
    assert (details["page"], details["reason"]) == ("destination", "COCOKKAN_BUKU")
    assert NUMBER not in json.dumps(details)
    assert dewi.open(url(case) + "/nomor").path == url(case)


def test_more_full_numbers_in_an_hour_than_anybody_needs_wait(dewi, case):
    dewi.open(url(case))
    fields = {**dewi.page.fields("#number form"), "reason": "COCOKKAN_BUKU"}
    for _ in range(30):
        assert dewi.post(url(case) + "/nomor", fields).status == 200
    assert dewi.post(url(case) + "/nomor", fields).status == 429
    assert NUMBER not in dewi.page.text


def test_accepted_it_is_linked_and_the_person_told(dewi, case, cast, user):
    page = accept(dewi, case)
    assert "Dewi Anggraini menyambungkannya" in page.words()
    row = linked_of(user)
    assert (row.id, row.checked_by, row.number) == (newest().id, cast.dewi, NUMBER)
    assert (fresh(case).holder, fresh(case).owner) == (None, cast.dewi)
    assert "BRI ****0123 tersambung" in told()[PHONE]
    assert not Hold.select().exists(), "the first one ever"
    (actor, details), = recorded("destination:linked")
    assert actor == cast.dewi.public_id
    assert details["distance"] == 11


def test_accepted_in_place_of_another_payouts_wait_and_claims_follow(
        siti, dewi, cast, user):
    old = linked_before(user)
    claim = claim_of(user, Worker.get(Worker.user == user), cast, state=FAILED, destination=old)
    siti.link(OTHERS)
    assert Claim.get_by_id(claim.id).destination == old
    case = newest().case
    assert "Ya, ini penggantinya" in dewi.open(url(case)).words()
    accept(dewi, case)
    assert Destination.get_by_id(old.id).state == "DIPUTUS"
    assert Hold.get().cause == "rekening"
    after = Claim.get_by_id(claim.id)
    assert (after.state, after.destination) == (APPROVED, newest())
    (actor, _), = recorded("claim:redirected")
    assert actor == cast.dewi.public_id


def test_it_is_not_accepted_without_a_look_at_the_papers(dewi, case):
    dewi.open(url(case))
    page = dewi.send("#accept")
    assert page.status == 422
    assert state() == "DIPERIKSA"


def test_refused_the_person_reads_why_and_may_try_another(siti, dewi, case, cast, user):
    page = refuse(dewi, case)
    assert "Dewi Anggraini tidak menyambungkannya" in page.words()
    row = newest()
    assert (row.state, row.checked_by, row.verdict) == ("GAGAL", cast.dewi, WHY)
    assert linked_of(user) is None
    assert fresh(case).holder is None
    assert "tidak disambungkan" in told("case:destination refused")[PHONE]
    assert not Hold.select().exists()
    page = siti.open("/rekening")
    assert "BRI ••••0123 tidak disambungkan" in page.words()
    assert WHY in page.words()
    assert "buka Purna > Pencairan > Rekening" in told("case:destination refused")[PHONE]
    assert siti.open("/rekening/sambungkan").heading == "Sambungkan rekening atau e-wallet"


def test_a_refusal_needs_a_reason(dewi, case):
    page = refuse(dewi, case, " ")
    assert page.status == 422
    assert page.errors() == {"verdict": "Tulis alasan penolakan."}
    assert state() == "DIPERIKSA"


@pytest.mark.parametrize("act", [accept, refuse])
def test_pressed_twice_it_is_decided_once(dewi, case, act):
    form = "#accept" if act is accept else "#refuse"
    dewi.open(url(case))
    fields = {**dewi.page.fields(form), "is_checked": "y", "verdict": WHY}
    for _ in range(3):
        assert dewi.post(url(case), fields).status == 200
    kind = "destination:linked" if act is accept else "destination:refused"
    assert len(recorded(kind)) == 1


def test_two_at_once_one_decides_and_the_other_sees_who(app, dewi, eka, case):
    dewi.open(url(case))
    eka.open(url(case))
    refuse(dewi, case, WHY)
    page = eka.send("#accept", is_checked="y")
    assert page.status == 409
    assert "Dewi Anggraini tidak menyambungkannya" in page.words()
    assert state() == "GAGAL"


def test_what_was_written_by_the_slower_one_is_shown_and_kept(dewi, eka, case):
    dewi.open(url(case))
    eka.open(url(case))
    accept(dewi, case)
    page = eka.send("#refuse", verdict=WHY)
    assert page.status == 409
    assert page.select("textarea")[0].text.strip() == WHY
    assert state() == "TERSAMBUNG"


def test_a_case_of_a_colleague_is_not_decided_over_his_head(dewi, eka, case):
    eka.open(url(case))
    dewi.open(url(case))
    dewi.post(f"/cabang/kasus/{case.public_id}/ambil", {"csrf_token": dewi.token()})
    assert dewi.page.path == url(case)
    page = eka.send("#refuse", verdict=WHY)
    assert page.status == 409
    assert "Kasus ini dipegang Dewi Anggraini" in page.words()
    page = eka.open(url(case))
    assert "Dipegang Dewi Anggraini" in page.words()
    assert not page.select("#accept, #refuse")
    eka.open(f"/cabang/kasus/{case.public_id}/serahkan")
    assert eka.page.heading == "Serahkan kasus"


def test_in_parallel_there_is_one_decision(app, cast, case):
    people = [Clerk(app).is_signed_in_as(one) for one in (cast.dewi, cast.eka, cast.fajar)]
    sent = []
    for one in people:
        one.open(url(case))
        sent.append({**one.page.fields("#accept"), "is_checked": "y"})
    answers = in_parallel(lambda place: people[place].browser.post(
        url(case), data=sent[place]).status_code, 3)
    assert sorted(answers) == [303, 409, 409]
    assert len(recorded("destination:linked")) == 1


def test_taken_back_by_the_person_meanwhile_nothing_is_linked(siti, dewi, case, user):
    dewi.open(url(case))
    siti.open(f"/rekening/{newest().public_id}/putuskan")
    siti.send()
    page = dewi.send("#accept", is_checked="y")
    assert page.status == 409
    assert linked_of(user) is None


def test_stopped_meanwhile_nothing_is_linked(siti, dewi, case, user, now):
    with write_transaction():
        holds.begin(user, "rekening", now)
    dewi.open(url(case))
    holds.stop(parse_number(stop_code(told()[PHONE])), address="", now=now)
    assert dewi.send("#accept", is_checked="y").status == 409
    assert linked_of(user) is None


def test_nobody_decides_on_their_own(app, cast, case, user):
    nik = Worker.get(Worker.user == user).nik
    cast.dewi.nik = nik
    cast.dewi.save()
    dewi = Clerk(app).is_signed_in_as(cast.dewi)
    assert dewi.open(url(case)).status == 403
    token = dewi.token()
    for more in ({"putusan": "terima", "is_checked": "y"}, {"putusan": "tolak", "verdict": WHY}):
        page = dewi.post(url(case), {"csrf_token": token, "version": case.version, **more})
        assert page.status == 403
    assert dewi.post(url(case) + "/nomor", {"csrf_token": token,
                                            "reason": "COCOKKAN_BUKU"}).status == 403
    assert state() == "DIPERIKSA"


def test_another_branch_finds_nothing(joko, case):
    assert joko.open(url(case)).status == 404
    assert joko.post(url(case), {"csrf_token": joko.token(), "putusan": "terima"}).status == 404


def test_a_case_of_another_kind_is_none_here(dewi, siti, cast, user):
    claim = claim_of(user, Worker.get(Worker.user == user), cast, state=CHECKING)
    assert dewi.open(url(Case.get_by_id(claim.case_id))).status == 404


def test_it_wants_a_fresh_proof_and_keeps_what_was_written(app, dewi, case):
    dewi.open(url(case))
    Session.update(factor_at=clock.now() - timedelta(minutes=5)).execute()
    page = dewi.send("#refuse", verdict=WHY)
    assert page.path.startswith("/buktikan")
    kept = dewi.page.tree.xpath("//input[@name='lanjut']/@value")[0]
    Session.update(factor_at=clock.now()).execute()
    assert dewi.open(kept).select("textarea[name=verdict]")[0].text.strip() == WHY


def test_the_branch_adds_a_scan_of_the_bank_book(dewi, case):
    page = dewi.open(url(case))
    kinds = page.tree.xpath("//select[@name='kind']/option/@value")
    assert kinds == ["", "REKENING", "KTP", "LAIN"]


def test_the_account_is_closed_meanwhile_and_the_page_says_so(dewi, case, user, now):
    Destination.update(number_sealed=None, number_index=None, holder_sealed=None,
                       state="GAGAL", ended_at=now).execute()
    Case.update(holder=None, due_on=None, closed_at=now).where(Case.id == case.id).execute()
    User.update(name="").where(User.id == user.id).execute()
    page = dewi.open(url(case))
    assert page.status == 200
    assert "Sudah dihapus" in page.words()


def test_messages_of_the_desk_fit_one_sms(dewi, case):
    refuse(dewi, case)
    for row in Message.select().where(Message.channel == "sms"):
        assert len(row.body) <= 160


def test_nobody_decides_on_their_own_past_the_page_either(cast, case, user, now):
    cast.dewi.nik = Worker.get(Worker.user == user).nik
    cast.dewi.save()
    found = case_at(cast.dewi.branch_id, case.public_id)
    for act in (service.accept, partial(service.refuse, verdict=WHY)):
        with pytest.raises(OwnAccount):
            act(found, cast.dewi, version=found.version, now=now)
    assert state() == "DIPERIKSA"


def test_the_full_number_wants_a_fresh_proof_too(dewi, case, cast):
    dewi.open(url(case))
    Session.update(factor_at=clock.now() - timedelta(minutes=6)).execute()
    page = dewi.send("#number form", reason="COCOKKAN_BUKU")
    assert page.path.startswith("/buktikan")
    assert NUMBER not in page.text
    assert not [row for row in recorded("person:seen") if row[1].get("page") == "destination"]
