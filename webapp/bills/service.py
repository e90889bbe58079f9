"""Making bills: the first one of a switch, the next of a membership, a fresh code, one to go on
after a lapse.

A person has one bill that waits; making another ends it. What is paid for one that was ended counts
all the same (``paying``): the bank may be late. Whoever makes a bill holds the row it is of: the
switch, or the membership.
"""

import json
from datetime import date, timedelta

from webapp import audit
from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.bills.codes import new_code
from webapp.bills.queries import newest_first_bill, owns_of, running_own_of, unpaid_switch_of
from webapp.cases import service as cases
from webapp.clock import day_of
from webapp.contributions.amounts import months_from, of_months
from webapp.contributions.arrears import unpaid_months
from webapp.contributions.quotes import as_record
from webapp.db import write_transaction
from webapp.deactivation.queries import is_dead
from webapp.models.cases import AT_WORKER
from webapp.models.switches import (
    AGAIN,
    AWAITING_PAYMENT,
    EXPIRED,
    FIRST,
    LAPSED,
    MONTHLY,
    WAITING,
    Bill,
    OwnMembership,
    Switch,
)
from webapp.months import last_day_of, month_of, months_before
from webapp.parameters import rules_on
from webapp.rate_limit import Limit, count_try

# Each is a row for ever and a line in somebody's history: so many a day nobody needs.
CODES = Limit("payment-codes", 20, timedelta(days=1))


class NothingToPay(Exception):
    """There is nothing that this person could be asked to pay now."""


class NotSoMany(Exception):
    """So many months cannot be paid at once: ``least`` and ``most`` say how many can."""

    def __init__(self, least, most):
        super().__init__(least, most)
        self.least, self.most = least, most


def settled_start(starts_on, today, rules):
    """When a membership begins whose first contribution is asked for now: as it was agreed, unless
    that would ask for more months than are ever owed.

    :param rules: the parameters in force.
    """
    return max(starts_on, months_before(month_of(today), rules["bpu.owed_months"] - 1))


def make_first(switch, now):
    """The first bill of a switch that was approved; a part of that act, which holds the switch.

    It is for every month from the start to the present one, so that nothing is owed once it is
    paid.

    :param switch: with its worker, ``starts_on`` being settled.
    """
    today = day_of(now)
    first = month_of(switch.starts_on)
    months = max(1, unpaid_months(months_before(first, 1), today))
    until = max(last_day_of(months_before(first, 1 - months)),
                today + timedelta(days=rules_on(today)["bpu.code_days"]))
    return _make(FIRST, switch.worker_id, switch, first, months, until, now, switch=switch)


def make_monthly(own, months, now):
    """The bill for so many months from the first unpaid one on; the caller holds the membership,
    and tells."""
    return _make(MONTHLY, own.worker_id, own, next_month(own), months,
                 last_day_of(month_of(day_of(now))), now, own=own)


def next_month(own):
    """The first month that is not paid, by its first day."""
    return months_before(own.paid_until, -1)


def may_pay(own, today, rules):
    """(least, most) months that can be paid at once: all that is owed, and ahead of today as many
    as the rules let; (0, 0) where none can."""
    ahead = unpaid_months(own.paid_until, months_before(today, -rules["bpu.months_ahead"]))
    return max(1, unpaid_months(own.paid_until, today)) if ahead else 0, ahead


def new_bill(worker, user, months, now):
    """A payment code for what this person has to pay, or wants to pay ahead: the one that waits,
    where it is for the same.

    :param months: how many, from the first unpaid one on; of no matter for a first contribution.
    :raises NothingToPay: and :raises NotSoMany: as they say.
    :raises webapp.rate_limit.TooMany: this person asked for too many today.
    """
    count_try(CODES, user.public_id.hex, now)
    with write_transaction():
        locked(user.id)
        own, switch = running_own_of(worker), unpaid_switch_of(worker)
        if own:
            bill, is_new = _of_own(own, months, now)
        elif switch:
            bill, is_new = _of_switch(switch, now)
        else:
            raise NothingToPay
        if is_new:
            record(Event.BILL_MADE, worker, user, now, bill)
    return bill


def make_again(worker, user, now):
    """Aktifkan lagi: a bill for the present month alone; nothing from before is asked. The one that
    waits, where there is one.

    :raises NothingToPay: the membership runs, or there never was one.
    :raises webapp.rate_limit.TooMany: this person asked for too many today.
    """
    count_try(CODES, user.public_id.hex, now)
    today = day_of(now)
    with write_transaction():
        locked(user.id)
        newest = next(iter(owns_of(worker)), None)
        if newest is None or unpaid_switch_of(worker) or is_dead(worker):
            raise NothingToPay
        own = hold(newest)
        if own.state != LAPSED:
            raise NothingToPay
        bill = _waiting_for(own, month_of(today), 1, today)
        if bill is None:
            bill = _make(AGAIN, worker, own, month_of(today), 1, last_day_of(month_of(today)), now,
                         own=own)
            record(Event.BILL_MADE, worker, user, now, bill)
    return bill


def hold(own):
    """A membership of one's own as it is now, held until the transaction ends."""
    OwnMembership.update(version=OwnMembership.version).where(
        OwnMembership.id == own.id).execute()
    return OwnMembership.get_by_id(own.id)


def end_waiting(worker, but=None):
    """What a person was asked to pay is not asked any more. Inside a transaction.

    :param but: a ``Bill`` that stays.
    """
    rows = Bill.update(state=EXPIRED).where(Bill.worker == worker, Bill.state == WAITING)
    return (rows.where(Bill.id != but.id) if but else rows).execute()


def record(event, worker, actor, now, bill=None, **details):
    """Record what happened to a bill or a membership among what happened to its worker."""
    audit.record_all([act_of(event, worker, actor, bill, **details)], chain=audit.ACCOUNTS,
                     now=now)


def agreed_start(bill):
    """When a membership begins whose first contribution is paid by this bill in time; None where
    the bill does not say."""
    said = json.loads(bill.parameters)[0].get("starts_on")
    return said and date.fromisoformat(said)


def act_of(event, worker, actor, bill=None, **details):
    """The same as an ``audit.Act``, to be recorded with others."""
    if bill:
        details |= {"code": f"…{bill.code[-4:]}", "amount": bill.amount,
                    "from": bill.first_month.isoformat(), "months": bill.months}
    return audit.Act(event, actor, worker.public_id, details)


def _of_own(own, months, now):
    today = day_of(now)
    own = hold(own)
    if own.state == LAPSED:
        raise NothingToPay
    least, most = may_pay(own, today, rules_on(today))
    if not most:
        raise NothingToPay
    if not least <= months <= most:
        raise NotSoMany(least, most)
    waiting = _waiting_for(own, next_month(own), months, today)
    return (waiting, False) if waiting else (make_monthly(own, months, now), True)


def _of_switch(switch, now):
    """The first contribution once more: the start moves to this month where it was not paid in
    time."""
    today = day_of(now)
    Switch.update(version=Switch.version).where(Switch.id == switch.id).execute()
    fresh = Switch.get_by_id(switch.id)
    if fresh.state != AWAITING_PAYMENT:
        raise NothingToPay
    newest = newest_first_bill(fresh)
    if newest and newest.state == WAITING and newest.expires_on >= today:
        return newest, False
    switch.starts_on = max(fresh.starts_on, month_of(today))
    Switch.update(starts_on=switch.starts_on).where(Switch.id == switch.id).execute()
    bill = make_first(switch, now)
    cases.hand_on(switch.case_id, AT_WORKER, bill.expires_on, now)
    return bill, True


def _waiting_for(own, first_month, months, today):
    return Bill.get_or_none(
        Bill.own == own.id, Bill.state == WAITING, Bill.first_month == first_month,
        Bill.months == months, Bill.expires_on >= today)


def _make(kind, worker, terms, first_month, months, expires_on, now, **whose):
    """A fresh bill; what waited before is ended.

    :param terms: what has income, has_savings and sector; of a first one the switch, whose start
        stays written on the bill: a later code may move it.
    """
    end_waiting(worker)
    parts = of_months(terms.income, terms.has_savings, terms.sector, first_month, months, rules_on)
    records = [as_record(terms.income, terms.has_savings, terms.sector, month, rules_on)
               for month in months_from(first_month, months)]
    if kind == FIRST:
        records[0]["starts_on"] = terms.starts_on.isoformat()
    return Bill.create(
        code=new_code(), worker=worker, kind=kind, first_month=first_month, months=months,
        amount=parts.amount, parameters=json.dumps(records, sort_keys=True), made_at=now,
        expires_on=expires_on, **parts._asdict(), **whose)


