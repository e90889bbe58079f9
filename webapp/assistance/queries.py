"""Finding assistance: a person's, and that which a list is about."""

import json
from datetime import date

from peewee import JOIN, fn

from webapp.assistance.states import UNFINISHED
from webapp.audit import Event
from webapp.clock import day_of
from webapp.db import is_sqlite
from webapp.deactivation.queries import deaths
from webapp.models.audit import AuditEntry
from webapp.models.people import MAY_SIGN_IN, User
from webapp.models.programmes import (
    REVOKED,
    Applicant,
    Assistance,
    AssistanceStep,
    DisbursementFile,
    Programme,
)
from webapp.models.workers import Membership, Worker
from webapp.parts import parts_of
from webapp.prepared import prepared

MOST_AT_ONCE = 500     # numbers in one statement


def assistance_of(worker):
    """All that a person was granted, each with its programme."""
    return _of(worker)


def expected_of(worker):
    """What a person was granted and has not been paid, the oldest first, a list."""
    return _expected_of.rows(worker.id)


def steps_of(rows):
    """What happened to each of these, the oldest first: dict of lists by their numbers."""
    found = {row.id: [] for row in rows}
    steps = (AssistanceStep.select().where(AssistanceStep.assistance << list(found))
             .order_by(AssistanceStep.id)) if found else ()
    for step in steps:
        found[step.assistance_id].append(step)
    return found


def numbered(numbers):
    """The assistance with these numbers, locked until the transaction ends: dict by the number.
    Each has its programme, its worker and the worker's account."""
    found = {}
    for some in parts_of(numbers, MOST_AT_ONCE):
        rows = (Assistance.select(Assistance, Programme, Worker, User)
                .join(Programme).switch(Assistance).join(Worker).join(User, JOIN.LEFT_OUTER)
                .where(Assistance.number << some)
                .order_by(Assistance.id))
        found |= {row.number: row for row in
                  (rows if is_sqlite() else rows.for_update('FOR NO KEY UPDATE OF "t1"'))}
    return found


def revoked_among(rows):
    """When those of these were revoked who were: dict of moments by the applicant's number.

    To be asked when the rows are locked: who is revoked after that finds what became of them.
    """
    numbers, found = [row.applicant_id for row in rows], {}
    for some in parts_of(numbers, MOST_AT_ONCE):
        found |= {row.id: row.revoked_at for row in
                  Applicant.select(Applicant.id, Applicant.revoked_at)
                  .where(Applicant.id << some,
                         Applicant.state == REVOKED)}
    return found


def last_listed(rows):
    """Of which day the list is that last changed those of these that any did: dict of days by their
    numbers. A backlog is taken in on one day, so it is not the day of taking it in that counts."""
    numbers, found = [row.id for row in rows], {}
    for some in parts_of(numbers, MOST_AT_ONCE):
        steps = (AssistanceStep.select(AssistanceStep.assistance, AssistanceStep.at)
                 .join(DisbursementFile, on=(DisbursementFile.taken_at == AssistanceStep.at))
                 .where(AssistanceStep.assistance << some)
                 .order_by(AssistanceStep.id))
        found |= {step.assistance_id: step.at for step in steps}
    days = _days_of_lists(set(found.values()))
    return {number: days.get(at) or day_of(at) for number, at in found.items()}


def _days_of_lists(moments):
    """The day each list was made on, by the moment it was taken in, as the trail has it."""
    taken = AuditEntry.select(AuditEntry.at, AuditEntry.details).where(
        AuditEntry.kind == str(Event.ASSISTANCE_IMPORTED), AuditEntry.at << list(moments))
    found = {}
    for entry in taken if moments else ():
        made_on = json.loads(entry.details).get("made_on")
        if made_on:
            found[entry.at] = max(found.get(entry.at, date.min), date.fromisoformat(made_on))
    return found


def dead_among(workers):
    """The numbers of those of these who died, as a report that stands says; also while it is
    disputed. A set.

    :param workers: their numbers.
    """
    return {worker for some in parts_of(workers, MOST_AT_ONCE) for (worker,) in
            deaths().columns(Membership.worker).where(Membership.worker << some).tuples()}


def shut_out_among(users):
    """The numbers of those of these who may not sign in: a set.

    :param users: their numbers, or None for nobody.
    """
    return {number for some in parts_of([one for one in users if one], MOST_AT_ONCE)
            for (number,) in User.select(User.id).where(
                User.id << some, User.state.not_in(MAY_SIGN_IN)).tuples()}


def counts_in(programme):
    """How much assistance of a programme stands where: dict of counts by state."""
    return dict(Assistance.select(Assistance.state, fn.COUNT(Assistance.id))
                .where(Assistance.programme == programme).group_by(Assistance.state).tuples())


@prepared
def _expected_of(worker):
    return _of(worker).where(Assistance.state << UNFINISHED).order_by(Assistance.id)


def _of(worker):
    return (Assistance.select(Assistance, Programme).join(Programme)
            .where(Assistance.worker == worker))
