"""What changing a contact asks."""

from datetime import timedelta

from webapp.contacts.kinds import MAIL, PHONE
from webapp.models.accounts import Challenge
from webapp.models.people import User

# Rules §4: what was changed within 72 hours authorises nothing that cannot be taken back.
SETTLED_AFTER = timedelta(hours=72)


def waiting_challenge(user, purpose, now):
    """The newest act of this kind that still waits for its code, or None."""
    return (Challenge.select()
            .where(Challenge.user == user, Challenge.purpose == purpose,
                   Challenge.used_at.is_null(), Challenge.expires_at > now)
            .order_by(Challenge.id.desc()).first())


def other_owner_of(kind, value, user):
    """The ``User`` to whose account a contact belongs, if it is somebody else's; or None."""
    sealed = getattr(User, kind.field)
    return User.get_or_none(sealed.matches(value), User.id != user.id)


def settled_channels(user, now):
    """The proven ways to reach somebody that were not changed within 72 hours, the phone first:
    list of (channel, target)."""
    return [(kind.channel, kind.of(user)) for kind in (PHONE, MAIL)
            if kind.of(user) and _is_settled(getattr(user, f"{kind.field}_changed_at"), now)]


def _is_settled(changed_at, now):
    return changed_at is None or now - changed_at >= SETTLED_AFTER
