"""Questions about passkeys."""

from webapp.models.accounts import Passkey
from webapp.models.people import User


def passkeys_of(user):
    """A person's passkeys, the oldest first."""
    return list(Passkey.select().where(Passkey.user == user).order_by(Passkey.id))


def own_passkey(user, public_id):
    """One of this person's passkeys: a stranger's is missing."""
    return Passkey.get_or_none(Passkey.user == user, Passkey.public_id == public_id)


def has_passkey(user):
    """Whether a person has any."""
    return Passkey.select().where(Passkey.user == user).exists()


def passkey_with(credential):
    """The passkey with this credential id (base64url), with its user; or None."""
    return (Passkey.select(Passkey, User).join(User)
            .where(Passkey.credential == credential).first())
