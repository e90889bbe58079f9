"""Questions about work letters."""

from peewee import JOIN

from webapp.models.deactivations import WorkLetter
from webapp.models.people import User
from webapp.prepared import prepared


@prepared
def letter_of(deactivation):
    """The letter that a deactivation produced, if any, with who approved it."""
    return (WorkLetter.select(WorkLetter, User.id, User.name)
            .join(User, JOIN.LEFT_OUTER, on=WorkLetter.approved_by)
            .where(WorkLetter.deactivation == deactivation))
