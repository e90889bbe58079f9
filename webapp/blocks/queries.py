"""Finding blocks, with everybody who had to do with them."""

from peewee import JOIN, fn

from webapp.cases.own import accounts_of
from webapp.models.blocks import DROPPED, ENDED, IN_FORCE, OPEN_BLOCK, PROPOSED, Block
from webapp.models.people import User
from webapp.prepared import prepared

PAGE = 25
TO_DO, STANDING, OVER = "perlu", "berlaku", "selesai"
SHOWN = {TO_DO: "Perlu ditindak", STANDING: "Berlaku", OVER: "Selesai"}


@prepared
def block_in_force(user):
    """The block that holds for an account, or None."""
    return Block.select().where(Block.user == user, Block.state == IN_FORCE)


def open_block_of(user):
    """The account's block that is proposed or in force, or None."""
    return Block.get_or_none(Block.user == user, Block.state << OPEN_BLOCK)


def blocks_of(user):
    """Every block of an account that came into force, the oldest first."""
    return (Block.select().where(Block.user == user, Block.confirmed_at.is_null(False))
            .order_by(Block.id))


def blocks_about(user):
    """All blocks of an account, proposals too, the newest first: for managers."""
    return Block.select().where(Block.user == user).order_by(Block.id.desc())


def blocks_over(today):
    """The numbers of the blocks in force whose last day is past."""
    return (Block.select(Block.id).where(Block.state == IN_FORCE, Block.until < today)
            .order_by(Block.until, Block.id).tuples())


def block_at(officer, public_id):
    """The block with this id that managers of the officer's branch proposed, with everybody; or
    None, also where it is of the officer's own account."""
    return _at(officer).where(Block.public_id == public_id).first()


def blocks_page(officer, shown, today, before=None):
    """(up to ``PAGE`` blocks of the officer's branch, the newest first; whether more follow).

    :param shown: a key of ``SHOWN``.
    :param before: the number of the last row of the page before, or None.
    """
    states = {TO_DO: _needs_somebody(today), STANDING: Block.state == IN_FORCE,
              OVER: Block.state << (ENDED, DROPPED)}
    rows = _at(officer).where(states[shown]).order_by(Block.id.desc())
    if before:
        rows = rows.where(Block.id < before)
    rows = list(rows.limit(PAGE + 1))
    return rows[:PAGE], len(rows) > PAGE


def count_to_do(officer, today):
    """How many blocks wait for a manager of the officer's branch today."""
    return _count_to_do.one(officer.branch_id, today).__data__["rows"]


def needs_review(block, today):
    """Whether somebody shall look at it again today."""
    return block.state == IN_FORCE and not block.longer_until and block.review_on <= today


@prepared
def _count_to_do(branch, today):
    return (Block.select(fn.COUNT(Block.id).alias("rows"))
            .join(User, on=(Block.proposed_by == User.id))
            .where(User.branch == branch, _needs_somebody(today)))


def _needs_somebody(today):
    return (Block.state == PROPOSED) | ((Block.state == IN_FORCE) & (
        Block.longer_until.is_null(False) | (Block.review_on <= today)))


def _at(officer):
    person, names = User.alias(), {
        name: User.alias() for name in ("proposed_by", "confirmed_by", "reviewed_by", "ended_by",
                                        "longer_by")}
    rows = (Block.select(Block, person, *names.values())
            .join(person, on=(Block.user == person.id), attr="user"))
    for name, alias in names.items():
        rows = rows.switch(Block).join(alias, JOIN.LEFT_OUTER,
                                       on=(getattr(Block, name) == alias.id), attr=name)
    return rows.where(names["proposed_by"].branch == officer.branch_id,
                      Block.user.not_in(list(accounts_of(None, officer))))
