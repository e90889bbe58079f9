"""Kode loket: six digits by which an officer goes on with what a worker began at home.

Showing the code is the worker's consent; that it was used, by whom and when, stays in the audit
trail.
"""

import json
from datetime import timedelta

from peewee import IntegrityError

from webapp import audit
from webapp.audit import Event
from webapp.cases import service as cases
from webapp.db import write_transaction
from webapp.models.cases import DRAFT, OPEN_REQUEST, Case, DeactivationRequest, Pairing, WalkIn
from webapp.models.workers import Membership
from webapp.otp import new_code
from webapp.rate_limit import Limit, count_try, forget_failures
from webapp.receipts.signing import show_number
from webapp.walk_in import service
from webapp.walk_in.checklist import scanned_ways
from webapp.walk_in.queries import draft_about, papers_in

TRIES = Limit("pairing", 10, timedelta(minutes=10), 10, timedelta(minutes=10))
ATTEMPTS = 5     # to find six digits that nobody else shows now


class NoSuchCode(Exception):
    """Nobody shows this code now."""


def show_code(request, *, rules, now):
    """The code for the counter: the one that is still good, or a new one. Returns the ``Pairing``.

    :param request: the worker's own, not over.
    """
    found = Pairing.get_or_none(Pairing.case == request.case_id)
    if found and not found.used_at and found.expires_at > now:
        return found
    until = now + timedelta(minutes=rules["pairing.minutes"])
    for _ in range(ATTEMPTS):
        pairing = Pairing(case=request.case_id, made_at=now, expires_at=until)
        pairing.code = new_code()
        try:
            with write_transaction():
                Pairing.delete().where((Pairing.case == request.case_id)
                                       | (Pairing.expires_at <= now)).execute()
                pairing.save(force_insert=True)
        except IntegrityError:     # somebody else shows these digits
            continue
        return pairing
    raise RuntimeError("no free pairing code")


def code_of(request, now):
    """The code that is shown now, a ``Pairing``, or None."""
    return Pairing.get_or_none(Pairing.case == request.case_id, Pairing.used_at.is_null(),
                               Pairing.expires_at > now)


def pair(code, officer, now):
    """Go on with the draft of whoever shows this code. Returns the ``WalkIn``.

    The try is counted before it is judged.

    :param code: six digits.
    :raises NoSuchCode: nobody shows it.
    :raises webapp.rate_limit.TooMany: too many wrong ones.
    :raises service.NotActive: :raises service.OwnMembership: as they say.
    """
    count_try(TRIES, officer.public_id.hex, now)
    request = _request_with(code, now)
    membership = (Membership.select().where(Membership.id == request.membership_id).get())
    membership.company, membership.worker = request.case.company, request.case.worker
    walk_in = service.begin(membership, officer, now)
    with write_transaction():
        used = (Pairing.update(used_at=now, used_by=officer)
                .where(Pairing.case == request.case_id, Pairing.used_at.is_null(),
                       Pairing.expires_at > now).execute())
        if not used:
            raise NoSuchCode
        _take_over(walk_in, request, officer, now)
        audit.record(Event.WALK_IN_PAIRED, chain=audit.company_chain(request.case.company),
                     actor=officer, subject=walk_in.case.public_id, now=now,
                     request=show_number(request.case.number),
                     number=show_number(walk_in.case.number))
    forget_failures(TRIES, officer.public_id.hex)
    return draft_about(membership)


def _request_with(code, now):
    found = (Pairing.select(Pairing).where(Pairing.code.matches(code), Pairing.used_at.is_null(),
                                           Pairing.expires_at > now).first())
    request = found and (DeactivationRequest.select(DeactivationRequest, Case).join(Case)
                         .where(DeactivationRequest.case == found.case_id,
                                DeactivationRequest.state << OPEN_REQUEST).first())
    if not request:
        raise NoSuchCode
    return request


def _take_over(walk_in, request, officer, now):
    """What the worker wrote comes along; the branch at whose counter they stand has the case, and
    nobody of another one holds it any more."""
    answers = {"reason": request.reason, "last_day": request.last_day}
    if request.note:
        walk_in.note = request.note
        answers["note_sealed"] = walk_in.note_sealed
    brought = scanned_ways([paper.kind for paper in papers_in(request.case_id)])
    answers["checklist"] = json.dumps(brought | json.loads(walk_in.checklist))
    taken = (WalkIn.update(request=request, paired_at=now, version=WalkIn.version + 1,
                           **{name: value for name, value in answers.items() if value})
             .where(WalkIn.id == walk_in.id, WalkIn.state == DRAFT).execute())
    if not taken:
        raise NoSuchCode
    (Case.update(branch=officer.branch_id, owner=None, owned_since=None, version=Case.version + 1)
     .where(Case.id == request.case_id).execute())
    typed = cases.typed_in(request.case_id, request.case.worker.user_id)
    if typed:
        cases.keep_typed(walk_in.case_id, officer, typed, now)
