"""What a worker has to hand in with a case, as its page and its box say it: pairs of what has a
``label`` and a code of ``kinds.STATES``.

Before it is sent that is all that is needed; of what came back, what was marked as wrong.
"""

from webapp.claims.faults import faults_of, papers_among
from webapp.claims.judgement import judged
from webapp.claims.queries import claim_of_case, kinds_added_since, papers_by_kind
from webapp.deactivation.reasons import REASONS
from webapp.models.cases import APPROVED, CLAIM, REQUEST, SWITCH
from webapp.models.claims import DRAFT, RETURNED
from webapp.papers.kinds import KINDS, MISSING, PROOFS, UPLOADED, known
from webapp.requests.queries import missing_papers, request_of
from webapp.switch.checklist import standing
from webapp.switch.faults import items_among
from webapp.switch.papers import standing_of
from webapp.switch.queries import ending_of, kinds_handed_in, switch_of_case


def needed_of(case, today):
    """The papers that a case needs from its worker now, a list; empty where it needs none."""
    if case.kind == CLAIM:
        claim = claim_of_case(case)
        is_draft = claim.state == DRAFT
        return needed_by_claim(claim, judged(claim, today).verdict if is_draft else None)
    if case.kind == SWITCH:
        return needed_by_switch(switch_of_case(case))
    return needed_by_request(request_of(case)) if case.kind == REQUEST else []


def needed_by_claim(claim, verdict):
    """Those of a claim.

    :param verdict: on a draft (``eligibility.judging.Verdict``).
    """
    if claim.state == DRAFT:
        return _each(verdict.papers, papers_by_kind(claim))
    if claim.state != RETURNED:
        return []
    return _each(known(papers_among(faults_of(claim))), kinds_added_since(claim, claim.returned_at))


def needed_by_switch(switch):
    """Those of a switch."""
    if switch.state == DRAFT:
        return standing_of(switch, ending_of(switch))
    if switch.state != RETURNED:
        return []
    marked = items_among(faults_of(switch))
    fresh = standing([], kinds_handed_in(switch, since=switch.returned_at))
    return [(item, state) for item, state in fresh if item in marked]


def needed_by_request(request):
    """Those that the form of a request must have."""
    if request.state != APPROVED or not REASONS[request.reason].proof_required:
        return []
    wanted, missing = PROOFS[request.reason], missing_papers(request)
    return _each(wanted, [code for code in wanted if code not in missing])


def _each(wanted, there):
    return [(KINDS[code], UPLOADED if code in there else MISSING) for code in wanted]
