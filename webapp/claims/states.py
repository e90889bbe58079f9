"""Which way a claim can go (rules §2), and the moves of any claim."""

from webapp.cases.moves import change_in_place, move_on
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


def move(claim, version, state, **changes):
    """Move a claim on; see ``cases.moves.move_on``."""
    move_on(claim, MOVES, version, state, **changes)


def change(claim, version, **changes):
    """Change what a claim says where it stands; see ``cases.moves.change_in_place``."""
    change_in_place(claim, version, **changes)
