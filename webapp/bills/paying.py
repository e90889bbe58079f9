"""What a payment does to whoever paid: it makes the first membership of one's own, extends it, or
lets it go on after a lapse.

Whatever was paid counts, also for a code that was not valid any more when the bank's list came:

- while a membership runs, it is paid for so many months more, in whatever order the payments come
  (what was paid twice is credited forward);
- a first contribution paid in time begins as its own code said, whatever was asked for since; paid
  after its code had ended, with the month of the payment;
- after a lapse, what was paid before that day takes the lapse back; what was paid later begins
  anew with the month of the payment, nothing before being owed (rules §3).

Nothing can begin for somebody who died meanwhile, nor of a switch that was taken back: such money
is named, to be sent back.
"""

from webapp.audit import Event
from webapp.bills import messages
from webapp.bills.queries import running_own_of
from webapp.bills.service import act_of, agreed_start
from webapp.bills.telling import tell
from webapp.cases import service as cases
from webapp.cases.telling import tell_worker
from webapp.clock import day_of
from webapp.contributions.arrears import lapses_on, state_after, unpaid_months
from webapp.contributions.tiers import tier_of
from webapp.deactivation.queries import is_dead
from webapp.models.switches import (
    AWAITING_PAYMENT,
    DONE,
    Bill,
    OwnMembership,
)
from webapp.months import month_of, months_before
from webapp.parameters import rules_on
from webapp.switch import messages as switch_messages
from webapp.switch.queries import switch_numbered
from webapp.switch.states import move


def apply(bill, paid_on, now):
    """Let a payment count; its rows are held, and the bill is marked by the caller.

    :param bill: with its worker; its ``paid_on`` is set here.
    :param paid_on: when it was paid, a date in Jakarta.
    :returns: what to record, a list of ``audit.Act``; empty where nobody is left for whom it could
        count.
    """
    bill.paid_on, running = paid_on, running_own_of(bill.worker_id)
    if is_dead(bill.worker_id):
        return []
    if running:
        return _extend(running, bill, now)
    switch = bill.switch_id and switch_numbered(bill.switch_id)
    if switch and switch.state == AWAITING_PAYMENT:
        return _begin(switch, bill, now)
    before = OwnMembership.get_or_none(
        OwnMembership.id == (switch.own_id if switch else bill.own_id))
    if before is None:
        tell(bill.worker, bill, "not counted", now, **messages.not_counted(bill))
        return []
    if paid_on < lapses_on(before.paid_until, rules_on(paid_on)):
        return _take_lapse_back(before, bill, now)
    return _begin_again(before, bill, now)


def _begin(switch, bill, now):
    """The first one: the switch is done."""
    if bill.paid_on > bill.expires_on:
        start = max(switch.starts_on, month_of(bill.paid_on))
    else:
        start = agreed_start(bill) or switch.starts_on
    first = max(bill.first_month, month_of(start))
    own = _new_own(switch, switch.membership_id, start, first, bill, now)
    move(switch, switch.version, DONE, own=own.id, starts_on=start)
    cases.close([switch.case_id], now)
    tell_worker(switch.case, "switch began", now, **switch_messages.began(switch, own))
    return [_paid(bill), act_of(Event.OWN_BEGAN, bill.worker, None, starts=start.isoformat())]


def _extend(own, bill, now):
    _pay_until(own, months_before(own.paid_until, -bill.months), now)
    tell(bill.worker, bill, "paid", now, **messages.paid(bill, own))
    return [_paid(bill)]


def _take_lapse_back(own, bill, now):
    _pay_until(own, months_before(own.paid_until, -bill.months), now, ended_on=None)
    tell(bill.worker, bill, "paid", now, **messages.paid(bill, own))
    return [_paid(bill), act_of(Event.OWN_BEGAN, bill.worker, None, again=True)]


def _begin_again(before, bill, now):
    first = max(bill.first_month, month_of(bill.paid_on))
    own = _new_own(before, before.continues_id, first, first, bill, now)
    if bill.own_id:
        Bill.update(own=own.id).where(Bill.id == bill.id).execute()
    tell(bill.worker, bill, "paid", now, **messages.active_again(bill, own))
    return [_paid(bill), act_of(Event.OWN_BEGAN, bill.worker, None, again=True,
                                starts=own.started_on.isoformat())]


def _new_own(terms, continues, started_on, first_month, bill, now):
    """:param terms: what has income, has_savings and sector."""
    paid_until = months_before(first_month, 1 - bill.months)
    return OwnMembership.create(
        worker=bill.worker_id, continues=continues, income=terms.income, sector=terms.sector,
        base=tier_of(terms.income, first_month).base, has_savings=terms.has_savings,
        started_on=started_on, paid_until=paid_until, state=_state(paid_until, now))


def _pay_until(own, paid_until, now, **changes):
    own.paid_until = paid_until
    state = _state(paid_until, now)
    (OwnMembership.update(paid_until=paid_until, state=state, version=OwnMembership.version + 1,
                          **changes).where(OwnMembership.id == own.id).execute())


def _state(paid_until, now):
    """How it stands with this paid; what has not lapsed by now lapses by itself, and is told."""
    today = day_of(now)
    rules = rules_on(today)
    unpaid = min(unpaid_months(paid_until, today), rules["bpu.owed_months"])
    return state_after(unpaid, rules)


def _paid(bill):
    return act_of(Event.BILL_PAID, bill.worker, None, bill, on=bill.paid_on.isoformat())
