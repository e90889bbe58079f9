"""Finding the act that waits for a code."""

from webapp.models.accounts import Challenge
from webapp.models.people import User
from webapp.prepared import prepared


@prepared
def challenge_with(public_id, purpose):
    """A challenge of this purpose, with its user if it has one."""
    return (Challenge.select(Challenge, User).left_outer_join(User)
            .where(Challenge.public_id == public_id, Challenge.purpose == purpose))


@prepared
def own_challenge(user, public_id, purpose):
    """The same, if it is this user's: a stranger's is missing."""
    return (Challenge.select(Challenge, User).join(User)
            .where(Challenge.public_id == public_id, Challenge.purpose == purpose,
                   Challenge.user == user))
