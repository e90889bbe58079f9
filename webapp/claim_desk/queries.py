"""What an officer needs to know about a claim before deciding it."""

from webapp.cases.queries import case_at
from webapp.claims.queries import claim_of_case
from webapp.models.cases import CLAIM, Case, Paper, Statement
from webapp.models.claims import Claim, Savings
from webapp.models.people import User

EARLIER = 20     # other claims of the person
LISTED = 20      # on the person's page


def claim_at(branch, case_id):
    """The branch's claim whose case has this id, as it is now, with its case, worker, destination,
    report and everybody who had a part in it; None when it is another branch's, or was never sent.

    :param branch: its number.
    """
    case = case_at(branch, case_id)
    claim = claim_of_case(case) if case and case.kind == CLAIM else None
    if claim is None or not claim.submitted_at:
        return None
    claim.case, claim.worker = case, case.worker
    _with_people(claim)
    return claim


def kinds_of_papers(case):
    """Which kinds of paper a case holds, a set."""
    return {kind for (kind,) in Paper.select(Paper.kind).where(Paper.case == case).tuples()}


def earlier_of(claim):
    """The other claims of the person that were sent, the newest first, with their cases."""
    return (_sent(claim.worker_id).where(Claim.id != claim.id).limit(EARLIER))


def claims_about(worker):
    """Every claim of a person that was sent, the newest first, with their cases."""
    return _sent(worker).limit(LISTED)


def savings_of(worker):
    """The person's ``Savings``, or None while none were reported."""
    return Savings.get_or_none(Savings.worker == worker)


def said_with_approval(claim):
    """What the first who agreed said with it, or an empty text."""
    said = Statement.get_or_none(Statement.case == claim.case_id,
                                 Statement.author == claim.approved_by_id,
                                 Statement.made_at == claim.approved_at)
    return said.text if said else ""


def _sent(worker):
    return (Claim.select(Claim, Case).join(Case)
            .where(Claim.worker == worker, Claim.submitted_at.is_null(False))
            .order_by(Claim.id.desc()))


PARTS = ("submitted_by", "returned_by", "interviewed_by", "approved_by", "confirmed_by",
         "refused_by")


def _with_people(claim):
    """Everybody who had a part in it, with one statement."""
    numbers = {getattr(claim, f"{part}_id") for part in PARTS} - {None}
    people = {user.id: user for user in User.select().where(User.id << numbers)} if numbers else {}
    for part in PARTS:
        setattr(claim, part, people.get(getattr(claim, f"{part}_id")))
