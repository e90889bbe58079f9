"""What an officer needs to know about a case before deciding it."""

from peewee import JOIN

from webapp.branch.queries import was_sent
from webapp.cases.own import SENIORS, accounts_of
from webapp.cases.queries import case_at, cases_about, waiting_at
from webapp.models.cases import CORRECTION, OBJECTION, RECOVERY, REQUEST, SWITCH, Case
from webapp.models.companies import Company
from webapp.models.deactivations import STANDING, Correction, Deactivation
from webapp.models.people import ACTIVE, STAFF, User
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership, Worker
from webapp.objections.queries import objection_of
from webapp.prepared import prepared
from webapp.requests.queries import request_of

NEXT = 10     # of the queue, beside a case
EARLIER = 20  # other cases of the membership


def case_shown_at(branch, public_id):
    """The branch's case with this id; None when it is another branch's, or the worker has not sent
    it yet.

    :param branch: its number.
    """
    case = case_at(branch, public_id)
    return case if case and _sent.one(case.id) else None


@prepared
def _sent(number):
    return Case.select(Case.id).where(Case.id == number, was_sent())


def matter_of(case):
    """What a case is about: its request, objection or correction, as it is now; None of a switch
    that asks no company."""
    return _MATTERS[case.kind](case)


def correction_of(case):
    """The correction that a case is about, with all that it would change."""
    asker, decider, filer, undoer = (User.alias() for _ in range(4))
    return (Correction.select(Correction, Deactivation, Membership, Worker, Company, Receipt,
                              asker, decider, filer, undoer)
            .join(Deactivation).join(Membership).join(Worker).switch(Membership).join(Company)
            .switch(Deactivation).join(Receipt, attr="receipt").switch(Deactivation)
            .join(filer, on=(Deactivation.filed_by == filer.id), attr="filed_by")
            .switch(Deactivation)
            .join(undoer, JOIN.LEFT_OUTER, on=(Deactivation.undone_by == undoer.id),
                  attr="undone_by").switch(Correction)
            .join(asker, on=(Correction.requested_by == asker.id), attr="requested_by")
            .switch(Correction)
            .join(decider, JOIN.LEFT_OUTER, on=(Correction.decided_by == decider.id),
                  attr="decided_by")
            .where(Correction.id == case.correction_id).first())


def standing_of(membership):
    """The deactivation that stands for a membership, with its receipt and who filed it; or None."""
    return (Deactivation.select(Deactivation, Receipt, User)
            .join(Receipt, attr="receipt").switch(Deactivation)
            .join(User, on=Deactivation.filed_by)
            .where(Deactivation.membership == membership, Deactivation.state << STANDING).first())


def earlier_about(case):
    """The other cases about a case's membership that this branch may see, the newest first."""
    return cases_about(case.membership_id).where(
        Case.id != case.id, Case.branch == case.branch_id, was_sent()).limit(EARLIER)


def upcoming_at(branch):
    """The first of the queue."""
    return waiting_at(branch).limit(NEXT)


def colleagues(officer, case):
    """The staff of the officer's branch who may be given a case, by name: not who has it, nor whom
    it is about."""
    others = User.select().where(User.branch == officer.branch_id, User.role << STAFF,
                                 User.state == ACTIVE)
    if case.kind == RECOVERY:
        others = others.where(User.role << SENIORS)
    left_out = accounts_of(case.worker, case.user) | {case.owner_id} - {None}
    return others.where(User.id.not_in(left_out)).order_by(User.name, User.id)


# Of a switch the desk decides what it asks the company, once that did not answer in time.
_MATTERS = {REQUEST: request_of, SWITCH: request_of, OBJECTION: objection_of,
            CORRECTION: correction_of}
