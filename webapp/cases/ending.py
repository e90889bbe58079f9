"""What else is over when a membership ends, or when its end is taken back: requests, objections,
corrections. Parts of those acts: inside their transaction, before anything is told or recorded."""

from webapp.cases.service import close
from webapp.models.cases import (
    ASKED,
    DONE,
    DRAFT,
    GRANTED,
    OPEN_REQUEST,
    WITHDRAWN,
    Case,
    DeactivationRequest,
    Objection,
)
from webapp.models.deactivations import REQUESTED, UNDONE, Correction
from webapp.prepared import prepared


def end_requests(filed, now):
    """Whoever ended these memberships: what their workers asked for is done.

    :param filed: deactivations.
    :returns: the numbers of the memberships whose workers had asked, a set.
    """
    by_membership, wanted = {one.membership_id: one for one in filed}, set()
    for request in _open_requests(list(by_membership)):
        (DeactivationRequest.update(state=DONE, version=DeactivationRequest.version + 1,
                                    deactivation=by_membership[request.membership_id].id)
         .where(DeactivationRequest.id == request.id,
                DeactivationRequest.state << OPEN_REQUEST).execute())
        close([request.case_id], now)
        if request.asked_at:
            wanted.add(request.membership_id)
    return wanted


def end_disputes(undone, user, now):
    """A company took these back: what the worker objected to is granted, corrections are moot.

    :param undone: deactivations.
    :param user: who took them back.
    """
    objected = (Objection.update(state=GRANTED, decided_by=user, decided_at=now,
                                 version=Objection.version + 1)
                .where(Objection.deactivation << undone, Objection.state == ASKED)
                .returning(Objection.case))
    begun = (Objection.update(state=WITHDRAWN, version=Objection.version + 1)
             .where(Objection.deactivation << undone, Objection.state == DRAFT)
             .returning(Objection.case))
    cases = [row.case_id for row in (*objected.execute(), *begun.execute())]
    if cases:
        close(cases, now)
    end_corrections(undone, now)


def end_corrections(undone, now):
    """What companies asked the branch to take back is taken back."""
    ended = (Correction.update(state=UNDONE, version=Correction.version + 1)
             .where(Correction.deactivation << undone, Correction.state == REQUESTED)
             .returning(Correction.id))
    corrections = [row.id for row in ended.execute()]
    if corrections:
        close(Case.select(Case.id).where(Case.correction << corrections), now)


def _open_requests(memberships):
    if len(memberships) == 1:     # one filing must stay light
        return _open_request.rows(memberships[0])
    return list(DeactivationRequest.select().where(
        DeactivationRequest.membership << memberships,
        DeactivationRequest.state << OPEN_REQUEST))


@prepared
def _open_request(membership):
    return DeactivationRequest.select().where(DeactivationRequest.membership == membership,
                                              DeactivationRequest.state << OPEN_REQUEST)
