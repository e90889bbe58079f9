"""What becomes of a switch when the company, or the branch in its place, has done its part.

However the membership ended (the company's own report, its confirmation, an escalation, the
counter), the same case is handed to the branch for review. Runs by itself, and at once after the
acts of which pages know; each switch is its own transaction, any number of processes may do it.
"""

from webapp.audit import Event
from webapp.cases import service as cases
from webapp.cases.moves import AlreadyDone
from webapp.cases.service import CaseChanged
from webapp.cases.telling import tell_worker
from webapp.db import write_transaction
from webapp.models.cases import AT_WORKER, WITHDRAWN, DeactivationRequest
from webapp.models.cases import REFUSED as REFUSED_REQUEST
from webapp.models.switches import REFUSED, SUBMITTED, Switch
from webapp.models.switches import WITHDRAWN as WITHDRAWN_SWITCH
from webapp.requests.queries import request_of, requests_about
from webapp.switch import messages
from webapp.switch.queries import ending_of, switch_numbered, to_be_followed
from webapp.switch.sending import to_branch
from webapp.switch.service import record
from webapp.switch.states import held, move


def follow(now):
    """Let every switch go on whose company has done its part. Returns how many did."""
    return sum(_follow(number, now) for (number,) in list(to_be_followed()))


def follow_case(case, now):
    """The same for one case, whatever it is about."""
    found = Switch.get_or_none(Switch.case == case, Switch.state == SUBMITTED)
    return _follow(found.id, now) if found else 0


def _follow(number, now):
    try:
        with write_transaction():
            switch = switch_numbered(number)
            if held(switch).state != SUBMITTED:
                return 0
            return _go_on(switch, now)
    except (AlreadyDone, CaseChanged):     # somebody was faster
        return 0


def _go_on(switch, now):
    ending = ending_of(switch)
    if ending.is_death:     # what is the person's own is frozen; who reports it ends it
        return 0
    if ending.is_filed:
        to_branch(switch, ending, None, now, Event.SWITCH_AT_BRANCH)
        return 1
    if switch.request_id is None:
        return _after_older(switch, ending, now)
    asked = request_of(switch.case_id)
    if not asked or switch.case.closed_at is None:
        return 0
    if asked.state == WITHDRAWN:
        move(switch, switch.version, WITHDRAWN_SWITCH)
        record(Event.SWITCH_WITHDRAWN, switch, None, now, sent=True, by="request")
        return 1
    if asked.state == REFUSED_REQUEST:
        return _after_refusal(switch, asked, now)
    return 0


def _after_older(switch, ending, now):
    """What it was sent to wait for is over, and the membership goes on: told once, for from then on
    the switch names that request."""
    older = (requests_about(switch.membership_id)
             .where(DeactivationRequest.asked_at.is_null(False)).first())
    if ending.asked or older is None:
        return 0
    named = (Switch.update(request=older)
             .where(Switch.id == switch.id, Switch.request.is_null()).execute())
    if not named:     # another process was faster
        return 0
    if older.state == REFUSED_REQUEST and not older.answered_by.is_staff:
        told = messages.held_up(switch, older.answer)
    else:
        told = messages.stopped_waiting(switch)
    tell_worker(switch.case, "switch held up", now, **told)
    record(Event.SWITCH_HELD_UP, switch, None, now)
    return 1


def _after_refusal(switch, asked, now):
    """The company said no: the switch waits for whatever ends the membership otherwise. The branch
    said so: it is over."""
    if asked.answered_by.is_staff:
        switch.verdict = asked.answer
        move(switch, switch.version, REFUSED, verdict_sealed=switch.verdict_sealed,
             decided_by=asked.answered_by, decided_at=asked.answered_at)
        record(Event.SWITCH_REFUSED, switch, asked.answered_by, now, by="request")
        return 1
    cases.hand_on(switch.case_id, AT_WORKER, None, now)
    tell_worker(switch.case, "switch held up", now, **messages.held_up(switch, asked.answer))
    record(Event.SWITCH_HELD_UP, switch, None, now)
    return 1
