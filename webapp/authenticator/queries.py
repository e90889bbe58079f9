"""Questions about authenticators and recovery codes."""

from webapp.models.accounts import Authenticator, RecoveryCode


def authenticator_of(user):
    """A person's authenticator, if its first code came back; or None."""
    return (Authenticator.select()
            .where(Authenticator.user == user, Authenticator.confirmed_at.is_null(False)).first())


def has_authenticator(user):
    """Whether a person's authenticator app is set up."""
    return (Authenticator.select()
            .where(Authenticator.user == user, Authenticator.confirmed_at.is_null(False)).exists())


def codes_left(user):
    """How many recovery codes a person has not used yet."""
    return (RecoveryCode.select()
            .where(RecoveryCode.user == user, RecoveryCode.used_at.is_null()).count())
