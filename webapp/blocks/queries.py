"""Finding blocks, with everybody who had to do with them."""

from peewee import JOIN, fn

from webapp.audit import Event
from webapp.cases.own import accounts_of
from webapp.models.audit import AuditEntry
from webapp.models.blocks import DROPPED, ENDED, IN_FORCE, OPEN_BLOCK, PROPOSED, Block
from webapp.models.branches import HEAD_OFFICE
from webapp.models.people import ACTIVE, MANAGER, User
from webapp.prepared import prepared

PAGE = 25
TO_DO, STANDING, OVER = "perlu", "berlaku", "selesai"
SHOWN = {TO_DO: "Perlu ditindak", STANDING: "Berlaku", OVER: "Selesai"}
# By which somebody answers for it; who ended it does not.
ITS_ACTS = (Event.BLOCK_PROPOSED, Event.BLOCK_CONFIRMED, Event.BLOCK_REVIEWED,
            Event.BLOCK_LONGER_ASKED, Event.BLOCK_LONGER_REFUSED, Event.BLOCK_EXTENDED)


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
    None, also where it is of the officer's own account. The head office finds those that lack a
    second manager too, and what it was the second for."""
    return _at(officer).where(Block.public_id == public_id).first()


def parties_to(block):
    """The numbers of all who had a part in a block being there, a set. Its row has only the last
    who reviewed it or asked for more time; the trail has everybody."""
    acts = (AuditEntry.select(AuditEntry.actor)
            .where(AuditEntry.subject << [block.public_id, block.user.public_id],
                   AuditEntry.kind << [str(act) for act in ITS_ACTS],
                   AuditEntry.details.contains(block.public_id.hex)))
    people = User.select(User.id).where(User.public_id << acts)
    return {number for (number,) in people.tuples()} | {
        block.proposed_by_id, block.confirmed_by_id, block.reviewed_by_id,
        block.longer_by_id} - {None}


def blocks_page(officer, shown, today, before=None):
    """(up to ``PAGE`` blocks that ``block_at`` finds, the newest first; whether more follow).

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
    """How many blocks wait today for a manager of the officer's branch, or of the head office."""
    own = _count_to_do.one(officer.branch_id, today).__data__["rows"]
    if officer.branch_id != HEAD_OFFICE:
        return own
    return own + _count_without_second.one(officer.id, today).__data__["rows"]


def needs_review(block, today):
    """Whether somebody shall look at it again today."""
    return block.state == IN_FORCE and not block.longer_until and block.review_on <= today


@prepared
def _count_to_do(branch, today):
    return (Block.select(fn.COUNT(Block.id).alias("rows"))
            .join(User, on=(Block.proposed_by == User.id))
            .where(User.branch == branch, _needs_somebody(today)))


@prepared
def _count_without_second(officer, today):
    return (Block.select(fn.COUNT(Block.id).alias("rows"))
            .join(User, on=(Block.proposed_by == User.id))
            .where(User.branch != HEAD_OFFICE, Block.user != officer, _needs_somebody(today),
                   _lacks_second(User) | _was_second(officer)))


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
    proposer = names["proposed_by"]
    is_theirs = proposer.branch == officer.branch_id
    if officer.branch_id == HEAD_OFFICE:
        is_theirs |= _lacks_second(proposer) | _was_second(officer)
    return rows.where(is_theirs, Block.user.not_in(list(accounts_of(None, officer))))


def _lacks_second(proposer):
    """The condition that a block waits for a second manager and its branch has none.

    :param proposer: the table with who proposed it.
    """
    def has_none_but(first):
        other = User.alias()
        return ~fn.EXISTS(other.select(other.id).where(
            other.branch == proposer.branch, other.role == MANAGER, other.state == ACTIVE,
            other.id != first, other.id != Block.user))

    return (((Block.state == PROPOSED) & has_none_but(Block.proposed_by))
            | ((Block.state == IN_FORCE) & Block.longer_until.is_null(False)
               & has_none_but(Block.longer_by)))


def _was_second(officer):
    """The condition that an officer of the head office decided: what came of it stays in sight."""
    return ((Block.confirmed_by == officer) | (Block.reviewed_by == officer)
            | (Block.ended_by == officer))
