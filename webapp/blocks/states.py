"""Which way a block can go, and the one guarded statement that moves it."""

from webapp.models.blocks import DROPPED, ENDED, IN_FORCE, PROPOSED, Block

MOVES = {PROPOSED: (IN_FORCE, DROPPED), IN_FORCE: (ENDED,), ENDED: (), DROPPED: ()}
# Who brought it there.
_BY = {IN_FORCE: "confirmed_by", DROPPED: "ended_by", ENDED: "ended_by"}


class AlreadyDone(Exception):
    """This step was done before, by the same press: its result stands."""


class BlockChanged(Exception):
    """Somebody else was faster; nothing was changed now."""


def move(block, version, state, by, **changes):
    """Move a block on, inside the act's write transaction.

    :param version: of the block, as the page showed it.
    :param by: the ``User`` who does it, None where it ends by itself.
    :raises AlreadyDone: the same person moved it there just so.
    :raises BlockChanged: it stands elsewhere by now, or the move is not one of the rules'.
    """
    may_come_from = [before for before, after in MOVES.items() if state in after]
    moved = (Block.update(state=state, version=Block.version + 1, **{_BY[state]: by}, **changes)
             .where(Block.id == block.id, Block.version == version,
                    Block.state << may_come_from).execute())
    if moved:
        return
    fresh = Block.get_by_id(block.id)
    was_by = getattr(fresh, f"{_BY[state]}_id")
    if (fresh.state, fresh.version, was_by) == (state, version + 1, by and by.id):
        raise AlreadyDone
    raise BlockChanged


def change(block, version, **changes):
    """Change what holds of a block in force; guarded and counted like ``move``.

    :raises AlreadyDone: the very same was changed just so.
    :raises BlockChanged: somebody else was faster.
    """
    changed = (Block.update(version=Block.version + 1, **changes)
               .where(Block.id == block.id, Block.version == version, Block.state == IN_FORCE)
               .execute())
    if changed:
        return
    fresh = Block.get_by_id(block.id)
    is_same = all(getattr(fresh, name) == value for name, value in changes.items()
                  if not name.endswith(("_at", "_sealed")))
    if is_same and (fresh.state, fresh.version) == (IN_FORCE, version + 1):
        raise AlreadyDone
    raise BlockChanged
