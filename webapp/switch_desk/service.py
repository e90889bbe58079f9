"""Reviewing a switch at the branch: return it, approve it with its first bill, refuse it.

The order in which rows are taken is everybody's: switch, case, bill, messages, audit last.
"""

from dataclasses import dataclass
from datetime import datetime

from webapp.audit import Event
from webapp.bills.queries import running_own_of
from webapp.bills.service import make_first, settled_start
from webapp.cases import service as cases
from webapp.cases.own import is_own
from webapp.cases.service import CaseChanged
from webapp.cases.telling import tell_worker
from webapp.clock import day_of
from webapp.contributions.quotes import as_record
from webapp.db import write_transaction
from webapp.deactivation.queries import is_dead
from webapp.models.cases import AT_WORKER
from webapp.models.switches import APPROVED, AWAITING_PAYMENT, REFUSED, RETURNED, REVIEWED
from webapp.months import month_of
from webapp.parameters import rules_on
from webapp.switch import faults as wrong
from webapp.switch import messages
from webapp.switch.queries import ending_of
from webapp.switch.service import record, with_record
from webapp.switch.states import held, move
from webapp.switch_desk.hindrances import hindrances


class NotYours(Exception):
    """Nobody decides about their own."""


class NotMet(Exception):
    """Something stands in the way: ``sentences``."""

    def __init__(self, sentences):
        super().__init__(sentences)
        self.sentences = sentences


@dataclass(frozen=True)
class Shown:
    """What the page showed that somebody decides on, who it is, and when.

    :param version: of the switch.
    :param case_version: of its case.
    """

    version: int
    case_version: int
    officer: object
    now: datetime


def may_decide(switch, officer):
    """Whether an officer may decide about a switch now: it is under review, and not their own."""
    return switch.state == REVIEWED and not is_own(switch.worker, officer)


def problems_of(switch):
    """What stands in the way of approving it now, a list of sentences."""
    return hindrances(ending_of(switch), running_own_of(switch.worker_id),
                      is_dead(switch.worker_id))


def take(switch, officer, now):
    """Take it from the queue. Doing it twice changes nothing.

    :raises NotYours: it is about the officer.
    :raises cases.TakenByColleague: and :raises cases.NotAtBranch: as ``cases.take`` does.
    """
    if is_own(switch.worker, officer):
        raise NotYours
    cases.take(switch.case, officer, now)


def give_back(switch, shown, faults):
    """Return a switch: these parts are wrong, all of them at once; the rest stays as it is. The
    same press again changes nothing.

    :param faults: pairs of code (``switch.faults``) and sentence.
    :raises CaseChanged: :raises cases.TakenByColleague: :raises NotYours: as they say.
    """
    now, officer = shown.now, shown.officer
    with write_transaction():
        fresh = held(switch)
        if (_stands(fresh, shown, RETURNED, 1) and fresh.returned_by_id == officer.id
                and fresh.faults == wrong.as_json(faults)):
            return
        _refuse_unless(switch, fresh, shown)
        switch.faults = wrong.as_json(faults)
        move(fresh, shown.version, RETURNED, faults_sealed=switch.faults_sealed,
             returned_by=officer, returned_at=now)
        cases.claim(switch.case, officer, shown.case_version, now)
        cases.hand_on(switch.case_id, AT_WORKER, None, now)
        cases.forget_typed(switch.case_id, officer)
        tell_worker(switch.case, "switch returned", now, **messages.returned(switch, faults))
        record(Event.SWITCH_RETURNED, switch, officer, now, wrong=[code for code, _ in faults])


def approve(switch, shown):
    """Grant a switch: its first bill is made. Raises as ``give_back``, and

    :raises NotMet: something stands in the way.
    """
    now, officer = shown.now, shown.officer
    with write_transaction():
        fresh = held(switch)
        if _stands(fresh, shown, AWAITING_PAYMENT, 2) and fresh.decided_by_id == officer.id:
            return
        _refuse_unless(switch, fresh, shown)
        problems = problems_of(fresh)
        if problems:
            raise NotMet(problems)
        starts_on = settled_start(fresh.starts_on, day_of(now), rules_on(day_of(now)))
        terms = with_record(fresh, "approved", _terms(fresh, starts_on))
        move(fresh, shown.version, APPROVED, decided_by=officer, decided_at=now,
             starts_on=starts_on, parameters=terms)
        move(fresh, shown.version + 1, AWAITING_PAYMENT)
        cases.claim(switch.case, officer, shown.case_version, now)
        switch.starts_on = fresh.starts_on = starts_on
        bill = make_first(fresh, now)
        cases.hand_on(switch.case_id, AT_WORKER, bill.expires_on, now)
        cases.forget_typed(switch.case_id, officer)
        tell_worker(switch.case, "switch approved", now, **messages.approved(switch, bill))
        record(Event.SWITCH_APPROVED, switch, officer, now, amount=bill.amount,
               starts=starts_on.isoformat(), until=bill.expires_on.isoformat())


def refuse(switch, shown, verdict):
    """The switch is not granted. Raises as ``give_back``.

    :param verdict: why, in plain words; the person reads it.
    """
    now, officer = shown.now, shown.officer
    with write_transaction():
        fresh = held(switch)
        if (_stands(fresh, shown, REFUSED, 1) and fresh.decided_by_id == officer.id
                and fresh.verdict == verdict):
            return
        _refuse_unless(switch, fresh, shown)
        switch.verdict = verdict
        move(fresh, shown.version, REFUSED, verdict_sealed=switch.verdict_sealed,
             decided_by=officer, decided_at=now)
        cases.claim(switch.case, officer, shown.case_version, now)
        cases.close([switch.case_id], now)
        cases.forget_typed(switch.case_id, officer)
        tell_worker(switch.case, "switch refused", now, **messages.refused(switch, verdict))
        record(Event.SWITCH_REFUSED, switch, officer, now)


def keep(switch, officer, fields, names, now):
    """Keep what was typed in one form of the switch and not sent; what was kept of its others
    stays.

    :param fields: dict of lists.
    :param names: of all the form's fields.
    """
    before = cases.typed_in(switch.case_id, officer) or {}
    others = {name: values for name, values in before.items() if name not in names}
    fresh = {name: values for name, values in fields.items() if name in names}
    cases.keep_typed(switch.case_id, officer, others | fresh, now)


def _stands(fresh, shown, state, moves):
    """Whether it stands where this very press would have brought it."""
    return (fresh.state, fresh.version) == (state, shown.version + moves)


def _refuse_unless(switch, fresh, shown):
    """It is as the page showed it, and this officer may decide it."""
    if fresh.version != shown.version or fresh.state != REVIEWED:
        raise CaseChanged
    if is_own(switch.worker, shown.officer):
        raise NotYours


def _terms(switch, starts_on):
    return as_record(switch.income, switch.has_savings, switch.sector, month_of(starts_on),
                     rules_on)
