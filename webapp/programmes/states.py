"""Which way a wave can go (rules §5), and the moves of any wave."""

from webapp.cases.moves import AlreadyDone, move_on
from webapp.cases.service import CaseChanged
from webapp.db import is_sqlite
from webapp.models.programmes import ANNOUNCED, CLOSED, DRAWING, OPEN, OVER, SCHEDULED, Wave

MOVES = {SCHEDULED: (OPEN,), OPEN: (CLOSED,), CLOSED: (DRAWING,), DRAWING: (ANNOUNCED,),
         ANNOUNCED: (OVER,), OVER: ()}


def move(wave, version, state, **changes):
    """Move a wave on; see ``cases.moves.move_on``."""
    move_on(wave, MOVES, version, state, **changes)


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
