"""Finding requests, with their case, membership, worker and company."""

from webapp.models.cases import OPEN_REQUEST, Case, DeactivationRequest
from webapp.models.companies import Company
from webapp.models.workers import Membership, Worker


def open_request_of(membership):
    """The request about a membership that is not over, or None."""
    return _whole().where(DeactivationRequest.membership == membership,
                          DeactivationRequest.state << OPEN_REQUEST).first()


def request_of(case):
    """The request that a case is about."""
    return _whole().where(DeactivationRequest.case == case).first()


def request_numbered(number):
    """The request with this number, as it is now."""
    return _whole().where(DeactivationRequest.id == number).first()


def requests_about(memberships):
    """Every request about these memberships, the newest first."""
    return (_whole().where(DeactivationRequest.membership << memberships)
            .order_by(DeactivationRequest.id.desc()))


def _whole():
    return (DeactivationRequest.select(DeactivationRequest, Case, Membership, Worker, Company)
            .join(Case).join(Worker).switch(Case).join(Company).switch(DeactivationRequest)
            .join(Membership))
