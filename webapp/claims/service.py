"""Pencairan: a worker's claim from its draft to the branch, and taking it back.

Each act is one transaction: the account locked, the claim's versioned update, its case, messages,
the audit entry. Whatever changes a draft ends the code that was sent for it.
"""

from datetime import timedelta

from peewee import IntegrityError

from webapp import audit
from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.cases import deadlines
from webapp.cases import service as cases
from webapp.cases.moves import AlreadyDone
from webapp.cases.service import CaseChanged
from webapp.cases.telling import tell_worker
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.claims import messages
from webapp.claims.queries import draft_of, newest_company, papers_by_kind
from webapp.claims.states import change, move
from webapp.db import write_transaction
from webapp.models.branches import HEAD_OFFICE
from webapp.models.cases import AT_WORKER, CLAIM
from webapp.models.claims import DRAFT, WITHDRAWN, Claim, Interview
from webapp.rate_limit import Limit, count_try
from webapp.receipts.signing import show_number

__all__ = ["AlreadyDone", "CaseChanged", "HeirsDraft", "OtherDraft", "begin", "branch_for",
           "columns_of", "end_with_account", "is_untouched", "keep", "record", "record_ended",
           "withdraw"]

# Nobody begins so many in a day by mistake; each takes a number and a case.
BEGUN = Limit("claims-begun", 20, timedelta(days=1))
SEALED = {"purpose", "reason"}


class OtherDraft(Exception):
    """A draft of another kind is there: ``claim``."""

    def __init__(self, claim):
        super().__init__(claim)
        self.claim = claim


class HeirsDraft(Exception):
    """The branch fills in what heirs claim of this person."""


def begin(worker, user, kind, now, *, instead_of=None):
    """The person's draft of this kind: the one there is, or a fresh one. Into one in which nothing
    was filled in yet the kind is simply written.

    :param kind: a code of ``eligibility.kinds``, not one of heirs.
    :param instead_of: the case's public id of the draft that shall be given up for it, or None.
    :raises OtherDraft: there is another, and nobody said to give it up.
    :raises HeirsDraft: as it says.
    :raises webapp.rate_limit.TooMany: this person began too many today.
    """
    found = draft_of(worker)
    is_given_up = found and found.case.public_id == instead_of
    if found and found.kind == kind and not is_given_up:
        return found
    if found and is_untouched(found):
        return _of_other_kind(found, user, kind, now)
    if found and not is_given_up:
        raise OtherDraft(found)
    count_try(BEGUN, user.public_id.hex, now)
    try:
        with write_transaction():
            locked(user.id)
            if found:
                _give_up(found, user, now)
            case = cases.open_case(CLAIM, branch=branch_for(worker), opened_by=user, worker=worker,
                                   holder=AT_WORKER, due_on=None, now=now)
            Claim.create(case=case, worker=worker, kind=kind)
            if found:
                record(Event.CLAIM_WITHDRAWN, found, user, now, sent=False)
    except IntegrityError:     # the other press began it
        pass
    return _begun(worker, kind)


def is_untouched(claim):
    """Whether nothing at all was filled in yet."""
    typed = (claim.treated_on, claim.receipt_total, claim.amount, claim.purpose_sealed,
             claim.reason_sealed, claim.contact_checked_at, claim.destination_id)
    return not any(typed) and not papers_by_kind(claim) and not cases.typed_in(
        claim.case, claim.worker.user_id)


def keep(claim, user, now, **answers):
    """Keep a page of the draft; a code that was sent for what it was is good for nothing any more.

    :param answers: columns of the claim; ``purpose`` and ``reason`` as text.
    :raises webapp.cases.service.CaseChanged: it was sent, given up or changed at this moment.
    """
    with write_transaction():
        locked(user.id)
        challenges.end(user, Purpose.SEND_CLAIM, now)
        if claim.state != DRAFT:
            raise CaseChanged
        change(claim, claim.version, **columns_of(claim, answers))
        cases.forget_typed(claim.case_id, user)


def withdraw(claim, user, *, version, now):
    """The worker takes the claim back, sent or not, before it is approved.

    :param version: of the claim, as the page showed it.
    :raises AlreadyDone: and :raises webapp.cases.service.CaseChanged: as they say.
    """
    was_sent = claim.state != DRAFT
    with write_transaction():
        locked(user.id)
        challenges.end(user, Purpose.SEND_CLAIM, now)
        move(claim, version, WITHDRAWN)
        cases.close([claim.case_id], now)
        Interview.delete().where(Interview.claim == claim.id).execute()     # for somebody else
        if was_sent:
            tell_worker(claim.case, "claim withdrawn", now, **messages.withdrawn(claim))
        record(Event.CLAIM_WITHDRAWN, claim, user, now, sent=was_sent)


def end_with_account(worker, now):
    """The account of a worker is closed: what was not sent is given up; what was sent goes on. A
    part of that act: inside its transaction, before the worker's row is taken.

    :returns: the claim that was given up, in a list, for ``record_ended`` when all else is done.
    """
    begun = draft_of(worker)
    ended = begun and (Claim.update(state=WITHDRAWN, version=Claim.version + 1)
                       .where(Claim.id == begun.id, Claim.state == DRAFT).execute())
    if not ended:
        return []
    cases.close([begun.case_id], now)
    return [begun]


def record_ended(claims, now):
    """Record what ``end_with_account`` gave up."""
    for claim in claims:
        record(Event.CLAIM_WITHDRAWN, claim, None, now, sent=False, by="closure")


def branch_for(worker):
    """The number of the branch that looks after whoever the person worked for last."""
    company = newest_company(worker)
    return deadlines.branch_of(company) if company else HEAD_OFFICE


def record(event, claim, actor, now, **details):
    """Record an act on a claim among what happened to its worker; last in the transaction."""
    audit.record(event, chain=audit.ACCOUNTS, actor=actor, subject=claim.worker.public_id, now=now,
                 number=show_number(claim.case.number), kind=claim.kind, **details)


def _begun(worker, kind):
    """The draft there is now, of this kind."""
    begun = draft_of(worker)
    if begun is None:
        raise HeirsDraft
    if begun.kind != kind:
        raise OtherDraft(begun)
    return begun


def _of_other_kind(claim, user, kind, now):
    with write_transaction():
        locked(user.id)
        change(claim, claim.version, kind=kind)
    return draft_of(claim.worker)


def _give_up(claim, user, now):
    challenges.end(user, Purpose.SEND_CLAIM, now)
    move(claim, claim.version, WITHDRAWN)
    cases.close([claim.case_id], now)


def columns_of(claim, answers):
    """Answers as the columns that hold them, a dict."""
    columns = {}
    for name, value in answers.items():
        column = f"{name}_sealed" if name in SEALED else name
        if column != name:
            setattr(claim, name, value or None)
            value = getattr(claim, column)
        columns[column] = value
    return columns
