"""Finding claims: those of a person with all they show, and what was decided of late."""

from datetime import timedelta

from peewee import JOIN, fn

from webapp.clock import day_of
from webapp.models.branches import Branch
from webapp.models.cases import AT_WORKER, Case, Paper
from webapp.models.claims import (
    BY_HEIRS,
    DRAFT,
    EXPORTED,
    GRANTED,
    OPEN_CLAIM,
    REFUSED,
    Claim,
    Destination,
    Interview,
    Payout,
    PayoutFile,
)
from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership, Worker
from webapp.prepared import prepared

DECIDED_WITHIN = timedelta(days=60)
MOST_DECIDED = 500       # of one branch: a median of the newest is as good as one of all


def claim_of_worker(worker, public_id):
    """The worker's own claim whose case has this id, or None."""
    return _claim_of_worker.one(worker, public_id)


def claim_of_case(case):
    """The claim that a case is about, or None."""
    return _claim_of_case.one(case)


def claim_numbered(number):
    """The claim with this number of its case, as receipts have it, that was sent; or None."""
    return _whole().where(Case.number == number, Claim.submitted_at.is_null(False)).first()


def claims_of(worker):
    """Every claim of a person, the newest first."""
    return _own(worker).order_by(Claim.id.desc())


def draft_of(worker):
    """What a person has begun and not sent, or None."""
    return _draft_of.one(worker)


def running_of(worker):
    """What was sent and is not over, the oldest first."""
    return _own(worker).where(Claim.state << OPEN_CLAIM).order_by(Claim.id)


def unfinished_of(worker):
    """What a person has begun, or sent, and is not over; the oldest first, a list."""
    return _unfinished_of.rows(worker)


def over_of(worker):
    """What was sent and is over."""
    return _own(worker).where(Claim.state.not_in((DRAFT, *OPEN_CLAIM)),
                              Claim.submitted_at.is_null(False))


def interview_of(claim):
    """The claim's slot, with its branch; or None."""
    return (Interview.select(Interview, Branch).join(Branch)
            .where(Interview.claim == claim).first())


def booked_among(claims):
    """The numbers of those of these claims that have a slot, a set."""
    return {number for (number,) in
            Interview.select(Interview.claim).where(Interview.claim << claims).tuples()}


def payouts_of(claim):
    """What was sent to the bank for a claim, the oldest first, with its file."""
    return (Payout.select(Payout, PayoutFile).join(PayoutFile)
            .where(Payout.claim == claim).order_by(Payout.id))


def is_at_bank(claim):
    """Whether the bank has been told to pay, and has not answered yet."""
    return Payout.select().where(Payout.claim == claim, Payout.state == EXPORTED).exists()


def at_bank_among(claims):
    """The numbers of those of these claims that the bank was told to pay and has not answered yet,
    a set."""
    return {number for (number,) in Payout.select(Payout.claim).where(
        Payout.claim << claims, Payout.state == EXPORTED).tuples()}


def receipt_for(claim):
    """The receipt of a claim that was sent, or None."""
    return Receipt.get_or_none(Receipt.claim == claim)


def papers_by_kind(claim):
    """Which kinds of paper the worker's side handed in, and the newest of each: dict by code."""
    return {row.kind: row.id for row in _newest_of_each_kind.rows(claim.case_id)}


@prepared
def _newest_of_each_kind(case):
    return (Paper.select(Paper.kind, fn.MAX(Paper.id).alias("id"))
            .where(Paper.case == case, Paper.side == AT_WORKER).group_by(Paper.kind))


def kinds_added_since(claim, moment):
    """Which kinds of paper the worker handed in after a moment, a set."""
    rows = (Paper.select(Paper.kind).where(
        Paper.case == claim.case_id, Paper.side == AT_WORKER, Paper.added_at >= moment).tuples())
    return {kind for (kind,) in rows}


def newest_company(worker):
    """The company of the membership that began last, or None."""
    return (Company.select().join(Membership).where(Membership.worker == worker)
            .order_by(Membership.started_on.desc(), Membership.id.desc()).first())


def decided_lately(branch, now):
    """(when it was sent, when it was decided) of the claims a branch decided in 60 days: at most
    the newest 500; pairs of dates in Jakarta.

    :param branch: its number.
    """
    rows = (Claim.select(Claim.submitted_at, Claim.refused_at, Claim.confirmed_at,
                         Claim.approved_at).join(Case)
            .where(Case.branch == branch, Claim.state << (*GRANTED, REFUSED),
                   Claim.submitted_at > now - 2 * DECIDED_WITHIN)
            .order_by(Claim.id.desc()).limit(MOST_DECIDED).tuples())
    decided = [(sent, refused or confirmed or approved)
               for sent, refused, confirmed, approved in rows]
    return [(day_of(sent), day_of(decision)) for sent, decision in decided
            if decision and decision > now - DECIDED_WITHIN]


@prepared
def _claim_of_worker(worker, public_id):
    return _own(worker).where(Case.public_id == public_id)


@prepared
def _claim_of_case(case):
    return _whole().where(Claim.case == case)


@prepared
def _draft_of(worker):
    return _own(worker).where(Claim.state == DRAFT)


@prepared
def _unfinished_of(worker):
    return _own(worker).where(Claim.state << (DRAFT, *OPEN_CLAIM)).order_by(Claim.id)


def _own(worker):
    return _whole().where(Claim.worker == worker, Claim.kind != BY_HEIRS)


def _whole():
    return (Claim.select(Claim, Case, Branch, Worker, Destination, Deactivation, Company)
            .join(Case).join(Branch).switch(Claim).join(Worker).switch(Claim)
            .join(Destination, JOIN.LEFT_OUTER).switch(Claim)
            .join(Deactivation, JOIN.LEFT_OUTER).join(Company, JOIN.LEFT_OUTER))
