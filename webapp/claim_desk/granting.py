"""Setujui: granting a claim, alone or by two, with everything it rests on held meanwhile."""

from webapp.audit import Event
from webapp.cases import service as cases
from webapp.cases.service import CaseChanged
from webapp.claim_desk import messages
from webapp.claim_desk.hindrances import hindrances, needs_interview, needs_second
from webapp.claim_desk.queries import kinds_of_papers, said_with_approval
from webapp.claim_desk.rights import may_check, may_confirm
from webapp.claim_desk.service import hold_claim, refuse_unless
from webapp.claims.judgement import judged, with_record
from webapp.claims.service import record
from webapp.claims.states import change, move
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.deactivation.claimed import hold
from webapp.eligibility.kinds import KINDS, PARTIAL
from webapp.heirs.telling import tell_claimant
from webapp.models.cases import AT_BRANCH, Case
from webapp.models.claims import (
    APPROVED,
    CHECKING,
    GRANTED,
    IN_REVIEW,
    LINKED,
    Destination,
    Savings,
)
from webapp.models.deactivations import EFFECTIVE, SCHEDULED


class NotMet(Exception):
    """Something stands in the way: ``sentences``."""

    def __init__(self, sentences):
        super().__init__(sentences)
        self.sentences = sentences


def approve(claim, shown, *, amount, why_less=""):
    """Grant a claim; where two must agree, be the first of them. The same press again changes
    nothing.

    :param shown: a ``service.Shown``.
    :param amount: rupiah, at most what was asked for.
    :param why_less: for the person, where it is less.
    :raises NotMet: :raises CaseChanged: :raises NotYours: as they say.
    :raises cases.TakenByColleague: a colleague has it.
    """
    rests_on = judged(claim, day_of(shown.now)).verdict.deactivation_id
    with write_transaction():
        fresh, is_sound = _held(claim, rests_on)
        if _was_approved(fresh, shown, amount):
            return
        refuse_unless(may_check, fresh, shown)
        verdict = _judge(fresh, claim, shown, rests_on, is_sound, "approved", amount)
        if not verdict.kind.is_entered and amount != fresh.amount:
            raise NotMet(["Saldo dibayar seluruhnya. Jumlahnya tidak bisa diubah."])
        if amount > fresh.amount:
            raise NotMet(["Jumlahnya lebih besar dari yang diminta."])
        agreed = {"approved": amount, "approved_by": shown.officer, "approved_at": shown.now,
                  "needs_interview": needs_interview(fresh, verdict),
                  "parameters": fresh.parameters, **_basis(verdict)}
        if needs_second(fresh, verdict):
            _agree_first(claim, fresh, shown, agreed, why_less)
        else:
            _grant(claim, fresh, shown, amount, agreed, why_less, Event.CLAIM_APPROVED)


def confirm(claim, shown):
    """Be the second who agrees: it is granted. Raises as ``approve``."""
    rests_on = judged(claim, day_of(shown.now)).verdict.deactivation_id
    with write_transaction():
        fresh, is_sound = _held(claim, rests_on)
        if (fresh.state in GRANTED and fresh.version == shown.version + 1
                and fresh.confirmed_by_id == shown.officer.id):
            return     # the same press once more
        refuse_unless(may_confirm, fresh, shown)
        verdict = _judge(fresh, claim, shown, rests_on, is_sound, "confirmed", fresh.approved)
        # Perhaps another report than the first agreed on: this one is not taken back any more.
        confirmed = {"confirmed_by": shown.officer, "confirmed_at": shown.now,
                     "parameters": fresh.parameters, **_basis(verdict)}
        _grant(claim, fresh, shown, fresh.approved, confirmed, "", Event.CLAIM_CONFIRMED)


def send_back(claim, shown, reason):
    """The second does not agree: the first looks at it again. Raises as ``approve``.

    :param reason: for the colleague.
    """
    now, officer = shown.now, shown.officer
    with write_transaction():
        fresh = hold_claim(claim)
        if (fresh.version == shown.version + 1 and fresh.approved is None
                and cases.has_just_said(claim.case_id, officer, reason, now)):
            return     # the same press once more
        refuse_unless(may_confirm, fresh, shown)
        first = fresh.approved_by_id
        change(fresh, shown.version, approved=None, approved_by=None, approved_at=None)
        cases.claim(claim.case, officer, shown.case_version, now)
        Case.update(owner=first, owned_since=now).where(Case.id == claim.case_id).execute()
        cases.say(claim.case_id, AT_BRANCH, officer, reason, now)
        cases.forget_typed(claim.case_id, officer)
        tell_claimant(claim, "claim sent back", now, **messages.sent_back(claim))
        record(Event.CLAIM_SENT_BACK, claim, officer, now)


def _held(claim, rests_on):
    """(the claim as it is now, whether the report it rests on stands undisputed), with all of it
    held until the transaction ends: whoever takes the report back waits, and then sees this."""
    is_sound = not rests_on or bool(hold([rests_on], (SCHEDULED, EFFECTIVE)))
    Savings.update(taken=Savings.taken).where(Savings.worker == claim.worker_id).execute()
    fresh = hold_claim(claim)
    if fresh.destination_id:
        (Destination.update(version=Destination.version)
         .where(Destination.id == fresh.destination_id).execute())
    fresh.worker = claim.worker
    return fresh, is_sound


def _was_approved(fresh, shown, amount):
    """Whether the claim stands where this very press brought it."""
    return ((fresh.version, fresh.approved, fresh.approved_by_id)
            == (shown.version + 1, amount, shown.officer.id)
            and fresh.state in (*GRANTED, CHECKING))


def _judge(fresh, claim, shown, rests_on, is_sound, act, amount):
    """Today's verdict, with which nothing stands in the way; what it used stays with the claim."""
    judgement = judged(fresh, day_of(shown.now), amount=amount)
    if judgement.verdict.deactivation_id != rests_on:
        raise CaseChanged
    problems = hindrances(fresh, judgement, is_sound=is_sound,
                          papers=kinds_of_papers(claim.case_id))
    if problems:
        raise NotMet(problems)
    fresh.parameters = with_record(fresh, act, judgement.record)
    return judgement.verdict


def _basis(verdict):
    """What the claim rests on, as its columns say it."""
    return {"deactivation": verdict.deactivation_id, "membership": verdict.membership_id}


def _agree_first(claim, fresh, shown, agreed, why_less):
    """It goes back to the queue, for a supervisor."""
    now, officer = shown.now, shown.officer
    change(fresh, shown.version, needs_second=True, **agreed)
    cases.claim(claim.case, officer, shown.case_version, now)
    _accept(fresh, officer, now)
    (Case.update(owner=None, owned_since=None, version=Case.version + 1)
     .where(Case.id == claim.case_id).execute())
    _say_why_less(claim, officer, why_less, now)
    cases.forget_typed(claim.case_id, officer)
    tell_claimant(claim, "claim agreed", now, **messages.agreed(claim))
    record(Event.CLAIM_APPROVED, claim, officer, now, amount=agreed["approved"], second="waits")


def _grant(claim, fresh, shown, amount, changes, why_less, event):
    """The one place where a claim becomes money: out of the savings, into what the bank pays."""
    now, officer = shown.now, shown.officer
    _take(fresh, amount, now)
    move(fresh, shown.version, APPROVED, **changes)
    cases.claim(claim.case, officer, shown.case_version, now)
    _accept(fresh, officer, now)
    if event == Event.CLAIM_APPROVED:
        _say_why_less(claim, officer, why_less, now)
    else:     # the first of the two has said it
        why_less = said_with_approval(fresh)
    cases.close([claim.case_id], now)
    cases.forget_typed(claim.case_id, officer)
    claim.destination = fresh.destination
    tell_claimant(claim, "claim approved", now, **messages.approved(claim, amount, why_less))
    record(event, claim, officer, now, amount=amount)


def _take(fresh, amount, now):
    """Take it out of the savings, if they have it: the rest is less from now on."""
    if not KINDS[fresh.kind].is_savings:
        return
    part = {"partial_on": day_of(now)} if fresh.kind in PARTIAL else {}
    taken = (Savings.update(taken=Savings.taken + amount, **part)
             .where(Savings.worker == fresh.worker_id,
                    Savings.credited - Savings.taken >= amount).execute())
    if not taken:
        raise NotMet(["Saldonya tidak cukup lagi."])


def _accept(fresh, officer, now):
    """An heir's account under another spelling: whoever agrees to the claim agrees to it."""
    (Destination.update(state=LINKED, linked_at=now, checked_by=officer,
                        version=Destination.version + 1)
     .where(Destination.id == fresh.destination_id, Destination.user.is_null(),
            Destination.state == IN_REVIEW).execute())


def _say_why_less(claim, officer, why_less, now):
    if why_less:
        cases.say(claim.case_id, AT_BRANCH, officer, why_less, now)
