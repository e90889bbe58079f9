"""Which places of a branch are taken."""

from peewee import fn

from webapp.models.claims import INTERVIEW, Claim, Interview


def taken_at(branch, now, without=None):
    """How many places are taken of each slot to come, a dict by slot. A claim that waits for no
    interview any more holds none.

    :param branch: its number.
    :param without: the claim whose own place does not count, or None.
    """
    rows = (Interview.select(Interview.starts_at, fn.COUNT(Interview.id)).join(Claim)
            .where(Interview.branch == branch, Interview.starts_at > now,
                   Claim.state == INTERVIEW, Claim.id != (without.id if without else 0))
            .group_by(Interview.starts_at).tuples())
    return dict(rows)


def places_at(branch, slot):
    """The numbers of the places of a slot that are taken, a set."""
    return {place for (place,) in Interview.select(Interview.place).where(
        Interview.branch == branch, Interview.starts_at == slot).tuples()}
