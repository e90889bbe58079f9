"""Sanggah: a worker says that a deactivation is wrong; the three sides write; the branch decides.

The order in which rows are taken is everybody's: deactivation, membership, objection, case.
"""

from datetime import timedelta

from peewee import IntegrityError

from webapp import audit
from webapp.audit import Event
from webapp.cases import deadlines
from webapp.cases import service as cases
from webapp.cases.ending import end_corrections
from webapp.cases.service import CaseChanged
from webapp.cases.telling import tell_company, tell_worker
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.deactivation.claimed import hold_unclaimed
from webapp.models.cases import (
    ASKED,
    AT_BRANCH,
    AT_COMPANY,
    AT_WORKER,
    DRAFT,
    GRANTED,
    OBJECTION,
    UPHELD,
    WITHDRAWN,
    Case,
    Objection,
)
from webapp.models.deactivations import (
    DISPUTED,
    EFFECTIVE,
    RESTORED,
    SCHEDULED,
    STANDING,
    Deactivation,
)
from webapp.models.workers import ACTIVE, ENDED, Membership
from webapp.objections import messages
from webapp.objections.queries import objection_of, objection_to, was_texted_since
from webapp.parameters import rules_on
from webapp.rate_limit import Limit, count_try
from webapp.receipts.signing import show_number

# Each of these writes to whole sides: so often nobody means it.
SENT = Limit("objections-sent", 5, timedelta(days=1))
ANSWERED = Limit("objections-answered", 20, timedelta(hours=1))     # of one person in one case
SMS_APART = timedelta(hours=1)     # between two that tell of answers in a case


class TooLate(Exception):
    """The days in which a worker may object are over."""


class NotStanding(Exception):
    """The deactivation was taken back: there is nothing to object to."""


class AlreadyDone(Exception):
    """This step was done before, by the same press: its result stands."""


class OwnReport(Exception):
    """Whoever filed the deactivation does not decide whether it was right."""


def last_objection_day(deactivation):
    """The last date in Jakarta, to its end, on which the worker may object: rules §1, 14 days from
    the notice, which is sent when it is filed."""
    filed_on = day_of(deactivation.filed_at)
    return filed_on + timedelta(days=rules_on(filed_on)["deactivation.objection_days"])


def can_object(deactivation, today):
    """Whether the worker may begin to object today."""
    return deactivation.state in (SCHEDULED, EFFECTIVE) and today <= last_objection_day(
        deactivation)


def begin(deactivation, membership, user, now):
    """The worker's objection to a deactivation: the one there is, or a fresh draft.

    :param membership: the deactivation's, with its company.
    :raises TooLate: and :raises NotStanding: as they say.
    """
    found = objection_to(deactivation)
    if found:
        return found
    if deactivation.state not in STANDING:
        raise NotStanding
    if not can_object(deactivation, day_of(now)):
        raise TooLate
    try:
        with write_transaction():
            case = cases.open_case(
                OBJECTION, branch=deadlines.branch_of(membership.company), opened_by=user,
                holder=AT_WORKER, due_on=None, now=now, company=membership.company,
                membership=membership, worker=membership.worker_id)
            Objection.create(case=case, deactivation=deactivation)
    except IntegrityError:     # the other press began it
        pass
    return objection_to(deactivation)


def send(objection, user, *, version, reason, rules, now):
    """Send the objection to the branch. Whatever needs the deactivation waits from now on.

    :param version: of the objection, as the page showed it.
    :raises TooLate: :raises NotStanding: :raises AlreadyDone: as they say.
    :raises webapp.rate_limit.TooMany: this person sent too many today.
    """
    objection.reason = reason
    until = deadlines.branch_until(day_of(now), rules)
    if objection.state == DRAFT:     # else it was sent before: the same press is no further try
        if day_of(now) > last_objection_day(objection.deactivation):
            raise TooLate
        count_try(SENT, user.public_id.hex, now)
    with write_transaction():
        disputed = _move_deactivation(objection, (SCHEDULED, EFFECTIVE), DISPUTED)
        _step(objection, version, (DRAFT,), ASKED, asked_at=now,
              reason_sealed=objection.reason_sealed)
        if not disputed:
            raise NotStanding
        case = objection.case
        cases.hand_on(case, AT_BRANCH, until, now)
        cases.forget_typed(case, user)
        tell_worker(case, "objection sent", now, **messages.sent(case, until))
        tell_company(case, "objection sent", now, messages.sent_company(case, until))
        _record(Event.OBJECTION_SENT, objection, user, now)


def withdraw(objection, user, *, version, now):
    """The worker takes the objection back: the report stands as it was."""
    was_sent = objection.state != DRAFT
    with write_transaction():
        stands = not was_sent or _let_stand(objection, now)
        _step(objection, version, (ASKED,) if was_sent else (DRAFT,), WITHDRAWN)
        if not stands:
            raise CaseChanged
        cases.close([objection.case_id], now)
        if was_sent:
            tell_company(objection.case, "objection withdrawn", now,
                         messages.withdrawn_company(objection.case))
        _record(Event.OBJECTION_WITHDRAWN, objection, user, now)


def end_with_account(worker, now):
    """The account of a worker is closed: objections that were not sent are withdrawn. Those at the
    branch go on. A part of that act: inside its transaction, before the worker's row is taken."""
    begun = (Objection.update(state=WITHDRAWN, version=Objection.version + 1)
             .where(Objection.case << Case.select(Case.id).where(Case.worker == worker),
                    Objection.state == DRAFT).returning(Objection.case))
    cases.close([row.case_id for row in begun.execute()], now)


def answer(objection, side, author, text, now):
    """One side writes to the others while the objection is open. The same again, from a button
    pressed twice or a line that was lost, changes nothing.

    :param side: ``AT_WORKER``, ``AT_COMPANY`` or ``AT_BRANCH``.
    :raises CaseChanged: it was decided meanwhile.
    :raises webapp.rate_limit.TooMany: the author wrote too often of late.
    """
    case = objection.case
    count_try(ANSWERED, f"{author.public_id.hex} {case.public_id.hex}", now)
    names = {AT_WORKER: case.worker.name, AT_COMPANY: case.company.name,
             AT_BRANCH: "kantor cabang"}
    with write_transaction():
        still_open = (Objection.update(version=Objection.version)
                      .where(Objection.id == objection.id, Objection.state == ASKED).execute())
        if not still_open:
            raise CaseChanged
        if cases.has_just_said(case, author, text, now):
            return
        cases.say(case, side, author, text, now)
        cases.forget_typed(case, author)
        if side != AT_WORKER:
            told = messages.answered(case, names[side])
            if was_texted_since(case, now - SMS_APART):
                told["sms"] = None
            tell_worker(case, "objection answered", now, **told)
        if side != AT_COMPANY:
            tell_company(case, "objection answered", now,
                         messages.answered_company(case, names[side]))
        _record(Event.OBJECTION_ANSWERED, objection, author, now, side=side)


def grant(objection, officer, *, case_version, verdict, now):
    """The worker is right: the membership is as it was. One transaction with all that follows.

    :param case_version: of the case, as the page showed it.
    :raises CaseChanged: it was decided, withdrawn or undone first.
    :raises cases.TakenByColleague: another officer has taken it.
    :raises OwnReport: the officer filed the deactivation.
    :raises webapp.deactivation.claimed.Claimed: a claim that rests on the report is approved.
    """
    with write_transaction():
        hold_unclaimed(objection.deactivation_id, (DISPUTED,))
        if not _move_deactivation(objection, (DISPUTED,), RESTORED):
            raise CaseChanged
        (Membership.update(status=ACTIVE, ended_on=None, version=Membership.version + 1)
         .where(Membership.id == objection.deactivation.membership_id).execute())
        end_corrections([objection.deactivation_id], now)
        _decide(objection, officer, GRANTED, case_version, verdict, now)
        case = objection.case
        tell_worker(case, "objection granted", now, **messages.granted(case, verdict))
        tell_company(case, "objection granted", now, messages.granted_company(case, verdict))
        _record(Event.OBJECTION_GRANTED, objection, officer, now,
                receipt=show_number(objection.deactivation.receipt.number))


def uphold(objection, officer, *, case_version, verdict, now):
    """The report is right: it stands again, as if nobody had objected. Raises as ``grant`` does."""
    with write_transaction():
        if not _let_stand(objection, now):
            raise CaseChanged
        _decide(objection, officer, UPHELD, case_version, verdict, now)
        case = objection.case
        tell_worker(case, "objection turned down", now, **messages.upheld(case, verdict))
        tell_company(case, "objection turned down", now, messages.upheld_company(case, verdict))
        _record(Event.OBJECTION_UPHELD, objection, officer, now,
                receipt=show_number(objection.deactivation.receipt.number))


def _let_stand(objection, now):
    """The deactivation takes effect when it would have: also if its day came meanwhile. Returns
    whether it was disputed."""
    deactivation = objection.deactivation
    is_over = deactivation.last_day < day_of(now)
    was_effective = deactivation.membership.status == ENDED
    state = EFFECTIVE if is_over or was_effective else SCHEDULED
    moved = _move_deactivation(objection, (DISPUTED,), state)
    if moved and state == EFFECTIVE:
        (Membership.update(status=ENDED, ended_on=deactivation.last_day,
                           version=Membership.version + 1)
         .where(Membership.id == deactivation.membership_id, Membership.status == ACTIVE)
         .execute())
    return moved


def _move_deactivation(objection, states, state):
    return (Deactivation.update(state=state, version=Deactivation.version + 1)
            .where(Deactivation.id == objection.deactivation_id,
                   Deactivation.state << states).execute())


def _decide(objection, officer, state, case_version, verdict, now):
    if objection.deactivation.filed_by_id == officer.id:
        raise OwnReport
    objection.verdict = verdict
    _step(objection, objection.version, (ASKED,), state, decided_by=officer, decided_at=now,
          verdict_sealed=objection.verdict_sealed)
    cases.claim(objection.case, officer, case_version, now)
    cases.close([objection.case_id], now)


def _step(objection, version, states, state, **changes):
    """The one guarded statement of a step."""
    changed = (Objection.update(state=state, version=Objection.version + 1, **changes)
               .where(Objection.id == objection.id, Objection.version == version,
                      Objection.state << states).execute())
    if changed:
        return
    fresh = objection_of(objection.case_id)
    if (fresh.state, fresh.version, fresh.reason) == (state, version + 1, objection.reason):
        raise AlreadyDone
    raise CaseChanged


def _record(event, objection, actor, now, **details):
    audit.record(event, chain=audit.company_chain(objection.case.company), actor=actor,
                 subject=objection.deactivation.public_id, now=now,
                 number=show_number(objection.case.number), **details)
