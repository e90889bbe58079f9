"""Until when a company or a branch has to act on a case."""

from webapp.models.branches import HEAD_OFFICE
from webapp.working_days import add_working_days


def company_until(today, rules):
    """The last day of a company's step: rules §1, 7 working days for each.

    :param rules: the parameters in force.
    """
    return add_working_days(today, rules["request.company_working_days"])


def branch_until(today, rules):
    """The day by which the branch promises to decide."""
    return add_working_days(today, rules["branch.decision_working_days"])


def recovery_until(today, rules):
    """The same for somebody who cannot sign in."""
    return add_working_days(today, rules["branch.recovery_working_days"])


def complaint_until(today, rules):
    """The same of a complaint."""
    return add_working_days(today, rules["branch.complaint_working_days"])


def reporter_until(today, rules):
    """The last day on which whoever complained answers a question."""
    return add_working_days(today, rules["complaint.answer_working_days"])


def branch_of(company):
    """The number of the branch that looks after a company."""
    return company.branch_id or HEAD_OFFICE
