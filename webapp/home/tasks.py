"""What needs the worker now: at most a card for each membership and matter, the next act on it."""

from dataclasses import dataclass
from datetime import date

from webapp.models import claims as claim_states
from webapp.models import switches as switch_states
from webapp.models.cases import APPROVED, ASKED, AT_WORKER, DRAFT
from webapp.objections.service import can_object, last_objection_day

OBJECT, OBJECTING, ASKING, FILLING, ANSWERED = (
    "sanggah", "sanggahan", "permohonan", "formulir", "jawaban")
CORRECTING, BOOKING, UNPAID, CLAIMING = (
    "perbaikan", "wawancara", "gagal bayar", "pencairan")
SWITCHING, MENDING, HELD_UP, PAYING = "peralihan", "perbaikan peralihan", "ditahan", "iuran"
_OF_CLAIMS = {claim_states.FAILED: UNPAID, claim_states.RETURNED: CORRECTING,
              claim_states.INTERVIEW: BOOKING, claim_states.DRAFT: CLAIMING}


@dataclass(frozen=True)
class Task:
    """One card.

    :param kind: what there is to do, one of the above.
    :param about: the report, the objection, the request or the claim.
    :param until: the last day for it, or None.
    """

    kind: str
    about: object
    until: date | None = None


def tasks_of(reports, requests, objections, last_sides, today, *, wanted=()):
    """The cards of a worker: reports to object to first, then what was begun or must be answered.

    :param reports: the standing ones.
    :param requests: those that are not over.
    :param objections: those that were not withdrawn.
    :param last_sides: who wrote last in a case's thread: dict of case numbers.
    :param wanted: numbers of the reports that the worker asked for: nobody need ask about those.
    """
    met = {row.deactivation_id for row in objections}
    standing = {report.id: report for report in reports}
    yield from (Task(OBJECT, report, last_objection_day(report)) for report in reports
                if report.id not in met and report.id not in wanted
                and can_object(report, today))
    for row in objections:
        if row.state == DRAFT and row.deactivation_id in standing and can_object(
                row.deactivation, today):
            yield Task(OBJECTING, row, last_objection_day(row.deactivation))
        elif row.state == ASKED and last_sides.get(row.case_id, AT_WORKER) != AT_WORKER:
            yield Task(ANSWERED, row, row.case.due_on)
    kinds = {APPROVED: FILLING, DRAFT: ASKING}
    yield from (Task(kinds[row.state], row) for row in requests if row.state in kinds)


def tasks_of_claims(claims, booked):
    """The cards about claims: what holds up money first, what was only begun last.

    :param claims: those that run, and the draft.
    :param booked: the numbers of those that have a slot for their interview.
    """
    for state, kind in _OF_CLAIMS.items():
        yield from (Task(kind, claim, claim.case.due_on) for claim in claims
                    if claim.state == state and claim.id not in booked)


def tasks_of_switch(switch, bill, today):
    """The cards about going on alone: what must be put right, paid or gone on with.

    :param switch: what is not over, or None.
    :param bill: what waits to be paid, or None.
    """
    if switch and switch.state == switch_states.RETURNED:
        yield Task(MENDING, switch)
    elif switch and switch.state == switch_states.SUBMITTED and switch.case.holder == AT_WORKER:
        yield Task(HELD_UP, switch)
    if bill and bill.expires_on >= today:
        yield Task(PAYING, bill, bill.expires_on)
    if switch and switch.state == switch_states.DRAFT:
        yield Task(SWITCHING, switch)
