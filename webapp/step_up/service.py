"""Proving to be the one again, inside a session: its id changes, its proof is fresh."""

from webapp import audit, passwords, rate_limit
from webapp.audit import Event
from webapp.authenticator.service import WrongCode, use_step
from webapp.db import write_transaction
from webapp.profile.browsers import in_words
from webapp.rate_limit import IN_SESSION
from webapp.renewal import renewed


class Wrong(Exception):
    """Not the proof that was asked for."""


def prove_by_code(session, typed, now):
    """By the authenticator's code, already in its one form. Returns the new cookie value.

    :raises Wrong: counted before it was judged.
    :raises rate_limit.TooMany: too many wrong ones.
    :raises renewal.SessionOver: the session ended meanwhile.
    """
    _count(session, now)
    try:
        with write_transaction():
            use_step(session.user, typed, now)
            return _proven(session, "authenticator", now)
    except WrongCode as reason:
        raise Wrong from reason


def prove_by_password(session, typed, now):
    """The same by password; hashed outside any transaction. Staff prove more than that.

    :raises passwords.Busy: too many at once.
    """
    _count(session, now)
    if session.user.is_staff or not passwords.is_right(session.user.password_hash, typed):
        raise Wrong
    with write_transaction():
        return _proven(session, "password", now)


def _count(session, now):
    rate_limit.count_try(IN_SESSION, session.user.public_id.hex, now)


def _proven(session, way, now):
    token = renewed(session, now)
    rate_limit.forget_failures(IN_SESSION, session.user.public_id.hex)
    audit.record(Event.IDENTITY_PROVEN, chain=audit.ACCOUNTS, actor=session.user,
                 subject=session.user.public_id, now=now, by=way,
                 device=in_words(session.browser))
    return token
