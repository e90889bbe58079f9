"""Which cases somebody sees, and what was said and handed in."""

from peewee import JOIN

from webapp.models.cases import (
    AT_BRANCH,
    AT_COMPANY,
    Case,
    DeactivationRequest,
    Objection,
    Paper,
    Statement,
)
from webapp.models.companies import Company
from webapp.models.documents import Document
from webapp.models.people import User
from webapp.models.workers import Membership, Worker
from webapp.prepared import prepared

MOST_SAID = 200     # on one page: more than anybody reads


def waiting_at(branch):
    """What waits at a branch, what is due first on top: with worker, company, account and owner.

    :param branch: its number.
    """
    return _described().where(Case.branch == branch, Case.holder == AT_BRANCH).order_by(
        Case.due_on, Case.id)


def case_at(branch, public_id):
    """The branch's case with this id, open or over; None when it is another branch's."""
    return _case_at.one(branch, public_id)


def case_of_worker(worker, public_id):
    """The worker's own case with this id, or None."""
    return _case_of_worker.one(worker, public_id)


def case_of_company(company, public_id):
    """The company's case with this id, of the kinds a company has to do with; or None."""
    return _case_of_company.one(company, public_id)


def cases_of_company(company):
    """A company's cases, the newest first."""
    return _of_company(company).order_by(Case.opened_at.desc(), Case.id.desc())


def waiting_at_company(company):
    """What a company must act on, what is due first on top."""
    return (_of_company(company).where(Case.holder == AT_COMPANY)
            .order_by(Case.due_on, Case.id))


def cases_about(membership):
    """All cases about a membership, the newest first."""
    return Case.select().where(Case.membership == membership).order_by(Case.id.desc())


def statements_in(case):
    """The newest of what was said, the oldest of these first, with who said it; a list."""
    return _said_last.rows(case)[::-1]


@prepared
def _said_last(case):
    return everything_said_in(case).order_by(Statement.id.desc()).limit(MOST_SAID)


def everything_said_in(case):
    """All that was said, the oldest first, with who said it."""
    return (Statement.select(Statement, User).join(User, JOIN.LEFT_OUTER)
            .where(Statement.case == case).order_by(Statement.id))


def papers_of(case):
    """The papers of a case, the oldest first, with their files."""
    return (Paper.select(Paper, Document, User)
            .join(Document).switch(Paper).join(User, JOIN.LEFT_OUTER, on=Paper.added_by)
            .where(Paper.case == case).order_by(Paper.id))


papers_shown = prepared(papers_of)     # all of them, once more: every page of a case asks


def _of_company(company):
    """Cases with their ``request`` or ``objection``, once those were sent: what a worker has only
    begun is no business of the company's."""
    return (_described().select_extend(DeactivationRequest, Objection).switch(Case)
            .join(DeactivationRequest, JOIN.LEFT_OUTER,
                  on=(DeactivationRequest.case == Case.id), attr="request").switch(Case)
            .join(Objection, JOIN.LEFT_OUTER, on=(Objection.case == Case.id), attr="objection")
            .where(Case.company == company, DeactivationRequest.asked_at.is_null(False)
                   | Objection.asked_at.is_null(False)))


def _described():
    owner, account = User.alias(), User.alias()
    return (Case.select(Case, Membership, Worker, Company, owner, account)
            .join(Membership, JOIN.LEFT_OUTER).switch(Case)
            .join(Worker, JOIN.LEFT_OUTER).switch(Case)
            .join(Company, JOIN.LEFT_OUTER).switch(Case)
            .join(owner, JOIN.LEFT_OUTER, on=(Case.owner == owner.id), attr="owner").switch(Case)
            .join(account, JOIN.LEFT_OUTER, on=(Case.user == account.id), attr="user"))


@prepared
def _case_at(branch, public_id):
    return _described().where(Case.branch == branch, Case.public_id == public_id)


@prepared
def _case_of_worker(worker, public_id):
    return _described().where(Case.worker == worker, Case.public_id == public_id)


@prepared
def _case_of_company(company, public_id):
    return _of_company(company).where(Case.public_id == public_id)
