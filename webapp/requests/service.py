"""Ajukan nonaktif: a worker asks the company to end the membership, and nobody can sit it out.

Each step is one transaction: the request's versioned update, the case handed on, messages to both
sides, the audit entry. A step pressed twice is done once and raises ``AlreadyDone``.
"""

from datetime import timedelta

from peewee import IntegrityError

from webapp import audit
from webapp.audit import Event
from webapp.cases import deadlines
from webapp.cases import service as cases
from webapp.cases.service import CaseChanged, TakenByColleague
from webapp.cases.telling import tell_company, tell_worker
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.deactivation import service as deactivations
from webapp.deactivation.queries import standing_for
from webapp.models.cases import (
    APPROVED,
    ASKED,
    AT_BRANCH,
    AT_COMPANY,
    AT_WORKER,
    DONE,
    DRAFT,
    ESCALATED,
    FILLED,
    HOLD_REQUESTS,
    OPEN_REQUEST,
    REFUSED,
    REQUEST,
    WITHDRAWN,
    Case,
    DeactivationRequest,
)
from webapp.models.workers import ACTIVE, Membership
from webapp.parameters import rules_on
from webapp.rate_limit import Limit, count_try
from webapp.receipts.signing import show_number
from webapp.requests import messages
from webapp.requests.queries import (
    missing_papers,
    open_request_of,
    request_numbered,
    requests_of,
)

# Asking and taking back writes to a whole company each time: so often a day nobody means it.
BEGUN = Limit("requests-begun", 20, timedelta(days=1))
SENT = Limit("requests-sent", 5, timedelta(days=1))


class AlreadyDone(Exception):
    """This step was done before, by the same press: its result stands."""


class NotActive(Exception):
    """The membership has ended, or its end was filed: there is nothing to ask for."""


class PapersMissing(Exception):
    """Papers that the reason must have are not there: ``kinds``, their codes."""

    def __init__(self, kinds):
        super().__init__(kinds)
        self.kinds = kinds


def begin(membership, user, now):
    """The worker's open request about a membership: the one there is, or a fresh draft.

    :param membership: with its company and its worker.
    :raises NotActive: it has ended, or its end is filed.
    :raises webapp.rate_limit.TooMany: this person began too many today.
    """
    if membership.status != ACTIVE or standing_for.one(membership):
        raise NotActive
    found = open_request_of(membership)
    if found:
        return found
    count_try(BEGUN, user.public_id.hex, now)
    try:
        with write_transaction():
            if not _is_held_active(membership.id):
                raise NotActive
            case = cases.open_case(
                REQUEST, branch=deadlines.branch_of(membership.company), opened_by=user,
                holder=AT_WORKER, due_on=None, now=now, company=membership.company,
                membership=membership, worker=membership.worker_id)
            DeactivationRequest.create(case=case, membership=membership)
    except IntegrityError:     # the other press began it
        pass
    return open_request_of(membership)


def keep_draft(request, *, reason, last_day, note, now):
    """Keep valid answers before they are sent. Returns the request as it is now."""
    request.note = note
    with write_transaction():
        (DeactivationRequest.update(reason=reason, last_day=last_day,
                                    note_sealed=request.note_sealed,
                                    version=DeactivationRequest.version + 1)
         .where(DeactivationRequest.id == request.id, DeactivationRequest.state == DRAFT)
         .execute())
        cases.forget_typed(request.case_id, request.case.worker.user_id)
    return request_numbered(request.id)


def send(request, user, *, version, rules, now):
    """Send the draft to the company: its clock begins.

    :param version: of the request as the check page showed it.
    :raises NotActive: the membership has ended since, or its end is filed.
    :raises webapp.rate_limit.TooMany: this person sent too many today.
    """
    until = deadlines.company_until(day_of(now), rules)
    if request.state == DRAFT:     # else it was sent before: the same press is no further try
        count_try(SENT, user.public_id.hex, now)
    with write_transaction():
        is_active = _is_held_active(request.membership_id)
        _step(request, version, (DRAFT,), ASKED, asked_at=now)
        if not is_active:
            raise NotActive
        case = _hand_on(request, AT_COMPANY, until, now)
        tell_worker(case, "request sent", now, **messages.asked(case, until))
        tell_company(case, "request sent", now, messages.asked_company(case, until))
        _record(Event.REQUEST_SENT, request, user, now, until=until.isoformat())


def ask_within(case, user, *, reason, last_day, note, address, rules, now):
    """Ask the company in a case that is about more than that: inside the transaction of the larger
    act, which hands the case on and then calls ``tell_asked``. The form that is due after the
    approval comes along with it.

    :param case: with its company, membership and worker; the membership being held by ``hold``.
    :param address: where the worker lives.
    :returns: the request, and until when the company answers.
    """
    _give_up_draft(case.membership_id, now)
    until = deadlines.company_until(day_of(now), rules)
    request = DeactivationRequest(case=case, membership=case.membership_id, state=ASKED,
                                  reason=reason, last_day=last_day, asked_at=now)
    request.note, request.address = note or None, address
    request.save(force_insert=True)
    return request, until


def _give_up_draft(membership, now):
    """What the worker began to ask and did not send is asked otherwise now."""
    begun = open_request_of(membership)
    if begun and begun.state == DRAFT:
        _step(begun, begun.version, (DRAFT,), WITHDRAWN)
        cases.close([begun.case_id], now)


def hold(membership):
    """Lock a membership that is active and whose end nobody filed, until the transaction ends.

    :param membership: its number.
    :raises NotActive: as it says.
    """
    if not _is_held_active(membership):
        raise NotActive


def tell_asked(request, user, until, now):
    """Tell the company of what ``ask_within`` asked, and record it; last in the transaction."""
    case = request.case
    tell_company(case, "request sent", now, messages.asked_company(case, until))
    _record(Event.REQUEST_SENT, request, user, now, until=until.isoformat())


def withdraw(request, user, *, version, now):
    """The worker takes the request back."""
    with write_transaction():
        withdraw_within(request, version=version, now=now)
        tell_withdrawn(request, user, now)


def withdraw_within(request, *, version, now):
    """The same inside the transaction of a larger act, which then calls ``tell_withdrawn``."""
    _step(request, version, OPEN_REQUEST, WITHDRAWN)
    cases.close([request.case_id], now)


def tell_withdrawn(request, user, now):
    """Tell the company of what was taken back, and record it; last in the transaction.

    :param request: as it was before.
    """
    if request.state != DRAFT:
        tell_company(request.case, "request withdrawn", now,
                     messages.withdrawn_company(request.case))
    _record(Event.REQUEST_WITHDRAWN, request, user, now)


def end_with_account(worker, now):
    """The account of a worker is closed: what waits for its form is withdrawn, and where the worker
    lives is forgotten. What waits for the company or the branch goes on. A part of that act: inside
    its transaction, before the worker's row is taken.

    :returns: the requests that were withdrawn, for ``record_ended`` when all else is done.
    """
    of_worker = Case.select(Case.id).where(Case.worker == worker)
    ended = list(requests_of(worker).where(DeactivationRequest.state << (DRAFT, APPROVED)))
    (DeactivationRequest.update(address_sealed=None)
     .where(DeactivationRequest.case << of_worker,
            DeactivationRequest.address_sealed.is_null(False)).execute())
    return [request for request in ended if _ends_with_account(request, now)]


def record_ended(requests, now):
    """Record what ``end_with_account`` withdrew."""
    for request in requests:
        _record(Event.REQUEST_WITHDRAWN, request, None, now, by="closure")


def _ends_with_account(request, now):
    try:
        _step(request, request.version, (request.state,), WITHDRAWN)
    except (AlreadyDone, CaseChanged):     # somebody was faster: it is over, or goes on
        return False
    cases.close([request.case_id], now)
    if request.state == APPROVED:
        tell_company(request.case, "request withdrawn", now,
                     messages.withdrawn_company(request.case))
    return True


def approve(request, clerk, *, version, now):
    """The company agrees: the worker fills in the form next, unless it came with the request."""
    if request.address_sealed:
        _approve_filled(request, clerk, version, now)
        return
    with write_transaction():
        _step(request, version, (ASKED,), APPROVED, answered_by=clerk, answered_at=now)
        case = _hand_on(request, AT_WORKER, None, now)
        tell_worker(case, "request approved", now, **messages.approved(case))
        _record(Event.REQUEST_APPROVED, request, clerk, now)


def _approve_filled(request, clerk, version, now):
    """The form is there already: what is left is to confirm, and the company's clock begins anew.
    """
    until = deadlines.company_until(day_of(now), rules_on(day_of(now)))
    with write_transaction():
        _step(request, version, (ASKED,), FILLED, answered_by=clerk, answered_at=now,
              filled_at=now)
        case = _hand_on(request, AT_COMPANY, until, now)
        tell_worker(case, "request approved", now, **messages.approved_filled(case, until))
        tell_company(case, "request filled in", now, messages.filled_company(case, until))
        _record(Event.REQUEST_APPROVED, request, clerk, now, until=until.isoformat())


def refuse(request, clerk, *, version, reason, now):
    """The company says no, and why."""
    request.answer = reason
    with write_transaction():
        _step(request, version, (ASKED, FILLED), REFUSED, answered_by=clerk, answered_at=now,
              answer_sealed=request.answer_sealed)
        cases.close([request.case_id], now)
        cases.forget_typed(request.case_id, clerk)
        tell_worker(request.case, "request refused", now, **messages.refused(request.case, reason))
        _record(Event.REQUEST_REFUSED, request, clerk, now)


def fill_in(request, user, *, version, address, rules, now):
    """The worker's form is complete: the company confirms next, and its clock begins anew.

    :raises PapersMissing: as it says.
    """
    request.address, until = address, deadlines.company_until(day_of(now), rules)
    with write_transaction():
        _step(request, version, (APPROVED,), FILLED, filled_at=now,
              address_sealed=request.address_sealed)
        case = _hand_on(request, AT_COMPANY, until, now)
        missing = missing_papers(request)     # none comes or goes while the case is held
        if missing:
            raise PapersMissing(missing)
        cases.forget_typed(case, user)
        tell_worker(case, "request filled in", now, **messages.filled(case, until))
        tell_company(case, "request filled in", now, messages.filled_company(case, until))
        _record(Event.REQUEST_FILLED, request, user, now, until=until.isoformat())


def confirm(request, clerk, *, version, company, rules, now):
    """The company confirms: the membership ends. Returns the receipt.

    :raises webapp.deactivation.service.NotActive: somebody ended it first.
    """
    with deactivations.ending(request.membership):
        return _end(request, clerk, version, FILLED, company, rules, now)


def end_at_branch(request, officer, *, version, case_version, rules, now):
    """The branch ends the membership of a request the company did not answer. Returns the receipt.

    :param case_version: of the case, as the page showed it.
    :raises CaseChanged: the case was changed meanwhile.
    :raises TakenByColleague: another officer has taken it.
    """
    with deactivations.ending(request.membership):
        receipt = _end(request, officer, version, ESCALATED, request.case.company, rules, now)
        closed = Case.get_by_id(request.case_id)
        if closed.owner_id not in (None, officer.id):
            raise TakenByColleague(closed.owner, closed.owned_since)
        if closed.version != case_version + 1:
            raise CaseChanged
        tell_company(request.case, "request done", now,
                     messages.done_by_branch_company(request.case))
    return receipt


def refuse_at_branch(request, officer, *, version, case_version, reason, now):
    """The branch says no, and why."""
    request.answer = reason
    with write_transaction():
        _step(request, version, (ESCALATED,), REFUSED, answered_by=officer, answered_at=now,
              answer_sealed=request.answer_sealed)
        cases.claim(request.case, officer, case_version, now)
        cases.close([request.case_id], now)
        tell_worker(request.case, "request refused", now,
                    **messages.refused_by_branch(request.case, reason))
        tell_company(request.case, "request refused", now,
                     messages.refused_by_branch_company(request.case))
        _record(Event.REQUEST_REFUSED, request, officer, now)


def escalate_overdue(now):
    """Hand to the branch whatever a company has not answered on its last day, to its end in
    Jakarta. Runs by itself each minute; each one is its own transaction.

    :returns: how many were handed on.
    """
    overdue = (Case.select(Case.id)
               .where(Case.holder == AT_COMPANY, Case.kind << HOLD_REQUESTS,
                      Case.due_on < day_of(now))
               .order_by(Case.due_on, Case.id).tuples())
    return sum(_escalate(number, now) for (number,) in list(overdue))


def _escalate(number, now):
    request = request_numbered(
        DeactivationRequest.get(DeactivationRequest.case == number).id)
    until = deadlines.branch_until(day_of(now), rules_on(day_of(now)))
    with write_transaction():
        try:
            _step(request, request.version, (ASKED, FILLED), ESCALATED, escalated_at=now)
        except (AlreadyDone, CaseChanged):     # answered meanwhile, or by another process
            return 0
        case = _hand_on(request, AT_BRANCH, until, now)
        tell_worker(case, "request escalated", now, **messages.escalated(case, until))
        tell_company(case, "request escalated", now, messages.escalated_company(case))
        _record(Event.REQUEST_ESCALATED, request, None, now)
    return 1


def _end(request, user, version, state, company, rules, now):
    """End the membership as it was asked for; the request and its case are done with it. Inside the
    transaction that ends it."""
    membership = request.membership
    membership.company = company
    draft = deactivations.draft_within(membership, user, reason=request.reason,
                                       last_day=request.last_day, note=request.note or "", now=now)
    receipt = deactivations.file_within(draft, user, version=draft.version, company=company,
                                        rules=rules, now=now)
    done = DeactivationRequest.get_by_id(request.id)
    if request.state != state or (done.state, done.version) != (DONE, version + 1):
        raise CaseChanged
    return receipt


def _is_held_active(membership):
    """Lock a membership, and tell whether it is active and nobody has filed its end: who files it
    now waits, and then finds what is asked here.

    :param membership: its number.
    """
    held = (Membership.update(version=Membership.version + 1)
            .where(Membership.id == membership, Membership.status == ACTIVE).execute())
    return bool(held) and standing_for.one(membership) is None


def _step(request, version, states, state, **changes):
    """The one guarded statement of a step."""
    changed = (DeactivationRequest.update(state=state, version=DeactivationRequest.version + 1,
                                          **changes)
               .where(DeactivationRequest.id == request.id,
                      DeactivationRequest.version == version,
                      DeactivationRequest.state << states).execute())
    if changed:
        return
    fresh = DeactivationRequest.get_by_id(request.id)
    is_same = (fresh.answer, fresh.address) == (request.answer, request.address)
    if (fresh.state, fresh.version) == (state, version + 1) and is_same:
        raise AlreadyDone
    raise CaseChanged


def _hand_on(request, holder, until, now):
    cases.hand_on(request.case, holder, until, now)
    return request.case


def _record(event, request, actor, now, **details):
    audit.record(event, chain=audit.company_chain(request.case.company), actor=actor,
                 subject=request.case.public_id, now=now,
                 number=show_number(request.case.number), **details)
