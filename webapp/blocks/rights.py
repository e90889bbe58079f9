"""Which managers may do what about a block: never about themselves, never what they proposed
(reliability AZ-13)."""

from webapp.blocks.queries import parties_to
from webapp.cases.own import accounts_of
from webapp.models.blocks import IN_FORCE, PROPOSED
from webapp.models.people import MANAGER


class NotYours(Exception):
    """This member of staff may not do this."""


def may_block(officer):
    """Whether somebody may propose blocks and decide about them at all."""
    return officer.role == MANAGER


def is_one_of(officer, numbers):
    """Whether a member of staff is one of these users, also by another account of theirs."""
    return bool(accounts_of(None, officer) & set(numbers))


def may_confirm(block, officer):
    """Whether this manager may be the second."""
    return (block.state == PROPOSED and may_block(officer)
            and not is_one_of(officer, [block.user_id, block.proposed_by_id]))


def may_drop(block, officer):
    """Whether this manager may drop the proposal: also whoever made it."""
    return (block.state == PROPOSED and may_block(officer)
            and not is_one_of(officer, [block.user_id]))


def may_review(block, officer):
    """Whether this manager may keep, shorten or end it, or ask for more time."""
    return (block.state == IN_FORCE and may_block(officer)
            and not is_one_of(officer, [block.user_id]))


def may_lengthen(block, officer):
    """Whether this manager may be the second who agrees to more time."""
    return (may_review(block, officer) and bool(block.longer_until)
            and not is_one_of(officer, [block.longer_by_id]))


def is_uninvolved(block, officer):
    """Whether a member of staff had no part in a block, and it is not theirs."""
    return not is_one_of(officer, {block.user_id, *parties_to(block)})


def may_judge_complaint(block, officer):
    """Whether somebody may decide a complaint about a block: a manager who had no part in it."""
    return may_block(officer) and is_uninvolved(block, officer)
