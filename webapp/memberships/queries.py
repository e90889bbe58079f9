"""What Kepesertaan asks: a person's memberships, and how each of them ended."""

from peewee import JOIN

from webapp.models.branches import Branch
from webapp.models.companies import Company
from webapp.models.deactivations import DRAFT, STANDING, Deactivation, WorkLetter
from webapp.models.people import User
from webapp.models.receipts import Receipt
from webapp.models.workers import ACTIVE, Membership, Worker
from webapp.prepared import prepared


def membership_of_worker(worker, public_id):
    """The worker's own membership with this id, with its company; or None."""
    return _own_membership.one(worker, public_id)


@prepared
def _own_membership(worker, public_id):
    return (Membership.select(Membership, Company, Worker).join(Company).switch(Membership)
            .join(Worker)
            .where(Membership.worker == worker, Membership.public_id == public_id))


def standing_of(worker):
    """What was filed about a person's memberships and not taken back: one report of each at most,
    with its receipt, its work letter, who filed it, and the branch where it was filed there."""
    return _standing_of.rows(worker)


def latest_reports(membership, most):
    """The newest reports about a membership, the oldest first, those that were taken back too, with
    who did that. Where one stands it is the last: nothing is filed after it."""
    return _latest_reports.rows(membership, most)[::-1]


def report_about(membership, public_id):
    """One of the reports about a membership, by its id; or None."""
    return _report_about.one(membership, public_id)


@prepared
def _standing_of(worker):
    return (_reports().where(Membership.worker == worker, Deactivation.state << STANDING)
            .order_by(Deactivation.filed_at, Deactivation.id))


@prepared
def _latest_reports(membership, most):
    return (_reports().where(Deactivation.membership == membership)
            .order_by(Deactivation.filed_at.desc(), Deactivation.id.desc()).limit(most))


@prepared
def _report_about(membership, public_id):
    return _reports().where(Deactivation.membership == membership,
                            Deactivation.public_id == public_id)


def _reports():
    filer, undoer = User.alias(), User.alias()
    return (Deactivation.select(Deactivation, Membership, Company, Receipt, WorkLetter, Branch,
                                filer, undoer)
            .join(Membership).join(Company).switch(Deactivation)
            .join(Receipt, attr="receipt").switch(Deactivation)
            .join(WorkLetter, JOIN.LEFT_OUTER, attr="letter").switch(Deactivation)
            .join(Branch, JOIN.LEFT_OUTER).switch(Deactivation)
            .join(filer, on=(Deactivation.filed_by == filer.id), attr="filed_by")
            .switch(Deactivation)
            .join(undoer, JOIN.LEFT_OUTER, on=(Deactivation.undone_by == undoer.id),
                  attr="undone_by")
            .where(Deactivation.state != DRAFT))


def other_active_companies(membership):
    """The names of the companies at which the same person still works."""
    rows = (Membership.select(Company.name).join(Company)
            .where(Membership.worker == membership.worker_id, Membership.id != membership.id,
                   Membership.status == ACTIVE).order_by(Company.name).tuples())
    return [name for (name,) in rows]
