"""Finding complaints, with case, branch and block."""

from peewee import JOIN

from webapp import vault
from webapp.blocks.queries import parties_to
from webapp.models.blocks import AWAITING_REPORTER, Block, Complaint
from webapp.models.branches import HEAD_OFFICE, Branch
from webapp.models.cases import AT_WORKER, COMPLAINT, Case
from webapp.models.companies import Company
from webapp.models.people import ACTIVE, MANAGER, User
from webapp.models.workers import Membership, Worker
from webapp.prepared import prepared


def key_of(owner, key):
    """By which a complaint is found again by whoever sent it: of their account or browser, and of
    the form they sent.

    :param owner: what tells the account, or the browser, from others.
    """
    return vault.current().index(f"{owner}|{key}", "complaint.key")


def complaint_with(key):
    """The complaint that ``key_of`` names, or None."""
    return _whole().where(Complaint.key == key).first()


def complaints_of(user):
    """What somebody with an account complained about, the newest first."""
    return _whole().where(Complaint.user == user).order_by(Complaint.id.desc())


def complaint_of(user, public_id):
    """The person's own complaint whose case has this id, or None."""
    return _whole().where(Complaint.user == user, Case.public_id == public_id).first()


def complaint_in(case):
    """The complaint that a case is about, as it is now."""
    return _whole().where(Complaint.case == case).first()


def complaint_numbered(number):
    """The complaint with this number that was made without an account, or None."""
    return _whole().where(Case.number == number, Complaint.user.is_null()).first()


@prepared
def awaiting(user):
    """The complaints of somebody that wait for their answer."""
    return (Complaint.select(Complaint, Case).join(Case)
            .where(Complaint.user == user, Complaint.state == AWAITING_REPORTER))


def unanswered(today):
    """The numbers of complaints whose time for an answer is over."""
    return (Complaint.select(Complaint.id).join(Case)
            .where(Case.holder == AT_WORKER, Case.kind == COMPLAINT, Case.due_on < today)
            .order_by(Complaint.id).tuples())


def branches():
    """Every office that can be asked."""
    return Branch.select().order_by(Branch.name)


def nearest_branch(user):
    """The number of the office that looks after a worker's latest company; None where there is no
    telling."""
    return (Company.select(Company.branch).join(Membership).join(Worker)
            .where(Worker.user == user).order_by(Membership.started_on.desc(), Membership.id)
            .limit(1).scalar())


def branch_to_judge(block):
    """The number of the office that judges a complaint about a block: where a manager is who had no
    part in it, first of all where it was proposed."""
    here = block.proposed_by.branch_id
    part = [block.user_id, *parties_to(block)]

    def has_another(branch):
        return User.select().where(User.branch == branch, User.role == MANAGER,
                                   User.state == ACTIVE, User.id.not_in(part)).exists()

    return HEAD_OFFICE if not has_another(here) and has_another(HEAD_OFFICE) else here


def is_of_visitor(case, officer):
    """Whether a complaint made without an account gives a contact of this member of staff."""
    complaint = Complaint.get_or_none(Complaint.case == case)
    return complaint is not None and any(
        given and given == own for given, own in ((complaint.phone, officer.phone),
                                                  (complaint.email, officer.email)))


def _whole():
    proposer, decider = User.alias(), User.alias()
    return (Complaint.select(Complaint, Case, Branch, User, Block, proposer, decider)
            .join(Case).join(Branch).switch(Complaint)
            .join(User, JOIN.LEFT_OUTER, on=(Complaint.user == User.id)).switch(Complaint)
            .join(Block, JOIN.LEFT_OUTER)
            .join(proposer, JOIN.LEFT_OUTER, on=(Block.proposed_by == proposer.id),
                  attr="proposed_by").switch(Complaint)
            .join(decider, JOIN.LEFT_OUTER, on=(Complaint.decided_by == decider.id),
                  attr="decided_by"))
