"""Finding destinations: what is linked, what is on its way, who else has the same."""

from peewee import JOIN, fn

from webapp.models.cases import Case
from webapp.models.claims import IN_REVIEW, LINKED, WAITING_FOR_CODE, Destination
from webapp.models.people import User

COMING = (WAITING_FOR_CODE, IN_REVIEW)


def linked_of(user):
    """Where this person's payouts go, or None."""
    return Destination.get_or_none(Destination.user == user, Destination.state == LINKED)


def coming_of(user):
    """What the person has begun to link, with its case if it has one; or None."""
    return _with_case().where(Destination.user == user, Destination.state << COMING).first()


def own_destination(user, public_id):
    """A destination, if it is this person's: a stranger's is missing."""
    return _with_case().where(Destination.public_id == public_id, Destination.user == user).first()


def newest_ended(user):
    """The newest that came to its end, if nothing came after it: linked, or on its way."""
    newest = (_with_case().where(Destination.user == user)
              .order_by(Destination.id.desc()).first())
    return newest if newest and newest.ended_at else None


def had_one_before(user, destination):
    """Whether another one was linked ever: then this one is a change."""
    return (Destination.select()
            .where(Destination.user == user, Destination.linked_at.is_null(False),
                   Destination.id != destination.id).exists())


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


def _with_case():
    return Destination.select(Destination, Case).join(Case, JOIN.LEFT_OUTER)
