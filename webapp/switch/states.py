"""Which way a switch can go (rules §3), and the one guarded statement that moves it."""

from webapp.cases.service import CaseChanged
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


class AlreadyDone(Exception):
    """This step was done before, by the same press: its result stands."""


def move(switch, version, state, **changes):
    """Move a switch on, inside the act's write transaction.

    :param switch: as it was read.
    :param version: of the switch, as the page showed it.
    :raises AlreadyDone: it was moved there just so.
    :raises CaseChanged: it stands elsewhere by now, or the move is not one of the rules'.
    """
    may_come_from = [before for before, after in MOVES.items() if state in after]
    moved = (Switch.update(state=state, version=Switch.version + 1, **changes)
             .where(Switch.id == switch.id, Switch.version == version,
                    Switch.state << may_come_from).execute())
    if moved:
        return
    fresh = Switch.get_by_id(switch.id)
    if (fresh.state, fresh.version) == (state, version + 1):
        raise AlreadyDone
    raise CaseChanged


def change(switch, version, **changes):
    """Change what a switch says where it stands; guarded and counted like ``move``."""
    changed = (Switch.update(version=Switch.version + 1, **changes)
               .where(Switch.id == switch.id, Switch.version == version,
                      Switch.state == switch.state).execute())
    if not changed:
        raise CaseChanged


def held(switch):
    """The switch's row as it is now, held until the transaction ends."""
    Switch.update(version=Switch.version).where(Switch.id == switch.id).execute()
    return Switch.get_by_id(switch.id)
