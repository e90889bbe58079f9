"""Money was granted on a report: it is not taken back any more (rules §1).

Whoever takes a report back holds its row first, in a statement of its own: an approval holds the
same row, so that one waits for the other and then sees what it did. (On PostgreSQL the condition
alone would look at the claims as they were before the wait.)
"""

from peewee import fn

from webapp.models.claims import GRANTED, Claim
from webapp.models.deactivations import Deactivation


class Claimed(Exception):
    """A claim that rests on this report is approved: it stays."""


def hold(deactivations, states):
    """Hold the rows of reports until the transaction ends.

    :param deactivations: their numbers, a list.
    :param states: in which they can be taken back.
    :returns: the numbers of those in one of these states, a set.
    """
    held = (Deactivation.update(version=Deactivation.version)
            .where(Deactivation.id << deactivations, Deactivation.state << states)
            .returning(Deactivation.id).tuples().execute())
    return {number for (number,) in held}


def hold_unclaimed(deactivation, states):
    """The same for one report that is to be taken back.

    :param deactivation: its number.
    :raises Claimed: a claim that rests on it is approved.
    """
    if hold([deactivation], states) and is_claimed(deactivation):
        raise Claimed


def is_claimed(deactivation):
    """Whether a claim that rests on a report is approved."""
    return _granted().where(Claim.deactivation == deactivation).exists()


def has_no_granted_claim():
    """The condition that no claim that rests on a report is approved."""
    return ~fn.EXISTS(_granted().where(Claim.deactivation == Deactivation.id))


def _granted():
    return Claim.select(Claim.id).where(Claim.state << GRANTED)
