"""Sending a claim, or what was put right in it: with a code that is bound to what it does.

The code is good for one claim as it was checked: its version, its papers, its amount, and the
account the money goes to. All of that is compared again inside the transaction, with what the
rules say on that day.
"""

from datetime import timedelta

from webapp.audit import Event
from webapp.cases import service as cases
from webapp.cases.telling import tell_worker
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import waiting_challenge
from webapp.claims import messages
from webapp.claims.judgement import judged, with_record
from webapp.claims.progress import open_steps, promised
from webapp.claims.queries import claim_of_worker, papers_by_kind
from webapp.claims.service import branch_for, record
from webapp.claims.states import move
from webapp.clock import day_of
from webapp.contacts.queries import settled_channels
from webapp.db import write_transaction
from webapp.destinations.words import gsm_label
from webapp.formats import show_rupiah
from webapp.models.cases import AT_BRANCH, Case
from webapp.models.claims import DRAFT, LINKED, SUBMITTED, Claim, Destination, Savings
from webapp.models.deactivations import Deactivation
from webapp.models.workers import Worker
from webapp.rate_limit import Limit, count_try
from webapp.receipts.letters import new_secret
from webapp.receipts.service import issue_claim

# Each takes an officer's time: so many a day nobody means.
SENT = Limit("claims-sent", 5, timedelta(days=1))
SEND, CORRECT = "send", "correct"


class Outdated(Exception):
    """The claim, its papers, its destination or what the rules say changed since the code was
    sent: it is good for nothing any more."""


def ready_for_code(claim, user, now):
    """The ``Challenge`` that sending this claim waits for: the same one when asked twice, so that
    a code on its way stays good."""
    return begin_challenge(user, bound_of(claim, SEND), now)


def begin_challenge(user, bound, now):
    """The challenge for exactly this act."""
    waiting = waiting_challenge(user, Purpose.SEND_CLAIM, now)
    if waiting and challenges.bound_to(waiting) == bound:
        return waiting
    return challenges.begin(Purpose.SEND_CLAIM, user=user, bound=bound, now=now)


def targets_of(user, now):
    """Where a code may go: list of (channel, address). A contact that was changed just now is used
    only where there is no other: nothing is paid before its 72 hours are over."""
    return settled_channels(user, now) or challenges.channels_of(user)


def bound_of(claim, act, *, amount=None, destination=None, answers=None):
    """All that an act on a claim will do, as a code is bound to it.

    :param amount: :param destination: what they will be, where they change.
    :param answers: what else will change, JSON values.
    """
    amount, destination = amount or claim.amount, destination or claim.destination
    return {"act": act, "claim": claim.case.public_id.hex, "version": claim.version,
            "case": claim.case.version, "amount": amount,
            "destination": destination.public_id.hex, "number": destination.number_index,
            "answers": answers or {}, "to": f"{show_rupiah(amount)} ke {gsm_label(destination)}"}


def about(challenge):
    """(what a challenge does, the id of the case of the claim it does it to), a pair."""
    bound = challenges.bound_to(challenge)
    return bound["act"], bound["claim"]


def is_still_bound(challenge, claim):
    """Whether the code of a challenge is for the claim as it stands now."""
    bound = challenges.bound_to(challenge)
    return (bound["claim"], bound["version"], bound["case"]) == (
        claim.case.public_id.hex, claim.version, claim.case.version) and (
        bound["act"] == CORRECT or _same(claim, bound))


def end_code(user, now):
    """What the code was for is not as it was: it is over."""
    with write_transaction():
        challenges.end(user, Purpose.SEND_CLAIM, now)


def submit(challenge, user, *, now):
    """The code was right: the claim is sent, and the branch's time begins. Returns the claim.

    :param challenge: one that ``challenges.judge`` found right.
    :raises challenges.AlreadyUsed: it was sent before.
    :raises Outdated: nothing was changed.
    :raises webapp.rate_limit.TooMany: this person sent too many today.
    """
    if not challenge.used_at:
        count_try(SENT, user.public_id.hex, now)
    with write_transaction():
        challenges.use(challenge, now)
        claim, judgement = held(challenge, user, now)
        if claim.state != DRAFT or open_steps(claim, judgement, papers_by_kind(claim)):
            raise Outdated
        _send(claim, judgement, user, now)
    return claim


def held(challenge, user, now):
    """(the claim of a challenge, what the rules say of it), with all the rows it rests on locked
    in everybody's order; inside the transaction, the account being locked.

    :raises Outdated: the claim is not as it was when the code was asked for.
    """
    worker, bound = Worker.get_or_none(Worker.user == user), challenges.bound_to(challenge)
    claim = worker and claim_of_worker(worker, bound["claim"])
    if not claim:
        raise Outdated
    rests_on = judged(claim, day_of(now)).verdict.deactivation_id
    if rests_on:
        _lock(Deactivation, Deactivation.id == rests_on)
    Savings.update(taken=Savings.taken).where(Savings.worker == worker).execute()
    _lock(Claim, Claim.id == claim.id)
    goal = Destination.public_id == bound["destination"]
    if not _lock(Destination, goal, Destination.user == user, Destination.state == LINKED):
        raise Outdated
    claim = claim_of_worker(worker, bound["claim"])
    if not is_still_bound(challenge, claim):
        raise Outdated
    judgement = judged(claim, day_of(now))
    if judgement.verdict.deactivation_id != rests_on:
        raise Outdated
    return claim, judgement


def _send(claim, judgement, user, now):
    verdict = judgement.verdict
    until = promised(day_of(now), verdict, judgement.rules)
    claim.secret = secret = new_secret()
    parameters = with_record(claim, "sent", judgement.record)
    move(claim, claim.version, SUBMITTED, entitlement=verdict.most, parameters=parameters,
         deactivation=verdict.deactivation_id, membership=verdict.membership_id,
         secret_sealed=claim.secret_sealed, submitted_by=user, submitted_at=now, promised_on=until,
         needs_interview=verdict.needs_interview, needs_second=verdict.needs_second)
    Case.update(branch=branch_for(claim.worker)).where(Case.id == claim.case_id).execute()
    cases.hand_on(claim.case, AT_BRANCH, until, now)
    cases.forget_typed(claim.case_id, user)
    issue_claim(claim, now)
    tell_worker(claim.case, "claim submitted", now, **messages.submitted(claim, until, secret))
    record(Event.CLAIM_SUBMITTED, claim, user, now, until=until.isoformat(), amount=claim.amount)


def _same(claim, bound):
    """Whether a claim asks for just this amount, to just this account."""
    destination = claim.destination
    return destination is not None and (
        claim.amount, destination.public_id.hex, destination.number_index) == (
        bound["amount"], bound["destination"], bound["number"])


def _lock(table, *which):
    """Take rows that have a version, without changing them. Returns how many."""
    return table.update(version=table.version).where(*which).execute()

