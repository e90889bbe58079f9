"""Reviewing a claim at the branch: take it up, return it, meet the person, approve, refuse.

An approved claim waits for the bank and for nobody at the branch: its case is closed with the
approval, so that the queue holds what people must do. Paid, it stays closed (``cases.close`` again
changes nothing). When the bank sends the money back, ``cases.hand_on(case, AT_WORKER, None, now)``
opens it again; approved anew with another destination, ``cases.close`` closes it again. Whom news
go to (an heir has no account): ``heirs.telling.tell_claimant``.

The order in which rows are taken is everybody's: deactivation, savings, claim, destination, case,
interview, messages, audit last.
"""

from dataclasses import dataclass
from datetime import datetime

from webapp import audit
from webapp.audit import Event
from webapp.branch.queries import person_in
from webapp.branch.service import REVEALS
from webapp.cases import service as cases
from webapp.cases.service import CaseChanged
from webapp.claim_desk import messages
from webapp.claim_desk.hindrances import needs_interview
from webapp.claim_desk.rights import (
    NotYours,
    is_barred,
    may_check,
    may_meet,
    may_refuse,
    may_take,
)
from webapp.claims import faults as wrong
from webapp.claims.judgement import judged
from webapp.claims.service import record
from webapp.claims.states import move
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.heirs.telling import tell_claimant
from webapp.models.cases import AT_BRANCH, AT_WORKER, Case
from webapp.models.claims import CHECKING, INTERVIEW, REFUSED, RETURNED, SUBMITTED, Claim
from webapp.parameters import rules_on
from webapp.rate_limit import count_try
from webapp.receipts.signing import show_number
from webapp.working_days import add_working_days


@dataclass(frozen=True)
class Shown:
    """What the page showed that somebody decides on, who it is, and when.

    :param version: of the claim.
    :param case_version: of its case.
    """

    version: int
    case_version: int
    officer: object
    now: datetime


def take_up(claim, officer, now):
    """Take a claim of the queue and begin to check it. Doing it twice changes nothing.

    :raises NotYours: the officer has a part in it, or it waits for another second person.
    :raises cases.TakenByColleague: and :raises cases.NotAtBranch: as ``cases.take`` does.
    """
    if is_barred(claim, officer) or not may_take(claim, officer):
        raise NotYours
    with write_transaction():
        fresh = hold_claim(claim)
        begins = fresh.state == SUBMITTED
        if begins:
            move(fresh, fresh.version, CHECKING)
        cases.take(claim.case, officer, now)
        if begins:
            tell_claimant(claim, "claim taken up", now,
                          **messages.taken_up(claim, claim.case.due_on))
            record(Event.CLAIM_TAKEN_UP, claim, officer, now)


def give_back(claim, shown, faults):
    """Return a claim: exactly these parts are wrong, the rest stays as it is.

    :param faults: pairs of code (``claims.faults``) and sentence.
    :raises CaseChanged: :raises cases.TakenByColleague: :raises NotYours: as they say.
    """
    now, officer = shown.now, shown.officer
    with write_transaction():
        fresh = hold_claim(claim)
        if _was_done(fresh, shown, RETURNED, fresh.returned_by_id, fresh.faults,
                     wrong.as_json(faults)):
            return
        refuse_unless(may_check, fresh, shown)
        claim.faults = wrong.as_json(faults)
        move(fresh, shown.version, RETURNED, faults_sealed=claim.faults_sealed,
             returned_by=officer, returned_at=now)
        cases.claim(claim.case, officer, shown.case_version, now)
        cases.hand_on(claim.case_id, AT_WORKER, None, now)
        cases.forget_typed(claim.case_id, officer)
        tell_claimant(claim, "claim returned", now, **messages.returned(claim, faults))
        record(Event.CLAIM_RETURNED, claim, officer, now, wrong=[code for code, _ in faults])


def ask_interview(claim, shown):
    """The person must be met: they choose a slot. Raises as ``give_back``."""
    now, officer = shown.now, shown.officer
    with write_transaction():
        fresh = hold_claim(claim)
        if fresh.state == INTERVIEW and fresh.version == shown.version + 1:
            return     # the same press once more
        refuse_unless(may_check, fresh, shown)
        if not may_ask_interview(claim, day_of(now)):
            raise CaseChanged
        move(fresh, shown.version, INTERVIEW, needs_interview=True)
        cases.claim(claim.case, officer, shown.case_version, now)
        cases.hand_on(claim.case_id, AT_WORKER, None, now)
        tell_claimant(claim, "claim interview asked", now, **messages.interview_asked(claim))
        record(Event.INTERVIEW_ASKED, claim, officer, now)


def may_ask_interview(claim, today):
    """Whether the person must be met, and was not yet."""
    return not claim.interviewed_at and needs_interview(claim, judged(claim, today).verdict)


def note_interview(claim, shown, note):
    """The person was met, in the slot or without one: the decision is next, by who was there.
    Raises as ``give_back``.

    :param note: what was found, for colleagues; or empty.
    """
    now, officer = shown.now, shown.officer
    until = add_working_days(day_of(now), rules_on(day_of(now))["claim.review_working_days"])
    with write_transaction():
        fresh = hold_claim(claim)
        if _was_done(fresh, shown, CHECKING, fresh.interviewed_by_id):
            return
        refuse_unless(may_meet, fresh, shown)
        move(fresh, shown.version, CHECKING, interviewed_by=officer, interviewed_at=now)
        _bring_to_branch(claim.case, officer, shown, until)
        if note:
            cases.say(claim.case_id, AT_BRANCH, officer, note, now)
        cases.forget_typed(claim.case_id, officer)
        tell_claimant(claim, "claim interview held", now,
                      **messages.interview_held(claim, until))
        record(Event.INTERVIEW_HELD, claim, officer, now)


def refuse(claim, shown, verdict):
    """The claim is not granted. Raises as ``give_back``.

    :param verdict: why, in plain words; the person reads it.
    """
    now, officer = shown.now, shown.officer
    with write_transaction():
        fresh = hold_claim(claim)
        if _was_done(fresh, shown, REFUSED, fresh.refused_by_id, fresh.verdict, verdict):
            return
        refuse_unless(may_refuse, fresh, shown)
        claim.verdict = verdict
        move(fresh, shown.version, REFUSED, verdict_sealed=claim.verdict_sealed,
             refused_by=officer, refused_at=now)
        cases.claim(claim.case, officer, shown.case_version, now)
        cases.close([claim.case_id], now)
        cases.forget_typed(claim.case_id, officer)
        tell_claimant(claim, "claim refused", now, **messages.refused(claim, verdict))
        record(Event.CLAIM_REFUSED, claim, officer, now)


def keep(claim, officer, fields, names, now):
    """Keep what was typed in one form of the claim and not sent; what was kept of its others stays.

    :param fields: dict of lists.
    :param names: of all the form's fields.
    """
    before = cases.typed_in(claim.case_id, officer) or {}
    others = {name: values for name, values in before.items() if name not in names}
    fresh = {name: values for name, values in fields.items() if name in names}
    cases.keep_typed(claim.case_id, officer, others | fresh, now)


def reveal_account(claim, officer, reason, now):
    """Record that an officer sees where the money goes in full, before it is shown.

    :param reason: a code of ``reveal_form.REVEAL_REASONS``.
    :raises webapp.rate_limit.TooMany: too many in this hour.
    """
    count_try(REVEALS, officer.public_id.hex, now)
    person = person_in(claim.case)
    with write_transaction():
        audit.record(Event.PERSON_SEEN, chain=audit.ACCOUNTS, actor=officer,
                     subject=person.public_id, now=now, page="account", reason=reason,
                     number=show_number(claim.case.number))


def hold_claim(claim):
    """The claim's row as it is now, held until the transaction ends."""
    Claim.update(version=Claim.version).where(Claim.id == claim.id).execute()
    return Claim.get_by_id(claim.id)


def _was_done(fresh, shown, state, by, text=None, wanted=None):
    """Whether the claim stands where this very press brought it."""
    return ((fresh.state, fresh.version, by) == (state, shown.version + 1, shown.officer.id)
            and text == wanted)


def refuse_unless(may, fresh, shown):
    """It is as the page showed it, and this officer may act on it.

    :param may: a function of ``rights``.
    :raises CaseChanged: and :raises NotYours: as they say.
    """
    if fresh.version != shown.version:
        raise CaseChanged
    if not may(fresh, shown.officer):
        raise NotYours if fresh.state in (CHECKING, INTERVIEW) else CaseChanged


def _bring_to_branch(case, officer, shown, until):
    """The officer has the case from now on, whoever held it while the slot was chosen."""
    brought = (Case.update(holder=AT_BRANCH, held_since=shown.now, due_on=until, owner=officer,
                           owned_since=shown.now, version=Case.version + 1)
               .where(Case.id == case.id, Case.version == shown.case_version,
                      Case.owner.is_null() | (Case.owner == officer)).execute())
    if not brought:
        cases.claim(case, officer, shown.case_version, shown.now)     # says what stands in the way
        raise CaseChanged
