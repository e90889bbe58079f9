"""Proposing, confirming and reviewing blocks. Each is one transaction with its message and its
audit entry; the user is locked first, then the block.

Ending one by itself or as part of something else: ``ending``.
"""

from webapp import audit, sessions
from webapp.accounts.locking import locked
from webapp.assistance.service import hold_for_block
from webapp.audit import Event
from webapp.blocks import ending, messages, rights
from webapp.blocks.queries import open_block_of
from webapp.blocks.rights import NotYours
from webapp.blocks.states import AlreadyDone, BlockChanged, change, move
from webapp.challenges import service as challenges
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.messages import outbox
from webapp.models.blocks import DROPPED, IN_FORCE, PROPOSED, Block
from webapp.models.people import BLOCKED, MAY_SIGN_IN, User
from webapp.receipts.signing import show_number

LIMITS = ("block.longest_days", "block.review_days")


class NotBlockable(Exception):
    """The account is closed, or blocked already."""


class AlreadyProposed(Exception):
    """Somebody else proposed to block it, with other words: ``block``."""

    def __init__(self, block):
        super().__init__(block)
        self.block = block


class TooLate(Exception):
    """The last day that was proposed is past."""


def propose(user, officer, *, reason, note, review_on, until, rules, now):
    """Propose to block an account. Proposing the same twice is the same proposal.

    :param reason: a code of ``words.REASONS``.
    :param note: what happened, for the managers.
    :param review_on: when somebody looks at it again; :param until: its last day.
    :param rules: the parameters in force.
    :returns: the ``Block``.
    :raises NotYours: no manager, or their own account.
    :raises NotBlockable: :raises AlreadyProposed: as they say.
    """
    if not rights.may_block(officer) or rights.is_one_of(officer, [user.id]):
        raise NotYours
    block = Block(user=user, reason=reason, review_on=review_on, until=until,
                  proposed_by=officer, proposed_at=now)
    block.note = note
    with write_transaction():
        fresh, before = locked(user.id), open_block_of(user)
        if before and before.state == PROPOSED:
            if _says(before) == _says(block):
                return before
            raise AlreadyProposed(before)
        if fresh.state not in MAY_SIGN_IN:
            raise NotBlockable
        block.save(force_insert=True)
        _record(Event.BLOCK_PROPOSED, block, block.public_id, officer, now, until=until.isoformat(),
                review_on=review_on.isoformat(), rules={name: rules[name] for name in LIMITS})
    return block


def confirm(block, officer, *, version, now):
    """Block the account: every session ends and every code that was asked for is dead.

    :param version: of the block, as the page showed it.
    :raises NotYours: this manager may not be the second.
    :raises TooLate: its last day is past by now.
    :raises NotBlockable: the account was closed meanwhile.
    :raises BlockChanged: somebody else confirmed or dropped it.
    :raises AlreadyDone: this very press did.
    """
    with write_transaction():
        user = locked(block.user_id)
        if block.state == PROPOSED and not rights.may_confirm(block, officer):
            raise NotYours
        if block.until < day_of(now):
            raise TooLate
        move(block, version, IN_FORCE, officer, confirmed_at=now, state_before=user.state)
        if user.state not in MAY_SIGN_IN:
            raise NotBlockable
        User.update(state=BLOCKED).where(User.id == user.id).execute()
        ended = sessions.end_all(user, now)
        challenges.end_all(user, now)
        waiting = hold_for_block(user, now)
        outbox.tell(user=user, kind="account:blocked", about=block.public_id, now=now,
                    **messages.confirmed(block))
        _record(Event.BLOCK_CONFIRMED, block, user.public_id, officer, now, sessions=ended,
                until=block.until.isoformat(),
                **({"assistance": [show_number(one) for one in waiting]} if waiting else {}))


def drop(block, officer, why, *, version, now):
    """Do not block the account after all. Raises as ``confirm`` does."""
    if block.state == PROPOSED and not rights.may_drop(block, officer):
        raise NotYours
    block.ending = why
    with write_transaction():
        locked(block.user_id)
        move(block, version, DROPPED, officer, ended_at=now, ending_sealed=block.ending_sealed)
        _record(Event.BLOCK_DROPPED, block, block.public_id, officer, now)


def review(block, officer, *, version, review_on, until, now):
    """Keep a block, or let it end sooner.

    :param until: its last day, not after the one it has.
    :raises NotYours: :raises BlockChanged: :raises AlreadyDone: as they say.
    """
    _refuse_unless(rights.may_review, block, officer)
    with write_transaction():
        user = locked(block.user_id)
        if until > block.until:
            raise BlockChanged
        change(block, version, review_on=review_on, until=until, reviewed_by=officer,
               reviewed_at=now)
        if until != block.until:
            _tell(user, block, until, now)
        _record(Event.BLOCK_REVIEWED, block, user.public_id, officer, now, until=until.isoformat(),
                review_on=review_on.isoformat())


def ask_longer(block, officer, why, *, version, review_on, until, rules, now):
    """Propose that a block lasts longer: another manager decides. Raises as ``review`` does."""
    _refuse_unless(rights.may_review, block, officer)
    block.longer = why
    with write_transaction():
        locked(block.user_id)
        change(block, version, longer_until=until, longer_review_on=review_on, longer_by=officer,
               longer_at=now, longer_sealed=block.longer_sealed)
        _record(Event.BLOCK_LONGER_ASKED, block, block.public_id, officer, now,
                until=until.isoformat(), rules={name: rules[name] for name in LIMITS})


def lengthen(block, officer, *, version, now):
    """Agree that a block lasts longer. Raises as ``review`` does; never whoever asked for it."""
    if not block.longer_until:     # answered since
        is_mine = (block.version, block.reviewed_by_id) == (version + 1, officer.id)
        raise AlreadyDone if is_mine and block.longer_at else BlockChanged
    _refuse_unless(rights.may_lengthen, block, officer)
    with write_transaction():
        user = locked(block.user_id)
        change(block, version, until=block.longer_until, review_on=block.longer_review_on,
               reviewed_by=officer, reviewed_at=now, longer_until=None, longer_review_on=None)
        _tell(user, block, block.longer_until, now)
        _record(Event.BLOCK_EXTENDED, block, user.public_id, officer, now,
                until=block.longer_until.isoformat())


def refuse_longer(block, officer, *, version, now):
    """Let a block end on the day it has: by any manager, whoever asked for more. Raises as
    ``review`` does."""
    _refuse_unless(rights.may_review, block, officer)
    with write_transaction():
        locked(block.user_id)
        change(block, version, longer_until=None, longer_review_on=None, longer_at=None,
               longer_sealed=None, reviewed_by=officer, reviewed_at=now)
        _record(Event.BLOCK_LONGER_REFUSED, block, block.public_id, officer, now)


def end(block, officer, why, *, version, now):
    """End a block before its day: the account is what it was. Raises as ``review`` does."""
    _refuse_unless(rights.may_review, block, officer)
    with write_transaction():
        user = locked(block.user_id)
        closes_at = ending.take_back(block, version, user, now, by=officer, why=why)
        ending.tell_ended(user, closes_at, now)
        ending.record_ended(block, user, now, by=officer)


def _refuse_unless(may, block, officer):
    """Raise ``NotYours`` for a block in force that is not this manager's business; what stands
    elsewhere is for the guarded statement to say."""
    if block.state == IN_FORCE and not may(block, officer):
        raise NotYours


def _tell(user, block, until, now):
    outbox.tell(user=user, kind="account:block changed", about=block.public_id, now=now,
                **messages.rescheduled(until))


def _says(block):
    return (block.proposed_by_id, block.reason, block.note, block.review_on, block.until)


def _record(event, block, subject, actor, now, **details):
    audit.record(event, chain=audit.ACCOUNTS, actor=actor, subject=subject, now=now,
                 block=block.public_id.hex, reason=block.reason, **details)


__all__ = ["AlreadyDone", "AlreadyProposed", "BlockChanged", "NotBlockable", "NotYours", "TooLate",
           "ask_longer", "confirm", "drop", "end", "lengthen", "propose", "refuse_longer", "review"]
