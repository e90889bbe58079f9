"""Which way a claim can go (rules §2), and the one guarded statement that moves it."""

from webapp.cases.service import CaseChanged
from webapp.models.claims import (
    APPROVED,
    CHECKING,
    DRAFT,
    FAILED,
    INTERVIEW,
    PAID,
    REFUSED,
    RETURNED,
    SUBMITTED,
    WITHDRAWN,
    Claim,
)

MOVES = {
    DRAFT: (SUBMITTED, WITHDRAWN),
    SUBMITTED: (CHECKING, WITHDRAWN),
    CHECKING: (RETURNED, INTERVIEW, APPROVED, REFUSED, WITHDRAWN),
    RETURNED: (CHECKING, WITHDRAWN),
    INTERVIEW: (CHECKING, REFUSED, WITHDRAWN),     # it was held, or is not needed any more
    APPROVED: (PAID, FAILED),
    FAILED: (APPROVED,),                           # with another destination
    PAID: (), REFUSED: (), WITHDRAWN: (),
}


class AlreadyDone(Exception):
    """This step was done before, by the same press: its result stands."""


def move(claim, version, state, **changes):
    """Move a claim on, inside the act's write transaction.

    :param claim: as it was read.
    :param version: of the claim, as the page showed it.
    :raises AlreadyDone: it was moved there just so.
    :raises CaseChanged: it stands elsewhere by now, or the move is not one of the rules'.
    """
    may_come_from = [before for before, after in MOVES.items() if state in after]
    moved = (Claim.update(state=state, version=Claim.version + 1, **changes)
             .where(Claim.id == claim.id, Claim.version == version,
                    Claim.state << may_come_from).execute())
    if moved:
        return
    fresh = Claim.get_by_id(claim.id)
    if (fresh.state, fresh.version) == (state, version + 1):
        raise AlreadyDone
    raise CaseChanged


def change(claim, version, **changes):
    """Change what a claim says where it stands; guarded and counted like ``move``."""
    changed = (Claim.update(version=Claim.version + 1, **changes)
               .where(Claim.id == claim.id, Claim.version == version,
                      Claim.state == claim.state).execute())
    if not changed:
        raise CaseChanged
