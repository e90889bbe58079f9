"""Which way a switch can go (rules §3), and the moves of any switch."""

from webapp.cases.moves import change_in_place, move_on
from webapp.models.switches import (
    APPROVED,
    AWAITING_PAYMENT,
    DONE,
    DRAFT,
    REFUSED,
    RETURNED,
    REVIEWED,
    SUBMITTED,
    WITHDRAWN,
    Switch,
)

MOVES = {
    DRAFT: (SUBMITTED, WITHDRAWN),
    SUBMITTED: (REVIEWED, REFUSED, WITHDRAWN),     # refused where the branch lets nobody leave
    REVIEWED: (RETURNED, APPROVED, REFUSED, WITHDRAWN),
    RETURNED: (REVIEWED, WITHDRAWN),
    APPROVED: (AWAITING_PAYMENT,),
    AWAITING_PAYMENT: (DONE, WITHDRAWN),
    DONE: (), REFUSED: (), WITHDRAWN: (),
}
# The worker can take it back: until the first contribution is paid.
TAKEN_BACK_FROM = (DRAFT, SUBMITTED, REVIEWED, RETURNED, AWAITING_PAYMENT)


def move(switch, version, state, **changes):
    """Move a switch on; see ``cases.moves.move_on``."""
    move_on(switch, MOVES, version, state, **changes)


def change(switch, version, **changes):
    """Change what a switch says where it stands; see ``cases.moves.change_in_place``."""
    change_in_place(switch, version, **changes)


def held(switch):
    """The switch's row as it is now, held until the transaction ends."""
    Switch.update(version=Switch.version).where(Switch.id == switch.id).execute()
    return Switch.get_by_id(switch.id)
