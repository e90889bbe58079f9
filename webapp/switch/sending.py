"""Kirim, and Perbaiki: a switch goes to the company first where the membership still runs, to the
branch where it has ended.

Leaving and switching are one case with one number: what is asked of the company is asked in the
switch's own case (``requests.service.ask_within``), and ``following`` hands it on to the branch.
"""

from datetime import timedelta

from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.cases import deadlines
from webapp.cases import service as cases
from webapp.cases.moves import AlreadyDone
from webapp.cases.service import CaseChanged
from webapp.cases.telling import tell_worker
from webapp.clock import day_of
from webapp.contributions.arrears import earliest_start
from webapp.contributions.quotes import as_record
from webapp.db import write_transaction
from webapp.models.cases import AT_BRANCH, AT_COMPANY
from webapp.models.switches import DRAFT, RETURNED, REVIEWED, SUBMITTED, Switch
from webapp.months import month_of
from webapp.parameters import rules_on
from webapp.rate_limit import Limit, count_try
from webapp.requests import service as requests
from webapp.switch import messages
from webapp.switch.checklist import MISSING, standing
from webapp.switch.faults import faults_of, items_among
from webapp.switch.queries import ending_of, kinds_handed_in
from webapp.switch.service import record, with_record
from webapp.switch.states import held, move

DAY = timedelta(days=1)
# Each takes somebody's time at the company or the branch: so many a day nobody means.
SENT = Limit("switches-sent", 5, timedelta(days=1))


def send(switch, user, *, version, rules, now):
    """Send the draft.

    :param switch: complete, as ``progress.open_steps`` judges it.
    :param version: of the switch, as the check page showed it.
    :param rules: the parameters in force.
    :raises AlreadyDone: it was sent before, by the same press.
    :raises webapp.cases.service.CaseChanged: it was changed, or the membership's end was filed.
    :raises webapp.rate_limit.TooMany: this person sent too many today.
    """
    if switch.state == DRAFT:
        count_try(SENT, user.public_id.hex, now)
    ending = ending_of(switch)
    with write_transaction():
        person, fresh = locked(user.id), _held(switch, ending)
        if fresh.state in (SUBMITTED, REVIEWED) and version < fresh.version <= version + 2:
            raise AlreadyDone
        switch.parameters = _record_of_terms(switch, now)
        move(switch, version, SUBMITTED, submitted_by=user, submitted_at=now,
             parameters=switch.parameters)
        switch.submitted_at, switch.version = now, version + 1
        cases.forget_typed(switch.case_id, user)
        if ending.must_be_asked:
            _ask_company(switch, person, rules, now)
        elif ending.is_filed:
            to_branch(switch, ending, user, now, Event.SWITCH_SUBMITTED)
        else:
            tell_worker(switch.case, "switch sent", now, **messages.after_request(switch))
            record(Event.SWITCH_SUBMITTED, switch, user, now)


def to_branch(switch, ending, actor, now, event):
    """The membership has ended: the branch reviews the switch. The last part of a transaction.

    :param switch: as it is now, submitted.
    :param event: under which it is recorded.
    """
    until = deadlines.branch_until(day_of(now), rules_on(day_of(now)))
    starts_on = _start_after(switch, ending)
    move(switch, switch.version, REVIEWED, starts_on=starts_on,
         parameters=with_record(switch, "at branch", {"at": now.isoformat()}))
    switch.starts_on = starts_on
    cases.hand_on(switch.case_id, AT_BRANCH, until, now)
    tell_worker(switch.case, "switch at branch", now, **messages.at_branch(switch, until))
    record(event, switch, actor, now, until=until.isoformat(), starts=starts_on.isoformat())


def still_missing(switch, originals):
    """The papers that were marked as wrong and are not put right yet, a list of ``Item``.

    :param originals: codes of the items whose original the person brings.
    """
    wanted = items_among(faults_of(switch))
    fresh = standing(originals, kinds_handed_in(switch, since=switch.returned_at))
    return [item for item, state in fresh if item in wanted and state == MISSING]


def correct(switch, user, *, version, answers, now):
    """Send a switch back to the branch, with what was marked as wrong put right.

    :param answers: columns of the switch, those that were marked; and its checklist.
    :raises AlreadyDone: and :raises webapp.cases.service.CaseChanged: as they say.
    """
    until = deadlines.branch_until(day_of(now), rules_on(day_of(now)))
    with write_transaction():
        locked(user.id)
        _refuse_unless_returned(held(switch), version)
        for name, value in answers.items():
            setattr(switch, name, value)
        move(switch, version, REVIEWED, **answers, parameters=with_record(
            switch, "corrected", {"at": now.isoformat(), **_terms(switch)}))
        cases.hand_on(switch.case_id, AT_BRANCH, until, now)
        cases.forget_typed(switch.case_id, user)
        tell_worker(switch.case, "switch corrected", now, **messages.corrected(switch, until))
        record(Event.SWITCH_CORRECTED, switch, user, now, until=until.isoformat(),
               changed=sorted(answers))


def _refuse_unless_returned(fresh, version):
    if (fresh.state, fresh.version) == (REVIEWED, version + 1):
        raise AlreadyDone
    if (fresh.state, fresh.version) != (RETURNED, version):
        raise CaseChanged


def _held(switch, ending):
    """The switch as it is now, with the membership locked first where the company is asked."""
    if ending.must_be_asked and switch.state == DRAFT:
        try:
            requests.hold(switch.membership_id)
        except requests.NotActive as filed:
            raise CaseChanged from filed
    return held(switch)


def _ask_company(switch, person, rules, now):
    case = switch.case
    asked, until = requests.ask_within(
        case, person, reason=switch.reason, last_day=switch.last_day, note="",
        address=person.address, rules=rules, now=now)
    Switch.update(request=asked).where(Switch.id == switch.id).execute()
    cases.hand_on(case.id, AT_COMPANY, until, now)
    tell_worker(case, "switch sent", now, **messages.at_company(switch, until))
    requests.tell_asked(asked, person, until, now)
    record(Event.SWITCH_SUBMITTED, switch, person, now, until=until.isoformat())


def _start_after(switch, ending):
    """When the membership of one's own begins, after an end that may be another day than was asked
    for: without a gap still, where it was without one; never before the end."""
    if ending.last_day is None:
        return switch.starts_on
    was_gapless = switch.last_day and switch.starts_on == switch.last_day + DAY
    if was_gapless and ending.last_day != switch.last_day:
        return earliest_start(ending.last_day, day_of(switch.submitted_at))
    return max(switch.starts_on, ending.last_day + DAY)


def _record_of_terms(switch, now):
    return with_record(switch, "sent", {"at": now.isoformat(), **_terms(switch)})


def _terms(switch):
    return as_record(switch.income, switch.has_savings, switch.sector,
                     month_of(switch.starts_on), rules_on)
