"""Claims in any state, as real rows: their case, destination, savings, audit entries, messages."""

from datetime import UTC, date, datetime, timedelta

from webapp.audit import Event
from webapp.cases.service import close, hand_on, open_case
from webapp.cases.telling import tell_worker
from webapp.claims.service import record
from webapp.clock import now as present
from webapp.db import write_transaction
from webapp.eligibility.kinds import KINDS
from webapp.models.branches import HEAD_OFFICE
from webapp.models.cases import AT_BRANCH, AT_WORKER, CLAIM
from webapp.models.claims import (
    APPROVED,
    DRAFT,
    FAILED,
    GRANTED,
    LINKED,
    PAID,
    REFUSED,
    WITHDRAWN,
    Claim,
    Destination,
    Savings,
)
from webapp.models.people import User
from webapp.models.workers import Worker

OVER = (APPROVED, PAID, REFUSED, WITHDRAWN)     # nobody but the bank has to act
AT_HOME = (DRAFT, FAILED)
LINKED_AT = datetime(2026, 10, 1, tzinfo=UTC)


def savings_of(worker, credited, *, taken=0, partial_on=None):
    """What the fund reported of a person."""
    return Savings.create(worker=worker, credited=credited, taken=taken, as_of=date(2026, 10, 31),
                          partial_on=partial_on)


def destination_of(user, *, provider="BCA", number="1234568123", holder="SITI RAHAYU"):
    """Where a person's payouts go; made at the first time. ``user`` None: an heir's."""
    found = user and Destination.get_or_none(Destination.user == user, Destination.state == LINKED)
    if found:
        return found
    made = Destination(user=user, provider=provider, state=LINKED, begun_at=LINKED_AT,
                       linked_at=LINKED_AT)
    made.number, made.holder = number, holder
    made.save(force_insert=True)
    return made


def claim_of(user, worker, cast, kind="LAIN", amount=400_000, state=APPROVED, *, second=False,
             now=None, **more):
    """A claim of a person in some state, with what the acts before it left behind."""
    now = now or present()
    with write_transaction():
        goal = more.pop("destination", None) or destination_of(user)
        case = open_case(CLAIM, branch=HEAD_OFFICE, opened_by=user or cast.fajar, worker=worker,
                         holder=AT_WORKER, due_on=None, now=now)
        claim = Claim(case=case, worker=worker, kind=kind, state=state, amount=amount,
                      entitlement=amount, destination=goal, needs_second=second,
                      submitted_by=None if state == DRAFT else user or cast.fajar,
                      submitted_at=None if state == DRAFT else now, **_decided(state, cast, now))
        if state in GRANTED:
            claim.approved, claim.approved_by, claim.approved_at = amount, cast.dewi, now
            if second:
                claim.confirmed_by, claim.confirmed_at = cast.eka, now + timedelta(minutes=1)
            if KINDS[kind].is_savings:
                Savings.update(taken=Savings.taken + amount).where(
                    Savings.worker == worker).execute()
        for name, value in more.items():
            setattr(claim, name, value)
        if state == REFUSED:
            claim.verdict = "Kuitansinya tidak terbaca."
        claim.save(force_insert=True)
        _place(case, state, now)
        _noted(claim, user, cast, now)
    return claim


def person(number, *, phone=None, email=None):
    """(a user, the worker): somebody with an account who is not in the cast."""
    user = User(name=f"Peserta {number}", role="worker", created_at=LINKED_AT)
    user.email = email or f"p{number}@pekerja.example"
    user.phone = phone or f"+62812{number:08}"
    user.save(force_insert=True)
    worker = Worker(name=f"Peserta {number}", birth_date=date(1990, 1, 1), user=user,
                    created_at=LINKED_AT)
    worker.nik = f"{3171060101900000 + number}"
    worker.save(force_insert=True)
    return user, worker


def _decided(state, cast, now):
    if state == PAID:
        return {"paid_on": now.date()}
    if state == REFUSED:
        return {"refused_by": cast.dewi, "refused_at": now}
    return {}


def _place(case, state, now):
    if state in OVER:
        close([case.id], now)
    elif state not in AT_HOME:
        hand_on(case.id, AT_BRANCH, date(2026, 11, 27), now)


def _noted(claim, user, cast, now):
    """The audit entries and messages of what brought it here."""
    if claim.state in (DRAFT, WITHDRAWN):
        return
    _said(claim, "claim submitted", now)
    if claim.state in GRANTED:
        _said(claim, "claim approved", claim.confirmed_at or claim.approved_at)
    if claim.state == REFUSED:
        _said(claim, "claim refused", now)
    record(Event.CLAIM_SUBMITTED, claim, user, now)
    if claim.state in GRANTED:
        record(Event.CLAIM_APPROVED, claim, cast.dewi, now)
    if claim.confirmed_by_id:
        record(Event.CLAIM_CONFIRMED, claim, cast.eka, claim.confirmed_at)
    if claim.state == REFUSED:
        record(Event.CLAIM_REFUSED, claim, cast.dewi, now)


def _said(claim, kind, now):
    tell_worker(claim.case, kind, now, sms="Purna: kabar pencairan Anda.",
                email=("Pencairan Anda", "Ada kabar."))
