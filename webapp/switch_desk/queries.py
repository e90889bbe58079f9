"""What an officer needs to know about a switch before deciding it."""

from webapp.cases.queries import case_at
from webapp.models.cases import SWITCH
from webapp.models.people import User
from webapp.switch.queries import switch_of_case

PARTS = ("submitted_by", "returned_by", "decided_by")


def switch_at(branch, case_id):
    """The branch's switch whose case has this id, as it is now, with its case, worker and everybody
    who had a part in it; None when it is another branch's, or was never sent.

    :param branch: its number.
    """
    case = case_at(branch, case_id)
    switch = switch_of_case(case) if case and case.kind == SWITCH else None
    if switch is None or not switch.submitted_at:
        return None
    switch.case, switch.worker = case, case.worker
    numbers = {getattr(switch, f"{part}_id") for part in PARTS} - {None}
    people = {user.id: user for user in User.select().where(User.id << numbers)}
    for part in PARTS:
        setattr(switch, part, people.get(getattr(switch, f"{part}_id")))
    return switch
