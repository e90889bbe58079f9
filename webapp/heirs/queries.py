"""Claims for somebody who died, as they stand at a counter."""

from webapp.cases.queries import case_at
from webapp.claims.queries import claim_of_case
from webapp.models.cases import CLAIM, Case
from webapp.models.claims import BY_HEIRS, DRAFT, FAILED, OPEN_CLAIM, RETURNED, Claim
from webapp.models.deactivations import EFFECTIVE, SCHEDULED, Deactivation
from webapp.models.workers import Membership

AT_COUNTER = (DRAFT, RETURNED, FAILED)     # the heir stands there and something is filled in


def death_of(worker):
    """The report that says that a person died, to which nobody objects; or None."""
    return (Deactivation.select().join(Membership)
            .where(Membership.worker == worker, Deactivation.reason == "MGL",
                   Deactivation.state << (SCHEDULED, EFFECTIVE))
            .order_by(Deactivation.id.desc()).first())


def running_for(worker):
    """The heirs' claim for a person that was begun and is not over, with its case; or None."""
    return (Claim.select(Claim, Case).join(Case)
            .where(Claim.worker == worker, Claim.kind == BY_HEIRS,
                   Claim.state << (DRAFT, *OPEN_CLAIM)).first())


def heirs_claim_at(branch, case_id):
    """The branch's heirs' claim whose case has this id, with case, worker and destination; or None.

    :param branch: its number.
    """
    case = case_at(branch, case_id)
    claim = claim_of_case(case) if case and case.kind == CLAIM else None
    if claim is None or claim.kind != BY_HEIRS:
        return None
    claim.case, claim.worker = case, case.worker
    return claim
