"""Which way a wave can go (rules §5), and the one guarded statement that moves it."""

from webapp.cases.service import CaseChanged
from webapp.claims.states import AlreadyDone
from webapp.db import is_sqlite
from webapp.models.programmes import ANNOUNCED, CLOSED, DRAWING, OPEN, OVER, SCHEDULED, Wave

__all__ = ["AlreadyDone", "CaseChanged", "change", "held", "move"]

MOVES = {SCHEDULED: (OPEN,), OPEN: (CLOSED,), CLOSED: (DRAWING,), DRAWING: (ANNOUNCED,),
         ANNOUNCED: (OVER,), OVER: ()}


def move(wave, version, state, **changes):
    """Move a wave on, inside the act's write transaction.

    :param version: of the wave, as the page showed it.
    :raises AlreadyDone: it was moved there just so.
    :raises CaseChanged: it stands elsewhere by now, or the move is not one of the rules'.
    """
    may_come_from = [before for before, after in MOVES.items() if state in after]
    moved = (Wave.update(state=state, version=Wave.version + 1, **changes)
             .where(Wave.id == wave.id, Wave.version == version, Wave.state << may_come_from)
             .execute())
    if moved:
        return
    fresh = Wave.get_by_id(wave.id)
    if (fresh.state, fresh.version) == (state, version + 1):
        raise AlreadyDone
    raise CaseChanged


def change(wave, version, **changes):
    """Change what a wave says where it stands; guarded and counted like ``move``."""
    changed = (Wave.update(version=Wave.version + 1, **changes)
               .where(Wave.id == wave.id, Wave.version == version, Wave.state == wave.state)
               .execute())
    if changed:
        return
    fresh = Wave.get_by_id(wave.id)
    if fresh.version == version + 1 and all(getattr(fresh, name) == value
                                            for name, value in changes.items()):
        raise AlreadyDone
    raise CaseChanged


def held(wave):
    """The ``Wave`` as it is now, and so until the write transaction ends: it is not closed or
    drawn meanwhile. Any number of people may join it at the same time.

    :param wave: its number.
    """
    rows = Wave.select().where(Wave.id == wave)
    return (rows if is_sqlite() else rows.for_update("FOR SHARE")).get()
