"""Finding memberships of one's own, and their bills."""

from peewee import JOIN

from webapp.models.cases import Case
from webapp.models.companies import Company
from webapp.models.switches import (
    AWAITING_PAYMENT,
    FIRST,
    LAPSED,
    WAITING,
    Bill,
    OwnMembership,
    Switch,
)
from webapp.models.workers import Membership, Worker
from webapp.prepared import prepared


def running_own_of(worker):
    """The membership of their own that a person has now, late or not; or None."""
    return _running_own_of.one(worker)


def owns_of(worker):
    """All that a person ever had, the newest first, with whose card each keeps; a list."""
    return _owns_of.rows(worker)


def waiting_bill_of(worker):
    """What waits to be paid, or None."""
    return Bill.get_or_none(Bill.worker == worker, Bill.state == WAITING)


def bills_of(worker):
    """What a person was ever asked to pay; those that were paid, and what waits."""
    return Bill.select().where(Bill.worker == worker)


def unpaid_switch_of(worker):
    """The switch that waits for its first contribution, with case and membership, or None."""
    return (_switches().where(Switch.worker == worker, Switch.state == AWAITING_PAYMENT).first())


def newest_first_bill(switch):
    """The newest bill of a switch, or None."""
    return (Bill.select().where(Bill.switch == switch, Bill.kind == FIRST)
            .order_by(Bill.id.desc()).first())


def bills_coded(codes):
    """The bills with these payment codes, with worker, and switch or own membership: dict by
    code."""
    rows = (Bill.select(Bill, Worker, Switch, OwnMembership).join(Worker).switch(Bill)
            .join(Switch, JOIN.LEFT_OUTER).switch(Bill).join(OwnMembership, JOIN.LEFT_OUTER)
            .where(Bill.code << codes))
    return {row.code: row for row in rows}


def due_for_reckoning(today, month):
    """The numbers of the running memberships that are not paid for this month and have no bill
    that can still be paid.

    :param month: this one, by its first day.
    """
    can_be_paid = Bill.select(Bill.own).where(
        Bill.own.is_null(False), Bill.state == WAITING, Bill.expires_on >= today)
    return (OwnMembership.select(OwnMembership.id)
            .where(OwnMembership.state != LAPSED, OwnMembership.paid_until < month,
                   OwnMembership.id.not_in(can_be_paid))
            .order_by(OwnMembership.paid_until, OwnMembership.id).tuples())


def expired_bills(today):
    """The numbers of the bills that wait and cannot be paid any more, of those that nothing takes
    the place of by itself."""
    return (Bill.select(Bill.id).where(Bill.state == WAITING, Bill.expires_on < today,
                                       Bill.kind != "bulanan").order_by(Bill.id).tuples())


def _switches():
    return (Switch.select(Switch, Case, Membership, Company, Worker).join(Case).join(Company)
            .switch(Switch).join(Membership).switch(Switch).join(Worker))


@prepared
def _running_own_of(worker):
    return (OwnMembership.select(OwnMembership, Membership).join(Membership)
            .where(OwnMembership.worker == worker, OwnMembership.state != LAPSED))


@prepared
def _owns_of(worker):
    return (OwnMembership.select(OwnMembership, Membership).join(Membership)
            .where(OwnMembership.worker == worker).order_by(OwnMembership.id.desc()))
