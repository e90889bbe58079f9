"""Ending many memberships at once, and taking that back: the same acts as single ones, in few
statements."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.deactivation.claimed import has_no_granted_claim, hold
from webapp.deactivation.consequences import consequences
from webapp.deactivation.service import UNDOABLE, follow_undo, follow_up
from webapp.models.deactivations import EFFECTIVE, SCHEDULED, UNDONE, Deactivation
from webapp.models.workers import ACTIVE, ENDED, Membership
from webapp.prepared import add_missing


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody in a list of leavers.

    :param membership: of the company, with its worker.
    """

    membership: Membership
    reason: str
    last_day: date
    note: str = ""


def file_all(leavers, user, *, company, rules, now):
    """File many at once, in one transaction; whoever has left already is left out.

    The deactivations come first, in the order of their memberships: where somebody else files the
    same, their index decides who was first, and nobody waits for one another in a circle.

    :param leavers: a list of ``Leaver``, each membership once.
    :param rules: the parameters in force.
    :returns: {id of the membership: ``Receipt``} of those that were filed.
    """
    ready = [(leaver, *_consequences(leaver, rules.afresh(), day_of(now)))
             for leaver in sorted(leavers, key=lambda leaver: leaver.membership.id)]
    with write_transaction():
        filed = _insert(ready, user, company, now)
        _end(filed)
        issued = follow_up(filed, user, company, now) if filed else []
    return {deactivation.membership_id: receipt
            for (deactivation, _), receipt in zip(filed, issued, strict=True)}


def undo_all(deactivations, user, *, reason, company, now):
    """Take many back at once, in one transaction; what the company cannot undo any more, because
    it was undone before, is disputed or was claimed on, is left out. Whether the window is open is
    the caller's.

    :param deactivations: of the company, each with its membership, worker and account.
    :returns: those that were taken back.
    """
    with write_transaction():
        held = hold([one.id for one in deactivations], UNDOABLE)
        changed = (Deactivation.update(state=UNDONE, undone_by=user, undone_at=now,
                                       undo_reason=reason, version=Deactivation.version + 1)
                   .where(Deactivation.id << list(held), has_no_granted_claim())
                   .returning(Deactivation.id).tuples().execute())
        numbers = {number for (number,) in changed}
        undone = [one for one in deactivations if one.id in numbers]
        for one in undone:
            one.membership.company = company
        if undone:
            follow_undo(undone, user, company, now)
    return undone


def _consequences(leaver, rules, today):
    """The consequences, and the parameters they used, as the decision keeps them."""
    effects = consequences(leaver.reason, leaver.last_day, rules=rules, today=today,
                           birth_date=leaver.membership.worker.birth_date)
    return effects, rules.used_as_json()


def _insert(ready, user, company, now):
    """Insert the deactivations of memberships that are active and for which none stands. Returns
    (deactivation, its consequences) of each."""
    active = _active([leaver.membership.id for leaver, *_ in ready])
    made = {leaver.membership.id: (_deactivation(leaver, effects, used, user, company, now),
                                   effects)
            for leaver, effects, used in ready if leaver.membership.id in active}
    if not made:
        return []
    add_missing(Deactivation, [one.__data__ for one, _ in made.values()])
    inserted = (Deactivation.select(Deactivation.id, Deactivation.membership)
                .where(Deactivation.public_id << [one.public_id for one, _ in made.values()])
                .order_by(Deactivation.id).tuples())
    filed = []
    for number, membership in inserted:
        made[membership][0].id = number
        filed.append(made[membership])
    return filed


def _active(numbers):
    """Those of these memberships that are active; whoever ends one now is waited for below."""
    found = Membership.select(Membership.id).where(Membership.id << numbers,
                                                   Membership.status == ACTIVE)
    return {number for (number,) in found.tuples()}


def _deactivation(leaver, effects, used, user, company, now):
    leaver.membership.company = company
    return Deactivation(
        membership=leaver.membership, company=company,
        state=SCHEDULED if effects.is_scheduled else EFFECTIVE, reason=leaver.reason,
        last_day=leaver.last_day, note=leaver.note, drafted_by=user, drafted_at=now,
        filed_by=user, filed_at=now, is_late=effects.is_late,
        in_arrears=company.arrears_months > 0, parameters=used)


def _end(filed):
    """End the memberships whose last day is over, and note the others."""
    def when(deactivation):
        return deactivation.last_day if deactivation.state == EFFECTIVE else date.max

    ends = sorted((deactivation for deactivation, _ in filed), key=when)
    for day, group in groupby(ends, when):
        change = {} if day == date.max else {"status": ENDED, "ended_on": day}
        (Membership.update(version=Membership.version + 1, **change)
         .where(Membership.id << [one.membership_id for one in group]).execute())
