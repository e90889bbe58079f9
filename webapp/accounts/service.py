"""Accounts of those who sign in."""

from webapp import audit, passwords, sessions
from webapp.accounts.contacts import owner_of
from webapp.audit import Event
from webapp.challenges import service as challenges
from webapp.db import write_transaction
from webapp.formats import one_line
from webapp.models.accounts import Passkey
from webapp.models.messages import EMAIL
from webapp.models.people import User


class AlreadyThere(Exception):
    """Somebody signs in with this e-mail address."""


def add_account(email, name, *, role, password, now, nik=None, branch=None):
    """Add somebody who can sign in. Returns the ``User``.

    The password is hashed outside the transaction.

    :param nik: 16 digits; staff have one, so that nobody decides on their own account as a worker.
    :param branch: whose staff this is; None for others.
    :param email: as ``formats.parse_email`` gives it.
    :raises AlreadyThere: when the address is taken.
    """
    user = User(role=role, name=one_line(name), created_at=now, branch=branch,
                password_hash=passwords.hash_password(password))
    user.email, user.nik = email, nik
    with write_transaction():
        if owner_of(EMAIL, email):
            raise AlreadyThere(email)
        user.save(force_insert=True)
        audit.record(Event.ACCOUNT_ADDED, chain=audit.ACCOUNTS, actor=None,
                     subject=user.public_id, now=now, role=role)
    return user


def end_all_access(user, now):
    """Whoever is in the account or on the way in is out: every session ends, every code that was
    asked for is dead, every device is asked for one again, and no passkey opens it any more: a
    thief may have made one.

    Inside the transaction of the act, which has locked the user.

    :returns: how many ``sessions`` and ``passkeys`` that were, a dict.
    """
    ended = sessions.end_all(user, now)
    challenges.end_all(user, now)
    sessions.forget_devices(user)
    passkeys = Passkey.delete().where(Passkey.user == user).execute()
    return {"sessions": ended, "passkeys": passkeys}
