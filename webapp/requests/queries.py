"""Finding requests, with their case, membership, worker and company."""

from webapp.deactivation.reasons import REASONS
from webapp.models.cases import OPEN_REQUEST, Case, DeactivationRequest, Paper
from webapp.models.companies import Company
from webapp.models.workers import Membership, Worker
from webapp.papers.kinds import PROOFS
from webapp.prepared import prepared


def open_request_of(membership):
    """The request about a membership that is not over, or None."""
    return _open_request_of.one(membership)


def request_of(case):
    """The request that a case is about."""
    return _request_of.one(case)


def request_numbered(number):
    """The request with this number, as it is now."""
    return _request_numbered.one(number)


def open_requests_of(worker):
    """The requests about a person's memberships that are not over: one of each at most."""
    return _open_requests_of.rows(worker)


def latest_requests(membership, most):
    """The newest requests about a membership, the newest first."""
    return _latest_requests.rows(membership, most)


def requests_about(membership):
    """Every request about a membership, the newest first."""
    return (_whole().where(DeactivationRequest.membership == membership)
            .order_by(DeactivationRequest.id.desc()))


def requests_of(worker):
    """Every request of a person, the oldest first."""
    return _whole().where(Case.worker == worker).order_by(DeactivationRequest.id)


def asked_for(reports):
    """The numbers of those of these deactivations that their workers asked for."""
    rows = (DeactivationRequest.select(DeactivationRequest.deactivation)
            .where(DeactivationRequest.deactivation << reports,
                   DeactivationRequest.asked_at.is_null(False)).tuples())
    return {number for (number,) in rows}


def missing_papers(request):
    """The kinds of paper that a request's reason must have and that were not handed in."""
    if not REASONS[request.reason].proof_required:
        return []
    rows = Paper.select(Paper.kind).where(Paper.case == request.case_id).tuples()
    there = {kind for (kind,) in rows}
    return [kind for kind in PROOFS[request.reason] if kind not in there]


def _whole():
    return (DeactivationRequest.select(DeactivationRequest, Case, Membership, Worker, Company)
            .join(Case).join(Worker).switch(Case).join(Company).switch(DeactivationRequest)
            .join(Membership))


@prepared
def _open_requests_of(worker):
    return _whole().where(Membership.worker == worker, DeactivationRequest.state << OPEN_REQUEST)


@prepared
def _latest_requests(membership, most):
    return requests_about(membership).limit(most)


@prepared
def _open_request_of(membership):
    return _whole().where(DeactivationRequest.membership == membership,
                          DeactivationRequest.state << OPEN_REQUEST)


@prepared
def _request_of(case):
    return _whole().where(DeactivationRequest.case == case)


@prepared
def _request_numbered(number):
    return _whole().where(DeactivationRequest.id == number)
