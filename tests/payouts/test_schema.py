"""What the schema itself refuses, whoever writes: money's invariants hold without any code."""

from datetime import date

import pytest
from peewee import IntegrityError

from tests.payouts.claiming import claim_of, destination_of, person, savings_of
from webapp import db
from webapp.db import is_sqlite
from webapp.models.claims import (
    APPROVED,
    BOUNCED,
    CHECKING,
    DELIVERED,
    DRAFT,
    EXPORTED,
    Claim,
    Interview,
    Payout,
    PayoutFile,
    Savings,
)
from webapp.receipts.signing import new_number


@pytest.fixture
def worker(cast):
    return cast.siti_at_maju.worker


@pytest.fixture
def claim(cast, worker):
    """One that two people granted."""
    return claim_of(cast.siti, worker, cast, amount=6_000_000, second=True)


def refused(sql, *values):
    """Whether the database refuses a statement of somebody who writes around the application."""
    sql = sql if is_sqlite() else sql.replace("?", "%s")
    with pytest.raises(IntegrityError), db.database.atomic():
        db.database.execute_sql(sql, values)
    return True


def pay(claim, now, *, amount=None, state=EXPORTED):
    file = PayoutFile.create(number=new_number(), made_at=now, count=1, total=1, digest="x")
    payout = Payout(claim=claim, file=file, amount=amount or claim.approved, provider="BCA",
                    state=state, reported_at=None if state == EXPORTED else now)
    payout.number, payout.holder = "12345678", "SITI"
    with db.database.atomic():
        payout.save(force_insert=True)
    return payout


@pytest.mark.parametrize("state", [EXPORTED, DELIVERED])
def test_a_claim_has_one_payout_unless_it_bounced(claim, now, state):
    first = pay(claim, now, state=state)
    with pytest.raises(IntegrityError):
        pay(claim, now)
    Payout.update(state=BOUNCED, reported_at=now).where(Payout.id == first.id).execute()
    pay(claim, now)
    assert refused("UPDATE payout SET state = 'DIBAYAR' WHERE id = ?", first.id)
    assert Payout.select().where(Payout.state != BOUNCED).count() == 1


@pytest.mark.parametrize("other", [-1, 1])
def test_a_payout_is_of_what_was_approved(claim, now, other):
    with pytest.raises(IntegrityError):
        pay(claim, now, amount=claim.approved + other)
    payout = pay(claim, now)
    assert refused("UPDATE payout SET amount = amount + ? WHERE id = ?", other, payout.id)
    assert refused("UPDATE claim SET approved = approved - 1 WHERE id = ?", claim.id)


def test_what_was_not_approved_is_not_paid(cast, worker, now):
    claim = claim_of(cast.siti, worker, cast, state=CHECKING)
    with pytest.raises(IntegrityError):
        pay(claim, now, amount=400_000)


@pytest.mark.parametrize("sql", [
    "UPDATE claim SET approved = amount + 1 WHERE id = ?",
    "UPDATE claim SET entitlement = approved - 1 WHERE id = ?",
    "UPDATE claim SET amount = approved - 1 WHERE id = ?",
    "UPDATE claim SET approved = 0 WHERE id = ?",
    "UPDATE claim SET approved = -1 WHERE id = ?",
    "UPDATE claim SET amount = 0 WHERE id = ?",
    "UPDATE claim SET approved = NULL WHERE id = ?",
    "UPDATE claim SET approved_by_id = NULL WHERE id = ?",
    "UPDATE claim SET approved = NULL, approved_by_id = NULL WHERE id = ?",
])
def test_what_is_approved_is_within_what_was_asked_for_and_what_there_is(claim, sql):
    assert refused(sql, claim.id)


@pytest.mark.parametrize("sql", [
    "UPDATE claim SET confirmed_by_id = approved_by_id WHERE id = ?",
    "UPDATE claim SET approved_by_id = confirmed_by_id WHERE id = ?",
    "UPDATE claim SET approved_by_id = submitted_by_id WHERE id = ?",
    "UPDATE claim SET confirmed_by_id = submitted_by_id WHERE id = ?",
    "UPDATE claim SET submitted_by_id = approved_by_id WHERE id = ?",
    "UPDATE claim SET confirmed_by_id = NULL WHERE id = ?",
    "UPDATE claim SET needs_interview = (1 = 1) WHERE id = ?",
])
def test_maker_and_checker_are_two_and_neither_asked(claim, sql):
    assert refused(sql, claim.id)


def test_nobody_is_the_second_before_the_first(cast, worker):
    claim = claim_of(cast.siti, worker, cast, state=CHECKING)
    assert refused("UPDATE claim SET confirmed_by_id = ? WHERE id = ?", cast.eka.id, claim.id)
    assert refused("UPDATE claim SET state = 'DISETUJUI' WHERE id = ?", claim.id)


@pytest.mark.parametrize("sql", [
    "UPDATE claim SET state = 'DIBAYAR' WHERE id = ?",         # without a day
    "UPDATE claim SET paid_on = '2026-11-22' WHERE id = ?",    # without being paid
    "UPDATE claim SET state = 'DITOLAK' WHERE id = ?",         # without a reason
    "UPDATE claim SET destination_id = NULL WHERE id = ?",
    "UPDATE claim SET submitted_at = NULL WHERE id = ?",
    "UPDATE claim SET state = 'LUNAS' WHERE id = ?",
    "UPDATE claim SET kind = 'JHT-ALL' WHERE id = ?",
    "DELETE FROM cases WHERE id = (SELECT case_id FROM claim WHERE id = ?)",
])
def test_a_claim_is_whole_where_it_stands(claim, sql):
    assert refused(sql, claim.id)


@pytest.mark.parametrize("state", [CHECKING, APPROVED])
def test_one_open_claim_of_a_kind_and_one_draft(cast, worker, state):
    claim_of(cast.siti, worker, cast, "MED", state=state)
    with pytest.raises(IntegrityError), db.database.atomic():
        claim_of(cast.siti, worker, cast, "MED", state=CHECKING)
    claim_of(cast.siti, worker, cast, "OBT", state=DRAFT)
    with pytest.raises(IntegrityError), db.database.atomic():
        claim_of(cast.siti, worker, cast, "LAIN", state=DRAFT)
    assert Claim.select().count() == 2


def test_savings_are_never_overdrawn(worker):
    savings_of(worker, 1_000, taken=1_000)
    for sql in ("UPDATE savings SET taken = 1001", "UPDATE savings SET taken = -1",
                "UPDATE savings SET credited = 999"):
        assert refused(sql)
    with pytest.raises(IntegrityError), db.database.atomic():
        Savings.create(worker=worker, credited=1, as_of=date(2026, 1, 1))


def test_one_destination_is_linked(cast):
    destination_of(cast.siti)
    coming = destination_of(person(1)[0])
    assert refused("UPDATE destination SET user_id = ? WHERE id = ?", cast.siti.id, coming.id)
    assert refused("UPDATE destination SET checked_by_id = user_id WHERE id = ?", coming.id)


def test_a_payment_file_is_of_something(database, now):
    for more in ({"count": 0, "total": 1}, {"count": 1, "total": 0}):
        with pytest.raises(IntegrityError), db.database.atomic():
            PayoutFile.create(number=new_number(), made_at=now, digest="x", **more)


def test_a_slot_is_one_claims(cast, worker, now):
    first = claim_of(cast.siti, worker, cast, state=CHECKING)
    second = claim_of(*person(1), cast, state=CHECKING)
    Interview.create(claim=first, branch=1, starts_at=now, place=1, booked_at=now)
    with pytest.raises(IntegrityError), db.database.atomic():
        Interview.create(claim=second, branch=1, starts_at=now, place=1, booked_at=now)
    with pytest.raises(IntegrityError), db.database.atomic():
        Interview.create(claim=first, branch=1, starts_at=now, place=2, booked_at=now)
