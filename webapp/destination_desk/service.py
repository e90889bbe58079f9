"""The branch decides whether an account with another name on it is the person's."""

from webapp import audit, rate_limit
from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.branch.queries import person_in
from webapp.branch.service import REVEALS, OwnAccount
from webapp.cases import service as cases
from webapp.cases.own import is_own
from webapp.cases.service import CaseChanged
from webapp.cases.telling import tell_worker
from webapp.db import write_transaction
from webapp.destinations import messages
from webapp.destinations import service as destinations
from webapp.destinations.queries import destination_of_case
from webapp.destinations.words import label, shown_number
from webapp.models.cases import AT_BRANCH
from webapp.models.claims import IN_REVIEW, LINKED, NOT_LINKED, Destination
from webapp.receipts.signing import show_number


def may_decide(case, officer):
    """Whether this officer may decide now: it waits here, and no colleague has it."""
    return case.holder == AT_BRANCH and case.owner_id in (None, officer.id)


def reveal_number(case, officer, reason, now):
    """The whole number, None once it is erased; recorded with the reason.

    :param reason: a code of ``forms.REASONS``.
    :raises webapp.rate_limit.TooMany: too many full numbers in this hour.
    """
    rate_limit.count_try(REVEALS, officer.public_id.hex, now)
    destination = destination_of_case(case)
    with write_transaction():
        audit.record(Event.PERSON_SEEN, chain=audit.ACCOUNTS, actor=officer,
                     subject=person_in(case).public_id, now=now, page="destination", reason=reason,
                     number=show_number(case.number))
    return destination.number and shown_number(destination)


def accept(case, officer, *, version, now):
    """It is the person's: payouts go there from now on. Doing it again changes nothing.

    :param case: with its worker.
    :param version: of the case, as the page showed it.
    :raises CaseChanged: it was decided, taken back or stopped first.
    :raises webapp.cases.service.TakenByColleague: another officer has taken it.
    :raises OwnAccount: it is the officer's own.
    """
    with write_transaction():
        user = locked(destination_of_case(case).user_id)
        destination = _taken(case, user, officer, version, LINKED, None, now)
        if destination:
            try:
                destinations.install(destination, user, now, by=officer)
            except (destinations.Stopped, destinations.Outdated) as reason:
                raise CaseChanged from reason


def refuse(case, officer, *, version, verdict, now):
    """It is not, or nobody can tell: it is not linked, and the person is told why. Raises as
    ``accept`` does; what was written is kept."""
    try:
        _refuse(case, officer, version, verdict, now)
    except (CaseChanged, cases.TakenByColleague):
        cases.keep_typed(case, officer, {"verdict": [verdict]}, now)
        raise


def _refuse(case, officer, version, verdict, now):
    with write_transaction():
        user = locked(destination_of_case(case).user_id)
        destination = _taken(case, user, officer, version, NOT_LINKED, verdict, now)
        if destination is None:
            return
        destination.verdict = verdict
        (Destination.update(state=NOT_LINKED, ended_at=now, checked_by=officer,
                            verdict_sealed=destination.verdict_sealed,
                            version=Destination.version + 1)
         .where(Destination.id == destination.id).execute())
        tell_worker(case, "destination refused", now,
                    **messages.refused(destination, case, verdict))
        audit.record(Event.DESTINATION_REFUSED, chain=audit.ACCOUNTS, actor=officer, now=now,
                     subject=user.public_id, to=label(destination), distance=destination.distance)


def _taken(case, user, officer, version, state, verdict, now):
    """The destination, its case being the officer's and over; None where this very press decided it
    before."""
    if is_own(case.worker, officer, user):
        raise OwnAccount
    destination = destination_of_case(case)
    if destination.state != IN_REVIEW:
        if (destination.state, destination.checked_by, destination.verdict) == (
                state, officer, verdict):
            return None
        raise CaseChanged
    cases.claim(case, officer, version, now)
    cases.close([case.id], now)
    cases.forget_typed(case, officer)
    return destination
