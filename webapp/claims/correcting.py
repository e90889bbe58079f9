"""Perbaiki: a claim that staff sent back. The worker changes what they marked, and that alone.

A changed amount or account asks for a code again, bound to all of the change; what is not marked
cannot be changed by whatever form is sent.
"""

from datetime import date

from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.cases import service as cases
from webapp.cases.moves import AlreadyDone
from webapp.cases.telling import tell_worker
from webapp.challenges import service as challenges
from webapp.claims import messages
from webapp.claims.faults import AMOUNT, DESTINATION, FIELDS, faults_of, papers_among
from webapp.claims.judgement import judged, with_record
from webapp.claims.progress import promised, upload_first
from webapp.claims.queries import kinds_added_since
from webapp.claims.sending import CORRECT, Outdated, begin_challenge, bound_of, held
from webapp.claims.service import columns_of, record
from webapp.claims.states import move
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.destinations.queries import linked_of
from webapp.models.cases import AT_BRANCH
from webapp.models.claims import CHECKING, RETURNED
from webapp.papers.kinds import known

COLUMNS = tuple(code for code in FIELDS if code != "address")     # that one is the account's


class NotEligible(Exception):
    """What the rules say to the corrected claim: ``verdict``."""

    def __init__(self, verdict):
        super().__init__(verdict)
        self.verdict = verdict


def still_missing(claim, user):
    """What of the marked papers and of the account is not put right yet: sentences, a list."""
    faults = faults_of(claim)
    there = kinds_added_since(claim, claim.returned_at)
    sentences = upload_first([kind for kind in known(papers_among(faults)) if kind not in there])
    if DESTINATION in faults and goal_of(claim, user) is None:
        sentences.append("Sambungkan dulu rekening atau e-wallet yang lain.")
    return sentences


def goal_of(claim, user):
    """Where the money goes after the correction: as before, unless that is marked; None while the
    marked account is still the one that is linked."""
    if DESTINATION not in faults_of(claim):
        return claim.destination
    linked = linked_of(user)
    is_new = linked and (linked.id != claim.destination_id
                         or linked.linked_at >= claim.returned_at)
    return linked if is_new else None


def needs_code(claim, answers, goal):
    """Whether a correction changes how much is paid, or where to."""
    return answers.get(AMOUNT, claim.amount) != claim.amount or goal.id != claim.destination_id


def ready_for_code(claim, user, answers, goal, now):
    """The ``Challenge`` that this correction waits for."""
    values = {name: _as_json(value) for name, value in marked(claim, answers).items()}
    bound = bound_of(claim, CORRECT, amount=answers.get(AMOUNT), destination=goal, answers=values)
    return begin_challenge(user, bound, now)


def marked(claim, answers):
    """Of these answers those that staff marked."""
    faults = faults_of(claim)
    return {name: value for name, value in answers.items() if name in faults and name in COLUMNS}


def correct(claim, user, *, version, answers, now):
    """Send the corrected claim back to the branch, where neither amount nor account changes.

    :param version: of the claim, as the page showed it.
    :raises webapp.cases.moves.AlreadyDone: and :raises webapp.cases.service.CaseChanged: as they
        say.
    :raises NotEligible: the rules do not allow it so.
    """
    if (claim.state, claim.version) == (CHECKING, version + 1):
        raise AlreadyDone
    with write_transaction():
        locked(user.id)
        if (claim.state != RETURNED or still_missing(claim, user)
                or needs_code(claim, answers, goal_of(claim, user))):
            raise cases.CaseChanged
        judgement = judged(claim, day_of(now), **_judged_by(claim, answers))
        _put_right(claim, version, judgement, marked(claim, answers), claim.destination, user, now)


def correct_with_code(challenge, user, *, now):
    """The same with a code that ``challenges.judge`` found right. Returns the claim.

    :raises challenges.AlreadyUsed: it was sent before.
    :raises webapp.claims.sending.Outdated: the claim, its papers or the account changed meanwhile.
    """
    answers = answers_in(challenge)
    with write_transaction():
        challenges.use(challenge, now)
        claim, _ = held(challenge, user, now)
        if claim.state != RETURNED or still_missing(claim, user):
            raise Outdated
        goal = goal_of(claim, user)
        if goal.public_id.hex != challenges.bound_to(challenge)["destination"]:
            raise Outdated
        judgement = judged(claim, day_of(now), **_judged_by(claim, answers))
        _put_right(claim, claim.version, judgement, marked(claim, answers), goal, user, now)
    return claim


def answers_in(challenge):
    """What a correction's code changes."""
    values = challenges.bound_to(challenge)["answers"]
    return {name: date.fromisoformat(value) if name == "treated_on" else value
            for name, value in values.items()}


def judge_corrected(claim, answers, now):
    """What the rules say to a claim corrected so, a ``Verdict``."""
    return judged(claim, day_of(now), **_judged_by(claim, answers)).verdict


def _judged_by(claim, answers):
    return {name: value for name, value in marked(claim, answers).items()
            if name in ("treated_on", "receipt_total", AMOUNT)}


def _put_right(claim, version, judgement, answers, goal, user, now):
    verdict = judgement.verdict
    if not verdict.may_be_sent:
        raise NotEligible(verdict)
    until = promised(day_of(now), verdict, judgement.rules)
    move(claim, version, CHECKING, **columns_of(claim, answers), destination=goal,
         entitlement=verdict.most, deactivation=verdict.deactivation_id,
         membership=verdict.membership_id, needs_interview=verdict.needs_interview,
         needs_second=verdict.needs_second, parameters=with_record(
             claim, "corrected", judgement.record | {"at": now.isoformat()}))
    cases.hand_on(claim.case, AT_BRANCH, until, now)
    cases.forget_typed(claim.case_id, user)
    claim.amount = answers.get(AMOUNT, claim.amount)
    tell_worker(claim.case, "claim corrected", now, **messages.corrected(claim, until))
    record(Event.CLAIM_CORRECTED, claim, user, now, until=until.isoformat(),
           changed=sorted(answers), destination=goal.id != claim.destination_id)


def _as_json(value):
    return value.isoformat() if isinstance(value, date) else value
