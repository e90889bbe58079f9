"""Ending a membership, and taking it back. Each function is one transaction, with its audit entry
and its messages inside; each can be repeated without doing anything twice."""

import logging
from contextlib import contextmanager
from datetime import timedelta

from peewee import IntegrityError

from webapp import audit
from webapp.audit import Event
from webapp.cases import deadlines
from webapp.cases.ending import end_disputes, end_requests
from webapp.cases.service import open_case
from webapp.clock import day_of, start_of
from webapp.db import write_transaction
from webapp.deactivation import messages
from webapp.deactivation.claimed import has_no_granted_claim, hold_unclaimed
from webapp.deactivation.consequences import consequences
from webapp.deactivation.queries import open_correction, standing_for
from webapp.messages import outbox
from webapp.models.cases import AT_BRANCH, CORRECTION
from webapp.models.deactivations import (
    DISPUTED,
    DRAFT,
    EFFECTIVE,
    SCHEDULED,
    UNDONE,
    Correction,
    Deactivation,
    WorkLetter,
)
from webapp.models.workers import ACTIVE, ENDED, Membership
from webapp.prepared import add, add_all, prepared
from webapp.receipts import service as receipts
from webapp.receipts.queries import receipt_numbers, receipt_of
from webapp.receipts.signing import new_number, show_number
from webapp.switch.death import end_with_death, record_ends

log = logging.getLogger(__name__)


class Conflict(Exception):
    """Somebody or something came first; nothing was changed."""


class NotActive(Conflict):
    """The membership has ended, or its end was filed already."""


class Outdated(Conflict):
    """The draft was changed after it was shown."""


class TooLate(Conflict):
    """The window for undoing has closed; the branch can still correct."""


class TooEarly(Conflict):
    """The window for undoing is open: the company can put it right itself."""


class AlreadyUndone(Conflict):
    """It was taken back before, with another reason."""


class AlreadyAsked(Conflict):
    """A correction was asked for before, in other words, and still waits."""


UNDOABLE = (SCHEDULED, EFFECTIVE)
YIELDING = (*UNDOABLE, DISPUTED)     # a company may agree with the worker's objection at any time


def save_draft(membership, user, *, reason, last_day, note, document, now):
    """Keep what a clerk filled in: one draft for a clerk and membership, changed when resent."""
    answers = {"reason": reason, "last_day": last_day, "note": note, "document": document}
    try:
        return _save_draft(membership, user, answers, now)
    except IntegrityError:     # the same clerk's other press began it first: change that one
        return _save_draft(membership, user, answers, now)


def _save_draft(membership, user, answers, now):
    with write_transaction():
        return (_change_draft.one(membership, user, *answers.values(), now)
                or add(Deactivation(membership=membership, company=membership.company_id,
                                    drafted_by=user.id, drafted_at=now, **answers)))


@prepared
def _change_draft(membership, user, reason, last_day, note, document, now):
    return (Deactivation.update(reason=reason, last_day=last_day, note=note, document=document,
                                drafted_at=now, version=Deactivation.version + 1)
            .where(Deactivation.membership == membership, Deactivation.drafted_by == user,
                   Deactivation.state == DRAFT)
            .returning(Deactivation))


def file(draft, user, *, version, company, rules, now):
    """File a draft: the membership ends, the worker is told, a receipt is issued.

    :param version: of the draft as it was shown on the check page.
    :returns: the receipt; the same one when this draft was filed before.
    :raises Outdated: the draft was changed in another window.
    :raises NotActive: another clerk or desk ended this membership first.
    """
    with ending(draft.membership):
        return file_within(draft, user, version=version, company=company, rules=rules, now=now)


@contextmanager
def ending(membership):
    """The write transaction in which a membership is ended.

    :raises NotActive: somebody else ended it first.
    """
    try:
        with write_transaction():
            yield
    except IntegrityError as clash:     # the index allows only one that stands
        if standing_for.one(membership):
            raise NotActive from clash
        raise


def file_within(draft, user, *, version, company, rules, now):
    """As ``file``, as a part of a larger act: inside its transaction, which ``ending`` began."""
    membership = draft.membership
    membership.company = company
    effects = consequences(draft.reason, draft.last_day, birth_date=membership.worker.birth_date,
                           rules=rules, today=day_of(now))
    state = SCHEDULED if effects.is_scheduled else EFFECTIVE
    if not _mark_filed.execute(draft.id, version, state, user, now, effects.is_late,
                               company.arrears_months > 0, rules.used_as_json(),
                               user.branch_id):
        return _earlier_receipt(draft)
    draft.state, draft.branch_id, draft.filed_at = state, user.branch_id, now
    _end_membership(membership, draft)
    return follow_up([(draft, effects)], user, company, now)[0]


def draft_within(membership, user, *, reason, last_day, note, now, document=None):
    """A draft that is filed in the same transaction: the clerk's own earlier one, changed, or a new
    one."""
    draft = (_change_draft.one(membership, user, reason, last_day, note, document, now)
             or add(Deactivation(membership=membership, company=membership.company_id,
                                 drafted_by=user.id, drafted_at=now, reason=reason,
                                 last_day=last_day, note=note, document=document)))
    draft.membership = membership
    return draft


def follow_up(filed, user, company, now):
    """Everything that filing brings with it, inside its transaction.

    :param filed: (deactivation, its consequences) of each, with its membership, worker and company.
    :returns: the receipts, in their order.
    """
    deactivations = [deactivation for deactivation, _ in filed]
    wanted = end_requests(deactivations, now)
    ended = end_with_death(deactivations, now)
    issued = receipts.issue_all(deactivations, now=now)
    add_all(WorkLetter, [{"deactivation": one.id, "position": one.membership.position}
                         for one in deactivations if one.reason not in ("SLH", "MGL")])
    told = _tell_workers([
        (one, (messages.as_asked if one.membership_id in wanted else messages.filed)(
            one.membership, one, receipt, effects.objection_days, effects.continuing_rupiah))
        for (one, effects), receipt in zip(filed, issued, strict=True)], "deactivation:filed", now)
    audit.record_all([
        audit.Act(Event.DEACTIVATION_FILED, user, one.public_id, {
            "membership": one.membership.public_id.hex, "reason": one.reason,
            "last_day": one.last_day.isoformat(), "state": one.state,
            "receipt": show_number(receipt.number), "late": effects.is_late, "told": channels})
        for (one, effects), receipt, channels in zip(filed, issued, told, strict=True)],
        chain=audit.company_chain(company), now=now)
    record_ends(ended, now)
    return issued


def undo(deactivation, user, *, reason, company, rules, now):
    """Take a filed deactivation back; the membership is as it was and the worker is told.

    Doing it again with the same reason changes nothing. A correction request or an objection that
    waits at the branch ends with it.

    :param rules: the parameters in force on the day of filing.
    :raises TooLate: the window has closed, or the branch filed it; and no objection is open.
    :raises AlreadyUndone: it was taken back with another reason.
    :raises Conflict: it stands in a state that the company cannot undo.
    :raises claimed.Claimed: a claim that rests on it is approved.
    """
    membership = deactivation.membership
    membership.company = company
    if deactivation.is_standing and not can_undo(deactivation, rules, now):
        raise TooLate
    # What was disputed when it was read may have been decided since: then only the window counts.
    states = YIELDING if _is_in_window(deactivation, rules, now) else (DISPUTED,)
    with write_transaction():
        hold_unclaimed(deactivation.id, states)
        changed = (Deactivation.update(state=UNDONE, undone_by=user, undone_at=now,
                                       undo_reason=reason, version=Deactivation.version + 1)
                   .where(Deactivation.id == deactivation.id, Deactivation.state << states,
                          has_no_granted_claim()).execute())
        if not changed:
            return _undone_before(deactivation, reason)
        follow_undo([deactivation], user, company, now)
    return None


def follow_undo(undone, user, company, now):
    """Everything that taking back brings with it, inside its transaction.

    :param undone: deactivations, each with its membership, worker and company.
    """
    memberships = [one.membership_id for one in undone]
    (Membership.update(status=ACTIVE, ended_on=None, version=Membership.version + 1)
     .where(Membership.id << memberships).execute())
    end_disputes(undone, user, now)
    numbers = {number: show_number(shown) for number, shown in receipt_numbers(undone).tuples()}
    told = _tell_workers([
        (one, messages.undone(one.membership, one, numbers[one.id])) for one in undone],
        "deactivation:undone", now)
    audit.record_all([
        audit.Act(Event.DEACTIVATION_UNDONE, user, one.public_id,
                  {"receipt": numbers[one.id], "told": channels})
        for one, channels in zip(undone, told, strict=True)],
        chain=audit.company_chain(company), now=now)


def request_correction(deactivation, user, *, reason, company, rules, now):
    """Ask the branch to put right what the company can no longer undo. Returns the request; the
    same one when the same was asked before.

    :param rules: the parameters in force on the day of filing.
    :raises TooEarly: the company can still undo it.
    :raises AlreadyAsked: another text waits at the branch.
    :raises Conflict: the deactivation does not stand any more.
    """
    if can_undo(deactivation, rules, now):
        raise TooEarly
    with write_transaction():
        locked = (Deactivation.update(version=Deactivation.version + 1)
                  .where(Deactivation.id == deactivation.id,
                         Deactivation.state << UNDOABLE).execute())
        if not locked:
            raise Conflict
        before = open_correction.one(deactivation)
        if before and before.reason != reason:
            raise AlreadyAsked
        if before:
            return before
        correction = Correction.create(number=new_number(), deactivation=deactivation,
                                       reason=reason, requested_by=user, requested_at=now)
        open_case(CORRECTION, branch=deadlines.branch_of(company), opened_by=user,
                  holder=AT_BRANCH, due_on=deadlines.branch_until(day_of(now), rules), now=now,
                  number=correction.number, company=company, membership=deactivation.membership,
                  worker=deactivation.membership.worker_id, correction=correction)
        audit.record(Event.CORRECTION_REQUESTED, chain=audit.company_chain(company), actor=user,
                     subject=deactivation.public_id, now=now,
                     number=show_number(correction.number))
    return correction


def last_undo_day(deactivation, rules):
    """The last date in Jakarta, to its end, on which a company may undo."""
    return day_of(deactivation.filed_at) + timedelta(days=rules["deactivation.undo_days"])


def can_undo(deactivation, rules, now):
    """Whether the company may still undo: it filed it itself and the window is open, or the worker
    objects."""
    if deactivation.state == DISPUTED:
        return True
    return deactivation.state in UNDOABLE and _is_in_window(deactivation, rules, now)


def _is_in_window(deactivation, rules, now):
    return (not deactivation.branch_id
            and deactivation.filed_at >= undoable_since(rules, day_of(now)))


def undoable_since(rules, today):
    """What was filed from this moment on may still be undone today (aware, UTC)."""
    return start_of(today - timedelta(days=rules["deactivation.undo_days"]))


def take_effect(now):
    """Let every scheduled deactivation whose last working day is over take effect.

    Runs by itself each minute; each one is its own transaction, so that it can be interrupted.
    :returns: how many took effect.
    """
    due = (Deactivation.select(Deactivation.id)
           .where(Deactivation.state == SCHEDULED, Deactivation.last_day < day_of(now))
           .order_by(Deactivation.last_day, Deactivation.id).tuples())
    return sum(_take_effect(number, now) for (number,) in list(due))


def _take_effect(number, now):
    try:
        return _take_effect_at(number, now)
    except NotActive:     # ended otherwise meanwhile; the others must not wait for it
        log.error("scheduled deactivation %s found its membership ended", number)
        return 0


def _take_effect_at(number, now):
    with write_transaction():
        changed = (Deactivation.update(state=EFFECTIVE, version=Deactivation.version + 1)
                   .where(Deactivation.id == number, Deactivation.state == SCHEDULED).execute())
        if not changed:
            return 0
        deactivation = Deactivation.get_by_id(number)
        _close(deactivation.membership, deactivation.last_day)
        audit.record(Event.DEACTIVATION_EFFECTIVE,
                     chain=audit.company_chain(deactivation.company), actor=None,
                     subject=deactivation.public_id, now=now)
    return 1


@prepared
def _mark_filed(number, version, state, user, now, is_late, in_arrears, parameters, branch):
    """The one guarded statement that turns a draft into a filed deactivation."""
    return (Deactivation.update(
        state=state, version=Deactivation.version + 1, filed_by=user, filed_at=now,
        is_late=is_late, in_arrears=in_arrears, parameters=parameters, branch=branch)
        .where(Deactivation.id == number, Deactivation.state == DRAFT,
               Deactivation.version == version))


def _earlier_receipt(draft):
    receipt = receipt_of.one(draft)
    if receipt:
        return receipt
    if standing_for.one(draft.membership):
        raise NotActive
    raise Outdated


def _end_membership(membership, draft):
    if draft.state == EFFECTIVE:
        _close(membership, draft.last_day)
        return
    if not (Membership.update(version=Membership.version + 1)
            .where(Membership.id == membership.id, Membership.status == ACTIVE).execute()):
        raise NotActive


def _close(membership, last_day):
    if not _end.execute(membership.id, last_day):
        raise NotActive


@prepared
def _end(number, last_day):
    return (Membership.update(status=ENDED, ended_on=last_day, version=Membership.version + 1)
            .where(Membership.id == number, Membership.status == ACTIVE))


def _undone_before(deactivation, reason):
    fresh = Deactivation.get_by_id(deactivation.id)
    if fresh.state in UNDOABLE:
        raise TooLate
    if fresh.state != UNDONE:
        raise Conflict
    if fresh.undo_reason != reason:
        raise AlreadyUndone


def _tell_workers(told, kind, now):
    """Tell the worker of each (deactivation, texts). Returns the channels of each, a list."""
    alive = [(one, sms, email) for one, (sms, email) in told if one.reason != "MGL"]
    channels = outbox.tell_all([
        outbox.Letter(one.membership.worker, None, one.public_id, sms, email)
        for one, sms, email in alive], kind=kind, now=now)
    reached = {one.id: found for (one, *_), found in zip(alive, channels, strict=True)}
    # Nobody writes to the dead; the family hears from the branch.
    return [reached.get(one.id, []) for one, _ in told]
