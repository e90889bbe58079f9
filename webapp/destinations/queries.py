"""Finding destinations: what is linked, what is on its way, who else has the same."""

from peewee import JOIN, fn

from webapp.models.cases import Case
from webapp.models.claims import (
    BY_HEIRS,
    IN_REVIEW,
    LINKED,
    OPEN_CLAIM,
    WAITING_FOR_CODE,
    Claim,
    Destination,
)
from webapp.models.people import User
from webapp.models.workers import Worker
from webapp.prepared import prepared

COMING = (WAITING_FOR_CODE, IN_REVIEW)


def linked_of(user):
    """Where this person's payouts go, or None."""
    return _linked_of.one(user)


def coming_of(user):
    """What the person has begun to link, with its case if it has one; or None."""
    return _coming_of.one(user)


def own_destination(user, public_id):
    """A destination, if it is this person's: a stranger's is missing."""
    return _with_case().where(Destination.public_id == public_id, Destination.user == user).first()


def newest_ended(user):
    """The newest that came to its end, if nothing came after it: linked, or on its way."""
    newest = (_with_case().where(Destination.user == user)
              .order_by(Destination.id.desc()).first())
    return newest if newest and newest.ended_at else None


def is_change(user, destination):
    """Whether payouts went elsewhere until now: another one was linked ever, or what was sent is to
    be paid to another, also where an account that is closed since asked for it."""
    before = (Destination.select()
              .where(Destination.user == user, Destination.linked_at.is_null(False),
                     Destination.id != destination.id))
    return before.exists() or has_claims_elsewhere(user, destination)


def has_claims_elsewhere(user, destination):
    """Whether something that was sent and is not over is to be paid to another destination."""
    return (Claim.select().join(Worker)
            .where(Worker.user == user, Claim.kind != BY_HEIRS, Claim.state << OPEN_CLAIM,
                   Claim.destination != destination.id).exists())


def others_with(destination):
    """How many other people have linked the very same number, or are about to."""
    return (Destination.select(fn.COUNT(Destination.user.distinct()))
            .where(Destination.number_index == destination.number_index,
                   Destination.provider == destination.provider,
                   Destination.state << (LINKED, IN_REVIEW),
                   Destination.user != destination.user_id).scalar())


def destination_of_case(case):
    """What a case of the branch is about, with whose it is and who decided."""
    checker = User.alias()
    return (Destination.select(Destination, User, checker)
            .join(User).switch(Destination)
            .join(checker, JOIN.LEFT_OUTER, on=(Destination.checked_by == checker.id),
                  attr="checked_by")
            .where(Destination.case == case).first())


@prepared
def _linked_of(user):
    return Destination.select().where(Destination.user == user, Destination.state == LINKED)


@prepared
def _coming_of(user):
    return _with_case().where(Destination.user == user, Destination.state << COMING)


def _with_case():
    return Destination.select(Destination, Case).join(Case, JOIN.LEFT_OUTER)
