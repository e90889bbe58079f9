"""Ending a block: the account is again what it was before.

``take_back`` and ``tell_ended`` are parts of larger acts: inside their transaction, which has
locked the user; what else is taken is taken between the two.
"""

from webapp import audit, sessions
from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.blocks import messages
from webapp.blocks.queries import block_in_force, blocks_over
from webapp.blocks.states import AlreadyDone, BlockChanged, move
from webapp.clock import day_of
from webapp.closure.postponing import postpone
from webapp.db import write_transaction
from webapp.messages import outbox
from webapp.models.blocks import ENDED, Block
from webapp.models.people import BLOCKED, CLOSING, User


def take_back(block, version, user, now, *, by, why=None):
    """End a block in force. Sessions that led to the reason alone end: signing in anew opens what
    it opened before.

    :param by: the manager, or None where it ends by itself.
    :param why: in plain words, for the record; or None.
    :returns: when a closure that was asked for before is due now, or None.
    :raises AlreadyDone: and :raises BlockChanged: as ``states.move`` does.
    """
    block.ending = why
    move(block, version, ENDED, by, ended_at=now, ending_sealed=block.ending_sealed)
    (User.update(state=block.state_before)
     .where(User.id == user.id, User.state == BLOCKED).execute())
    sessions.end_all(user, now)
    if block.state_before != CLOSING:
        return None
    return postpone(user, now - block.confirmed_at)     # nobody could cancel it meanwhile


def tell_ended(user, closes_at, now):
    """Tell the person."""
    outbox.tell(user=user, kind="account:block ended", about=None, now=now,
                **messages.ended(closes_at))


def record_ended(block, user, now, *, by, **details):
    """Put it on record, last of all."""
    audit.record(Event.BLOCK_ENDED, chain=audit.ACCOUNTS, actor=by, subject=user.public_id, now=now,
                 block=block.public_id.hex, reason=block.reason, **details)


def end_if_over(user, now):
    """Whoever signs in after the block's last day finds the account open, whether or not a process
    has ended it by then.

    :param user: as it was read.
    """
    if user.state != BLOCKED:
        return
    block = block_in_force.one(user)
    if block and is_over(block, now):
        _end_over(block.id, now)


def is_over(block, now):
    """Whether its last day in Jakarta is past."""
    return block.until < day_of(now)


def end_over(now):
    """End every block whose last day is past. Runs by itself; each is its own transaction.

    :returns: how many were ended.
    """
    return sum(_end_over(number, now) for (number,) in list(blocks_over(day_of(now))))


def _end_over(number, now):
    with write_transaction():
        block = Block.get_by_id(number)
        user = locked(block.user_id)
        block = Block.get_by_id(number)     # as it is now that the user is locked
        if not is_over(block, now):
            return 0
        try:
            closes_at = take_back(block, block.version, user, now, by=None)
        except (AlreadyDone, BlockChanged):
            return 0
        tell_ended(user, closes_at, now)
        record_ended(block, user, now, by=None, until=block.until.isoformat())
    return 1
