"""Beralih ke Mandiri: a worker's draft, and taking the switch back.

Each act is one transaction: the account locked, the switch's versioned update, its case, messages,
the audit entry.
"""

import json
from datetime import timedelta

from peewee import IntegrityError

from webapp import audit
from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.bills.queries import running_own_of
from webapp.bills.service import end_waiting
from webapp.cases import deadlines
from webapp.cases import service as cases
from webapp.cases.moves import AlreadyDone
from webapp.cases.service import CaseChanged
from webapp.cases.telling import tell_worker
from webapp.db import write_transaction
from webapp.deactivation.queries import is_dead
from webapp.models.cases import AT_WORKER, OPEN_REQUEST, SWITCH
from webapp.models.switches import AWAITING_PAYMENT, DRAFT, WITHDRAWN, Switch
from webapp.rate_limit import Limit, count_try
from webapp.receipts.signing import show_number
from webapp.requests import service as requests
from webapp.requests.queries import request_of
from webapp.switch import messages
from webapp.switch.queries import open_switch_of
from webapp.switch.states import TAKEN_BACK_FROM, change, move

__all__ = ["AlreadyDone", "AlreadyOwn", "CaseChanged", "Frozen", "begin", "end_with_account",
           "keep", "record", "withdraw", "with_record"]

# Nobody begins so many in a day by mistake; each takes a number and a case.
BEGUN = Limit("switches-begun", 20, timedelta(days=1))


class AlreadyOwn(Exception):
    """The person has a membership of their own that runs."""


class Frozen(Exception):
    """The person is recorded as dead: nothing of theirs is begun."""


def begin(worker, user, membership, now):
    """The person's open switch: the one there is, or a fresh draft.

    :param membership: that they leave, or have left, with its company.
    :raises AlreadyOwn: and :raises Frozen: as they say.
    :raises webapp.rate_limit.TooMany: this person began too many today.
    """
    found = open_switch_of(worker)
    if found:
        return found
    if running_own_of(worker):
        raise AlreadyOwn
    if is_dead(worker):
        raise Frozen
    count_try(BEGUN, user.public_id.hex, now)
    try:
        with write_transaction():
            locked(user.id)
            case = cases.open_case(
                SWITCH, branch=deadlines.branch_of(membership.company), opened_by=user,
                holder=AT_WORKER, due_on=None, now=now, company=membership.company,
                membership=membership, worker=worker)
            Switch.create(case=case, worker=worker, membership=membership)
    except IntegrityError:     # the other press began it
        pass
    return open_switch_of(worker)


def keep(switch, user, now, **answers):
    """Keep a page of the draft.

    :param answers: columns of the switch.
    :raises webapp.cases.service.CaseChanged: it was sent, given up or changed at this moment.
    """
    with write_transaction():
        locked(user.id)
        if switch.state != DRAFT:
            raise CaseChanged
        change(switch, switch.version, **answers)
        cases.forget_typed(switch.case_id, user)


def withdraw(switch, user, *, version, now):
    """The worker takes the switch back, sent or not, before its first contribution is paid; what it
    asks the company goes with it, and the code that waits.

    :param version: of the switch, as the page showed it.
    :raises AlreadyDone: and :raises webapp.cases.service.CaseChanged: as they say.
    """
    was_sent = switch.state != DRAFT
    if switch.state not in (*TAKEN_BACK_FROM, WITHDRAWN):
        raise CaseChanged
    with write_transaction():
        locked(user.id)
        move(switch, version, WITHDRAWN)
        asked = _withdraw_request(switch, now)
        cases.close([switch.case_id], now)
        if switch.state == AWAITING_PAYMENT:
            end_waiting(switch.worker_id)
        if was_sent:
            tell_worker(switch.case, "switch withdrawn", now, **messages.withdrawn(switch))
        if asked:
            requests.tell_withdrawn(asked, user, now)
        record(Event.SWITCH_WITHDRAWN, switch, user, now, sent=was_sent)


def _withdraw_request(switch, now):
    """What is asked of the company in the switch's own case is taken back. Returns it, or None."""
    asked = request_of(switch.case_id) if switch.request_id else None
    if not asked or asked.state not in OPEN_REQUEST:
        return None
    try:
        requests.withdraw_within(asked, version=asked.version, now=now)
    except requests.AlreadyDone as done:
        raise CaseChanged from done
    return asked


def end_with_account(worker, now):
    """The account of a worker is closed: what was not sent is given up; what was sent goes on. A
    part of that act: inside its transaction, before the worker's row is taken.

    :returns: the switch that was given up, in a list, for ``record_ended`` when all else is done.
    """
    begun = open_switch_of(worker)
    ended = begun and (Switch.update(state=WITHDRAWN, version=Switch.version + 1)
                       .where(Switch.id == begun.id, Switch.state == DRAFT).execute())
    if not ended:
        return []
    cases.close([begun.case_id], now)
    return [begun]


def record_ended(switches, now):
    """Record what ``end_with_account`` gave up."""
    for switch in switches:
        record(Event.SWITCH_WITHDRAWN, switch, None, now, sent=False, by="closure")


def record(event, switch, actor, now, **details):
    """Record an act on a switch among what happened to its worker; last in the transaction."""
    audit.record(event, chain=audit.ACCOUNTS, actor=actor, subject=switch.worker.public_id,
                 now=now, number=show_number(switch.case.number), **details)


def with_record(switch, act, what):
    """``Switch.parameters`` with what one more act rested on, as JSON.

    :param act: "sent", "approved" …; the last of each stays.
    """
    return json.dumps(json.loads(switch.parameters) | {act: what}, sort_keys=True)
