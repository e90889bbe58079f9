"""Somebody is reported to have died: what they pay for themselves ends, and what they had begun;
what was to be sent to them waits.

A part of that report: inside its transaction, after the requests were ended and before anything is
told or recorded. Nobody writes to the dead. Where the report was wrong, a membership goes on by
``Aktifkan lagi``, for which nothing before is owed.
"""

from webapp import audit
from webapp.assistance.service import hold_for_death
from webapp.audit import Act, Event
from webapp.cases.service import close
from webapp.models.programmes import HELD
from webapp.models.switches import (
    EXPIRED,
    LAPSED,
    OPEN_SWITCH,
    WAITING,
    WITHDRAWN,
    Bill,
    OwnMembership,
    Switch,
)
from webapp.receipts.signing import show_number

DEATH = "MGL"


def end_with_death(filed, now):
    """End what is the person's own.

    :param filed: deactivations, each with its membership and worker.
    :returns: what ``record_ends`` records when all else is done.
    """
    acts = []
    for one in filed:
        if one.reason == DEATH:
            acts += _end(one.membership.worker, one.last_day, now)
    return acts


def record_ends(acts, now):
    """Record what ``end_with_death`` ended; last in the transaction."""
    if acts:
        audit.record_all(acts, chain=audit.ACCOUNTS, now=now)


def _end(worker, last_day, now):
    acts = []
    ended = (Switch.update(state=WITHDRAWN, version=Switch.version + 1)
             .where(Switch.worker == worker, Switch.state << OPEN_SWITCH)
             .returning(Switch.case))
    for row in list(ended.execute()):
        close([row.case_id], now)
        acts.append(Act(Event.SWITCH_WITHDRAWN, None, worker.public_id, {"by": "death"}))
    is_ended = (OwnMembership.update(state=LAPSED, ended_on=last_day,
                                     version=OwnMembership.version + 1)
                .where(OwnMembership.worker == worker, OwnMembership.state != LAPSED).execute())
    if is_ended:
        acts.append(Act(Event.OWN_ENDED, None, worker.public_id, {
            "by": "death", "on": last_day.isoformat()}))
    Bill.update(state=EXPIRED).where(Bill.worker == worker, Bill.state == WAITING).execute()
    acts += [Act(Event.ASSISTANCE_CHANGED, None, worker.public_id,
                 {"number": show_number(number), "state": HELD, "by": "death"})
             for number in hold_for_death(worker, now)]
    return acts
