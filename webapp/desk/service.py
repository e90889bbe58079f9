"""Working on cases at the desk: taking, handing over, writing, deciding.

What is done to a request, an objection or a correction is theirs; this is what all have in common.
Nothing that was typed is lost, whoever was faster.
"""

from webapp.cases import service as cases
from webapp.cases.own import SENIORS, may_take
from webapp.cases.service import CaseChanged
from webapp.claim_desk import service as claims
from webapp.claim_desk.queries import claim_at
from webapp.claim_desk.rights import NotYours
from webapp.complaint_desk import service as complaints
from webapp.db import write_transaction
from webapp.deactivation import corrections
from webapp.deactivation.claimed import Claimed
from webapp.deactivation.service import Conflict
from webapp.desk.outcomes import outcome
from webapp.desk.queries import case_shown_at, matter_of
from webapp.models.cases import AT_BRANCH, CLAIM, COMPLAINT, HOLD_REQUESTS
from webapp.objections import service as objections
from webapp.rate_limit import TooMany
from webapp.requests import service as requests

FIELDS = ("verdict", "answer")     # what is kept of what an officer types


# What stands in the way of deciding while the case is as it was shown.
IN_THE_WAY = (cases.TakenByColleague, objections.OwnReport, corrections.OwnReport, Claimed)


def take(case, officer, now):
    """Take a case of the queue; a claim or complaint is checked from then on. Raises as
    ``cases.take`` does.

    :raises NotYours: it waits for a supervisor.
    """
    if not may_take(case, officer):
        raise NotYours
    claim = claim_at(case.branch_id, case.public_id) if case.kind == CLAIM else None
    if claim:
        claims.take_up(claim, officer, now)
        return
    if case.kind == COMPLAINT:
        complaints.take_up(case, officer, now)
        return
    cases.take(case, officer, now)


def may_hand_over(case, officer):
    """Whether an officer may give a case to somebody: nobody's, one's own, and for a supervisor or
    manager a colleague's."""
    is_free = case.owner_id in (None, officer.id)
    return case.holder == AT_BRANCH and (is_free or officer.role in SENIORS)


def hand_over(case, officer, receiver, *, owner_shown, now):
    """Give a case to a colleague, to oneself, or back to the queue.

    :param receiver: a ``User``, or None for the queue.
    :param owner_shown: the number of the owner the page showed, or None.
    :raises NotYours: :raises CaseChanged: as they say.
    """
    if owner_shown == case.owner_id and not may_hand_over(case, officer):
        raise NotYours
    cases.hand_over(case, officer, receiver, owner_shown=owner_shown, now=now)


def may_decide(case, matter, officer):
    """Whether this officer may decide a case now: it waits here, no colleague has it, and the
    report in question is not the officer's own."""
    report = None if case.kind in HOLD_REQUESTS else matter.deactivation
    return (case.holder == AT_BRANCH and case.owner_id in (None, officer.id)
            and (report is None or report.filed_by_id != officer.id))


def keep(case, officer, typed, now):
    """Keep what was typed and not sent; what was kept of another form of the page stays.

    :param typed: dict of field name and text.
    """
    before = cases.typed_in(case, officer) or {}
    fresh = {name: [text] for name, text in typed.items() if name in FIELDS}
    cases.keep_typed(case, officer, before | fresh, now)


def answer(case, officer, text, now):
    """Write to worker and company about an objection; what was typed in the page's other form
    stays.

    :raises CaseChanged: it was decided meanwhile; what was written is kept.
    :raises webapp.rate_limit.TooMany: this officer wrote too often there of late; the same.
    """
    kept = {name: typed for name, typed in (cases.typed_in(case, officer) or {}).items()
            if name != "answer"}
    try:
        objections.answer(matter_of(case), AT_BRANCH, officer, text, now)
    except (CaseChanged, TooMany):
        keep(case, officer, {"answer": text}, now)
        raise
    cases.keep_typed(case, officer, kept, now)


def decide(decision, case, officer, *, version, reason, rules, now):
    """Decide a case. Deciding again in the same words changes nothing.

    :param decision: a ``decisions.Decision`` of the case's kind.
    :param version: of the case, as the page showed it.
    :raises CaseChanged: somebody was faster, or wrote something since; the reason is kept.
    :raises webapp.cases.service.TakenByColleague: and ``OwnReport`` and ``Claimed``: the same.
    """
    matter = matter_of(case)
    try:
        decision.act(matter, case, officer, version=version, reason=reason, rules=rules, now=now)
    except requests.AlreadyDone:
        pass
    except (CaseChanged, Conflict) as changed:
        if not _is_result(decision, case, officer, reason):
            keep(case, officer, {"verdict": reason}, now)
            raise CaseChanged from changed
    except IN_THE_WAY:
        keep(case, officer, {"verdict": reason}, now)
        raise
    with write_transaction():
        cases.forget_typed(case, officer)


def _is_result(decision, case, officer, reason):
    """Whether the case stands decided by this very press."""
    fresh = case_shown_at(case.branch_id, case.public_id)
    ended = outcome(fresh, matter_of(fresh))
    return ended is not None and (ended.state, ended.by, ended.text) == (
        decision.state, officer, reason)
