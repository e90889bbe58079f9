"""Who of the staff may decide about a claim: never about oneself, never twice, never what one
registered for somebody (reliability AZ-13, MC-03)."""

from webapp.cases.own import SENIORS, is_own
from webapp.claims.words import awaits_second
from webapp.heirs.telling import heir_of
from webapp.models.claims import CHECKING, INTERVIEW
from webapp.models.people import User
from webapp.models.workers import Worker


class NotYours(Exception):
    """This member of staff may not decide about this claim."""


def may_take(claim, officer):
    """Whether a claim of the queue is for this officer, as far as its own row tells."""
    if officer.id in (claim.submitted_by_id, claim.approved_by_id):
        return False
    return not awaits_second(claim) or officer.role in SENIORS


def is_barred(claim, officer):
    """Whether an officer has a part in a claim: began or registered it, or is the heir who makes
    it; also by another account of the same person."""
    registered = claim.submitted_by
    if registered and registered.is_staff:
        # Who put it right last is who registered it: whoever began it has a part in it still.
        makers = {maker.id: maker for maker in (registered, claim.case.opened_by)}
        if any(is_own(None, officer, maker) for maker in makers.values()):
            return True
    return is_heir(claim, officer)


def is_heir(claim, officer):
    """Whether the officer is the heir who makes a claim."""
    heir = heir_of(claim)
    return bool(heir) and officer.id in _accounts_with(heir.nik)


def may_check(claim, officer):
    """Whether an officer may decide as the first: return it, ask for an interview, approve it."""
    return (claim.state == CHECKING and not awaits_second(claim)
            and not is_barred(claim, officer))


def may_meet(claim, officer):
    """Whether an officer may note that the person was met."""
    return claim.state == INTERVIEW and not is_barred(claim, officer)


def may_refuse(claim, officer):
    """Whether an officer may refuse it."""
    return may_check(claim, officer) or may_meet(claim, officer)


def may_confirm(claim, officer):
    """Whether an officer may be the second: a supervisor or manager, and not the first."""
    return (claim.state == CHECKING and awaits_second(claim) and officer.role in SENIORS
            and not is_barred(claim, officer) and not is_own(None, officer, claim.approved_by))


def _accounts_with(nik):
    theirs = (User.select(User.id).where(User.nik.matches(nik))
              | Worker.select(Worker.user).where(Worker.nik.matches(nik),
                                                 Worker.user.is_null(False)))
    return {number for (number,) in theirs.tuples()}
