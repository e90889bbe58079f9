"""Finding the act that waits for a code."""

from webapp.challenges.send_limits import RESEND_AFTER
from webapp.models.accounts import Challenge
from webapp.models.messages import FAILED, Message
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


def waiting_challenge(user, purpose, now):
    """The newest act of this purpose that somebody is in the middle of, or None."""
    return (Challenge.select()
            .where(Challenge.user == user, Challenge.purpose == purpose,
                   Challenge.used_at.is_null(), Challenge.expires_at > now)
            .order_by(Challenge.id.desc()).first())


def begun_just_now(person, purpose, now):
    """The unfinished acts of this purpose that were begun for a person less than a minute ago, the
    newest first: among them may be the one that a form sent twice asks for again."""
    return list(Challenge.select()
                .where(Challenge.person == person, Challenge.purpose == purpose,
                       Challenge.used_at.is_null(), Challenge.expires_at > now,
                       Challenge.created_at > now - RESEND_AFTER)
                .order_by(Challenge.id.desc()))


# Why an act has no code that could be right.
NEVER_SENT, WITHDRAWN, GUESSED_AWAY, EXPIRED = "never sent", "withdrawn", "guessed away", "expired"


def why_no_code(challenge, now):
    """Why there is no code that is still good, as the row is now; None where there is one."""
    row = (Challenge.select(Challenge.mac, Challenge.guesses_left, Challenge.code_expires_at)
           .where(Challenge.id == challenge.id).first())
    if not row or row.code_expires_at is None:
        return NEVER_SENT
    if not row.mac:     # what the act will do is not what it was
        return WITHDRAWN
    if row.guesses_left <= 0:
        return GUESSED_AWAY
    return EXPIRED if row.code_expires_at <= now else None


def has_live_code(challenge, now):
    """Whether a code that was sent for it is still good, as the row is now."""
    return why_no_code(challenge, now) is None


def is_code_lost(challenge):
    """Whether the message with its newest code was refused for good."""
    newest = (Message.select(Message.state).where(Message.about == challenge.public_id)
              .order_by(Message.id.desc()).limit(1).scalar())
    return newest == FAILED
