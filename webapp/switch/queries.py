"""Finding switches, and how the membership that somebody leaves ends."""

from dataclasses import dataclass
from datetime import date

from peewee import JOIN, fn

from webapp.deactivation.queries import standing_for
from webapp.models.branches import Branch
from webapp.models.cases import (
    AT_WORKER,
    DRAFT,
    OPEN_REQUEST,
    REFUSED,
    WITHDRAWN,
    Case,
    DeactivationRequest,
    Paper,
)
from webapp.models.companies import Company
from webapp.models.deactivations import DISPUTED, STANDING, Deactivation
from webapp.models.switches import OPEN_SWITCH, SUBMITTED, Switch
from webapp.models.workers import ACTIVE, ENDED, Membership, Worker
from webapp.prepared import prepared
from webapp.requests.queries import open_request_of


@dataclass(frozen=True)
class Ending:
    """How a membership at a company ends.

    :param last_day: the last covered day; None while nobody said.
    :param report: the ``Deactivation`` that stands, or None.
    :param is_over: whether it ended without one: it was taken in so.
    :param asked: what the worker has asked the company and is not answered, or None.
    """

    last_day: date | None
    report: Deactivation | None = None
    is_over: bool = False
    asked: DeactivationRequest | None = None

    @property
    def is_filed(self):
        """Whether it has ended, or its end is filed."""
        return self.is_over or self.report is not None

    @property
    def must_be_asked(self):
        """Whether somebody has still to ask the company."""
        return not self.is_filed and self.asked is None

    @property
    def is_disputed(self):
        """Whether the worker says that the report is wrong, and the branch has not decided."""
        return self.report is not None and self.report.state == DISPUTED

    @property
    def is_death(self):
        """Whether the report says that the person died."""
        return self.report is not None and self.report.reason == "MGL"


def ending_of(switch):
    """The ``Ending`` of a switch's membership, as things stand now."""
    report = standing_for.one(switch.membership_id)
    if report:
        return Ending(report.last_day, report)
    membership = Membership.get_by_id(switch.membership_id)
    if membership.status == ENDED:
        return Ending(membership.ended_on, is_over=True)
    asked = open_request_of(switch.membership_id)
    if asked and asked.state != DRAFT:
        return Ending(asked.last_day, asked=asked)
    return Ending(switch.last_day)


def switch_of_worker(worker, public_id):
    """The worker's own switch whose case has this id, or None."""
    return _own_switch.one(worker, public_id)


def switch_of_case(case):
    """The switch that a case is about, or None."""
    return _switch_of_case.one(case)


def switch_numbered(number):
    """The switch with this number, as it is now."""
    return _switch_numbered.one(number)


def open_switch_of(worker):
    """What a person has begun or sent and is not over, or None."""
    return _open_switch_of.one(worker)


def switches_of(worker):
    """Every switch of a person, the newest first."""
    return _whole().where(Switch.worker == worker).order_by(Switch.id.desc())


def to_be_followed():
    """The numbers of the switches that wait for the company, whose membership has ended by now or
    whose request is over otherwise: their own, or the older one that they were sent to wait for."""
    stands = Deactivation.select(Deactivation.id).where(
        Deactivation.membership == Switch.membership, Deactivation.state << STANDING)
    has_failed = ((DeactivationRequest.state << (REFUSED, WITHDRAWN))
                  & Case.closed_at.is_null(False))
    older = DeactivationRequest.alias()
    runs = older.select(older.id).where(older.membership == Switch.membership,
                                        older.state << OPEN_REQUEST, older.state != DRAFT)
    waits_in_vain = (Switch.request.is_null() & (Case.holder == AT_WORKER) & ~fn.EXISTS(runs))
    return (Switch.select(Switch.id).join(Case).switch(Switch).join(Membership).switch(Switch)
            .join(DeactivationRequest, JOIN.LEFT_OUTER)
            .where(Switch.state == SUBMITTED,
                   fn.EXISTS(stands) | (Membership.status == ENDED) | has_failed | waits_in_vain)
            .order_by(Switch.id).tuples())


def to_begin_with(worker):
    """The memberships that a person can switch from: those that run, else the one that ended
    last; with their companies, a list."""
    rows = list(Membership.select(Membership, Company).join(Company)
                .where(Membership.worker == worker)
                .order_by(Membership.ended_on.desc(), Membership.started_on.desc()))
    return [row for row in rows if row.status == ACTIVE] or rows[:1]


def membership_to_leave(worker, public_id):
    """The one of these with this id, or None."""
    return next((row for row in to_begin_with(worker) if row.public_id == public_id), None)


def kinds_handed_in(switch, since=None):
    """Which kinds of paper the worker's side handed in, a set.

    :param since: only after this moment.
    """
    rows = Paper.select(Paper.kind).where(Paper.case == switch.case_id, Paper.side == AT_WORKER)
    if since:
        rows = rows.where(Paper.added_at >= since)
    return {kind for (kind,) in rows.tuples()}


@prepared
def _own_switch(worker, public_id):
    return _whole().where(Switch.worker == worker, Case.public_id == public_id)


@prepared
def _switch_numbered(number):
    return _whole().where(Switch.id == number)


@prepared
def _switch_of_case(case):
    return _whole().where(Switch.case == case)


@prepared
def _open_switch_of(worker):
    return _whole().where(Switch.worker == worker, Switch.state << OPEN_SWITCH)


def _whole():
    return (Switch.select(Switch, Case, Branch, Company, Worker, Membership, DeactivationRequest)
            .join(Case).join(Branch).switch(Case).join(Company).switch(Switch)
            .join(Worker).switch(Switch).join(Membership).switch(Switch)
            .join(DeactivationRequest, JOIN.LEFT_OUTER))
