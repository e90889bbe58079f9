"""What happens to memberships of one's own as time goes by: the bill of each month, arrears, the
lapse; and first codes that were not paid in time. Runs by itself; each membership is its own
transaction, any number of processes may do it, and doing it twice changes nothing.
"""

from webapp import audit
from webapp.audit import Event
from webapp.bills import messages
from webapp.bills.queries import due_for_reckoning, expired_bills, waiting_bill_of
from webapp.bills.service import act_of, end_waiting, hold, make_monthly
from webapp.bills.telling import tell
from webapp.clock import day_of
from webapp.contributions.arrears import lapses_on, state_after, unpaid_months
from webapp.db import write_transaction
from webapp.models.switches import BEHIND, EXPIRED, FIRST, LAPSED, WAITING, Bill, OwnMembership
from webapp.models.workers import Worker
from webapp.months import last_day_of, month_of
from webapp.parameters import rules_on

AT_ONCE = 500     # in one round: other tasks wait meanwhile, the next round is soon


def reckon(now):
    """Ask for what is due, and let lapse what was not paid for too long. Returns for how many."""
    today = day_of(now)
    due = due_for_reckoning(today, month_of(today)).limit(AT_ONCE)
    done = sum(_reckon(number, now) for (number,) in list(due))
    return done + sum(_expire(number, now) for (number,) in
                      list(expired_bills(today).limit(AT_ONCE)))


def _reckon(number, now):
    today = day_of(now)
    rules = rules_on(today)
    with write_transaction():
        own = hold(OwnMembership.get_by_id(number))
        unpaid, waiting = unpaid_months(own.paid_until, today), waiting_bill_of(own.worker_id)
        if own.state == LAPSED or not unpaid or (waiting and waiting.expires_on >= today):
            return 0     # another process was faster
        state = state_after(unpaid, rules)
        if state == LAPSED:
            _lapse(own, rules, now)
        else:
            _ask(own, unpaid, state, rules, now)
    return 1


def _ask(own, unpaid, state, rules, now):
    worker, bill = Worker.get_by_id(own.worker_id), make_monthly(own, unpaid, now)
    (OwnMembership.update(state=state, version=OwnMembership.version + 1)
     .where(OwnMembership.id == own.id).execute())
    if state == BEHIND:
        tell(worker, bill, "behind", now,
             **messages.behind(bill, lapses_on(own.paid_until, rules)))
    else:
        tell(worker, bill, "due", now, **messages.due(bill))
    acts = [act_of(Event.BILL_MADE, worker, None, bill)]
    if state == BEHIND != own.state:
        acts.append(act_of(Event.OWN_BEHIND, worker, None, months=unpaid))
    audit.record_all(acts, chain=audit.ACCOUNTS, now=now)


def _lapse(own, rules, now):
    own.ended_on = max(last_day_of(own.paid_until), own.started_on)
    (OwnMembership.update(state=LAPSED, ended_on=own.ended_on, version=OwnMembership.version + 1)
     .where(OwnMembership.id == own.id).execute())
    end_waiting(own.worker_id)
    worker = Worker.get_by_id(own.worker_id)
    tell(worker, own, "lapsed", now, **messages.lapsed(own, rules["bpu.owed_months"]))
    audit.record_all([act_of(Event.OWN_LAPSED, worker, None, until=own.ended_on.isoformat())],
                     chain=audit.ACCOUNTS, now=now)


def _expire(number, now):
    """A code that nothing takes the place of by itself."""
    with write_transaction():
        ended = (Bill.update(state=EXPIRED)
                 .where(Bill.id == number, Bill.state == WAITING).execute())
        if not ended:
            return 0
        bill = Bill.get_by_id(number)
        worker = Worker.get_by_id(bill.worker_id)
        if bill.kind == FIRST:
            tell(worker, bill, "expired", now, **messages.expired(bill))
        audit.record_all([act_of(Event.BILL_EXPIRED, worker, None, bill)], chain=audit.ACCOUNTS,
                         now=now)
    return 1
