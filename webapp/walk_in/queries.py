"""Finding walk-ins, and the membership one begins with."""

from peewee import JOIN

from webapp.models.branches import HEAD_OFFICE
from webapp.models.cases import DRAFT, Case, DeactivationRequest, Paper, WalkIn
from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.documents import Document
from webapp.models.people import User
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership, Worker


def membership_at(branch, public_id):
    """A membership at a company that this branch looks after, or None.

    :param branch: its number.
    """
    is_theirs = Company.branch == branch
    if branch == HEAD_OFFICE:
        is_theirs |= Company.branch.is_null()
    return (Membership.select(Membership, Worker, Company).join(Worker).switch(Membership)
            .join(Company).where(Membership.public_id == public_id, is_theirs).first())


def draft_about(membership):
    """The walk-in about a membership that was begun and not finished, or None."""
    return _whole().where(WalkIn.membership == membership, WalkIn.state == DRAFT).first()


def walk_in_of(branch, case_id):
    """The branch's walk-in with this case id, or None."""
    return _whole().where(Case.branch == branch, Case.public_id == case_id).first()


def papers_about(walk_in):
    """Files of the walk-in and of the worker's own draft that it continues."""
    return [*papers_in(walk_in.case_id), *papers_from_home(walk_in)]


def papers_from_home(walk_in):
    """Files that the worker handed in before coming to the counter."""
    return list(papers_in(walk_in.request.case_id)) if walk_in.request_id else []


def papers_in(case):
    """The files of a case."""
    return (Paper.select(Paper, Document, Case).join(Document).switch(Paper).join(Case)
            .where(Paper.case == case).order_by(Paper.id))


def _whole():
    asker, reverser, officer = User.alias(), User.alias(), User.alias()
    return (WalkIn.select(WalkIn, Case, Worker, Company, Membership, DeactivationRequest,
                          Deactivation, Receipt, officer, asker, reverser)
            .join(Case).join(Worker).switch(Case).join(Company).switch(WalkIn)
            .join(Membership).switch(WalkIn)
            .join(DeactivationRequest, JOIN.LEFT_OUTER).switch(WalkIn)
            .join(Deactivation, JOIN.LEFT_OUTER)
            .join(Receipt, JOIN.LEFT_OUTER, attr="receipt").switch(WalkIn)
            .join(officer, on=(WalkIn.officer == officer.id), attr="officer").switch(WalkIn)
            .join(asker, JOIN.LEFT_OUTER, on=(WalkIn.reversal_asked_by == asker.id),
                  attr="reversal_asked_by").switch(WalkIn)
            .join(reverser, JOIN.LEFT_OUTER, on=(WalkIn.reversed_by == reverser.id),
                  attr="reversed_by"))
