"""Everything a claim's pages at the branch show of it, gathered. Constant in statements."""

import json

from webapp.branch.ages import age_in_words
from webapp.claim_desk import queries
from webapp.claim_desk.hindrances import hindrances, needs_interview, needs_second
from webapp.claim_desk.outcomes import steps
from webapp.claim_desk.rights import is_barred, may_take
from webapp.claims.judgement import judged
from webapp.claims.queries import interview_of, payouts_of
from webapp.claims.words import STATES, awaits_second
from webapp.clock import day_of
from webapp.destinations.queries import others_with
from webapp.destinations.words import PROVIDERS
from webapp.destinations.words import STATES as DESTINATION_STATES
from webapp.destinations.words import label as destination_label
from webapp.eligibility.kinds import KINDS
from webapp.heirs.telling import heir_of
from webapp.heirs.words import relation_of
from webapp.holds.queries import held_until, is_stopped
from webapp.models.claims import IN_REVIEW
from webapp.models.deactivations import EFFECTIVE, SCHEDULED
from webapp.papers.kinds import KINDS as PAPERS
from webapp.requests.words import clock_of


def facts_for(claim, officer, now):
    """What the pages show besides the claim itself, a dict.

    :param claim: as ``queries.claim_at`` gives it.
    """
    today, judgement = day_of(now), judged(claim, day_of(now))
    verdict, there = judgement.verdict, queries.kinds_of_papers(claim.case_id)
    heir = heir_of(claim)
    account, goal, interview = claim.worker.user, claim.destination, interview_of(claim)
    return {
        "today": today, "now": now, "kind": KINDS[claim.kind],
        "verdict": verdict, "facts": judgement.facts, "sent": json.loads(claim.parameters).get(
            "sent"), "paper_kinds": PAPERS, "state": STATES[claim.state], "states": STATES,
        "lacking": [PAPERS[code].label for code in verdict.papers if code not in there],
        "problems": hindrances(claim, judgement, papers=there, is_sound=_is_sound(claim)),
        "needs_interview": needs_interview(claim, verdict),
        "needs_second": needs_second(claim, verdict), "awaits_second": awaits_second(claim),
        "goal": destination_label(goal), "providers": PROVIDERS,
        "goal_state": DESTINATION_STATES[goal.state], "sharing": others_with(goal),
        "must_accept": goal.state == IN_REVIEW and not goal.user_id,
        "held_until": account and held_until(account, now),
        "is_stopped": bool(account) and is_stopped(account),
        "interview": interview, "steps": steps(claim, interview, list(payouts_of(claim))),
        "heir": heir, "relation": heir and relation_of(heir), "kinds": KINDS,
        "earlier": list(queries.earlier_of(claim)),
        "age": age_in_words(claim.case.held_since, now),
        "promise": claim.case.due_on and clock_of(claim.case, today),
        "may_take": may_take(claim, officer) and not is_barred(claim, officer),
        "said_with": queries.said_with_approval(claim) if claim.approved_by_id else "",
    }


def _is_sound(claim):
    report = claim.deactivation
    return report is None or report.state in (SCHEDULED, EFFECTIVE)
