"""Where open claims are paid to follows what the person links; nothing else of them changes."""

from datetime import timedelta

import pytest
import time_machine

from tests.destinations.linking import GOPAY, Linker, linked_before, newest, told
from tests.payouts.claiming import claim_of, savings_of
from tests.people import PHONE, account_for
from webapp import audit, clock
from webapp.cases.service import hand_on
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.claims.redirecting import redirect
from webapp.closure.erasure import erase
from webapp.db import write_transaction
from webapp.holds.queries import held_until
from webapp.models.accounts import Challenge
from webapp.models.audit import AuditEntry
from webapp.models.cases import Case
from webapp.models.claims import (
    APPROVED,
    CHECKING,
    DRAFT,
    FAILED,
    OPEN_CLAIM,
    PAID,
    REFUSED,
    WITHDRAWN,
    Claim,
    Hold,
    Payout,
    PayoutFile,
)
from webapp.models.people import CLOSED, User
from webapp.models.workers import Worker
from webapp.payouts.exporting import export
from webapp.receipts.signing import new_number


@pytest.fixture
def worker(user):
    """Siti as companies know her."""
    return Worker.get(Worker.user == user)


@pytest.fixture
def old(user):
    """Where her payouts went until now."""
    return linked_before(user)


def fresh(claim):
    return Claim.get_by_id(claim.id)


@pytest.mark.parametrize("state", OPEN_CLAIM)
def test_an_open_claim_follows(siti, user, worker, cast, old, state):
    claim = claim_of(user, worker, cast, state=state, destination=old)
    case = Case.get_by_id(claim.case_id)
    siti.link()
    after = fresh(claim)
    assert after.destination == newest()
    assert after.version == claim.version + 1
    assert after.state == (APPROVED if state == FAILED else state)
    assert Case.get_by_id(case.id).version > case.version, "an officer's page is outdated"
    assert "sekarang ditujukan ke BCA ****8123" in told("case:claim redirected")[PHONE]
    entry = AuditEntry.get(AuditEntry.kind == "claim:redirected")
    assert entry.actor == user.public_id
    assert "1234568123" not in entry.details
    assert list(audit.verify()) == []


@pytest.mark.parametrize("state", [PAID, REFUSED, WITHDRAWN, DRAFT])
def test_what_is_over_or_was_not_sent_stays(siti, user, worker, cast, old, state):
    claim = claim_of(user, worker, cast, state=state, destination=old)
    siti.link()
    assert fresh(claim) == claim
    assert fresh(claim).destination == old
    assert not told("case:claim redirected")


def test_what_could_not_be_paid_is_approved_again_and_off_the_workers_desk(
        siti, user, worker, cast, old):
    claim = claim_of(user, worker, cast, state=FAILED, destination=old)
    assert Case.get_by_id(claim.case_id).holder == "worker"
    siti.link(GOPAY)
    case = Case.get_by_id(claim.case_id)
    assert (fresh(claim).state, case.holder) == (APPROVED, None)
    assert fresh(claim).approved == claim.approved


def test_what_the_bank_was_told_to_pay_stays(siti, user, worker, cast, old, now):
    claim = claim_of(user, worker, cast, destination=old)
    file = PayoutFile.create(number=new_number(), made_at=now, count=1, total=400_000, digest="0")
    payout = Payout(claim=claim, file=file, amount=400_000, provider="BNI")
    payout.number, payout.holder = old.number, old.holder
    payout.save(force_insert=True)
    siti.link()
    assert fresh(claim).destination == old
    assert fresh(claim).version == claim.version


def test_heirs_and_other_people_are_left_alone(siti, user, worker, cast, old):
    heirs = claim_of(user, worker, cast, kind="JHT-MGL", state=CHECKING, destination=old)
    agus = account_for(Worker.get(Worker.name == "Agus Setiawan"))
    others = claim_of(agus, Worker.get(Worker.user == agus), cast, state=CHECKING)
    siti.link()
    assert fresh(heirs).destination == old
    assert fresh(others).destination == others.destination


def test_pointing_at_the_same_again_changes_nothing(user, worker, cast, old, now):
    claim = claim_of(user, worker, cast, state=CHECKING, destination=old)
    with write_transaction():
        assert redirect(user, old, now) == []
    assert fresh(claim).version == claim.version


def test_a_claims_code_that_named_the_old_account_is_dead(siti, user, old, now):
    challenge = challenges.begin(Purpose.SEND_CLAIM, user=user, bound={"to": "BNI"}, now=now)
    challenges.send(challenge, "email", "siti@pekerja.example", now)
    siti.link()
    assert challenges.is_over(Challenge.get_by_id(challenge.id), clock.now())


def test_cut_claims_go_on_pointing_there_and_are_not_paid(siti, user, worker, cast, old, now):
    savings_of(worker, 1_000_000)
    claim = claim_of(user, worker, cast, destination=old)
    siti.open(f"/rekening/{old.public_id}/putuskan")
    assert "tidak dibayar sampai Anda menyambungkan yang lain" in siti.page.words()
    siti.send()
    assert fresh(claim).destination == old
    later = now + timedelta(hours=73)
    assert export(later) == []


def test_linked_anew_it_is_paid_after_72_hours_and_not_before(siti, user, worker, cast, old, now):
    claim = claim_of(user, worker, cast, destination=old)
    siti.link()
    until = clock.now() + timedelta(hours=72)
    assert export(until - timedelta(minutes=1)) == []
    assert len(export(until + timedelta(minutes=1))) == 1
    payout = Payout.get()
    assert (payout.claim, payout.provider, payout.number) == (claim, "BCA", "1234568123")


def test_where_an_account_closed_since_had_it_paid_is_no_first_one(
        app, user, worker, cast, old, now):
    claim = claim_of(user, worker, cast, state=APPROVED, destination=old)
    with write_transaction():
        User.update(state=CLOSED).where(User.id == user.id).execute()
        erase(user, now)
    again = account_for(worker)     # whoever knows a card number may have registered
    Linker(app).is_signed_in_as(again).link()
    assert fresh(claim).destination == newest()
    assert held_until(again, now) == Hold.get(Hold.user == again).until
    assert export(now) == []


def test_what_bounced_after_another_was_linked_follows_the_same_once_more(
        siti, user, worker, cast, old, now):
    claim = claim_of(user, worker, cast, destination=old)
    file = PayoutFile.create(number=new_number(), made_at=now, count=1, total=400_000, digest="0")
    payout = Payout(claim=claim, file=file, amount=400_000, provider="BNI")
    payout.number, payout.holder = old.number, old.holder
    payout.save(force_insert=True)
    siti.link()     # while the bank is at it
    Payout.update(state="GAGAL", reported_at=now).execute()
    Claim.update(state=FAILED).execute()
    with write_transaction():
        hand_on(claim.case_id, "worker", None, now)
    with time_machine.travel(now + timedelta(minutes=2)):     # another code may be sent
        siti.link()
    assert (fresh(claim).state, fresh(claim).destination) == (APPROVED, newest())
    assert newest().number == "1234568123"
