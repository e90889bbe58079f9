"""Opening and ending sessions."""

from webapp import audit, passwords, rate_limit, sessions
from webapp.audit import Event
from webapp.db import write_transaction
from webapp.models.people import User


class Refused(Exception):
    """No such account, a wrong password, or an account that may not sign in: never said which."""


def sign_in(email, password, *, address, browser, now, presented=None):
    """Check a password and open a session.

    The try is counted before it is judged, for the person and for the address; the password is
    hashed outside the transaction.

    :param presented: the session this browser had before, good or not; it ends.
    :returns: (user, cookie value).
    :raises Refused: wrong.
    :raises rate_limit.TooMany: too often.
    :raises passwords.Busy: too many at once.
    """
    email = email.strip().lower()
    rate_limit.count_try(rate_limit.SIGN_IN_ADDRESS, address, now)
    rate_limit.count_try(rate_limit.SIGN_IN, email, now)
    user = User.get_or_none(User.email.matches(email))
    is_right = passwords.is_right(user and user.password_hash, password)
    if not is_right or not user.is_active:
        _note_refusal(user, now)
        raise Refused
    rate_limit.forget_failures(rate_limit.SIGN_IN, email)
    with write_transaction():
        if presented:
            sessions.end(presented, now)
        token = sessions.begin(user, now, browser)
        audit.record(Event.SIGNED_IN, chain=audit.ACCOUNTS, actor=user, subject=user.public_id,
                     now=now, role=user.role)
    return user, token


def sign_out(session, now):
    """End one session. Doing it twice is the same as once."""
    with write_transaction():
        if sessions.end(session, now):
            audit.record(Event.SIGNED_OUT, chain=audit.ACCOUNTS, actor=session.user,
                         subject=session.user.public_id, now=now, sessions=1)


def sign_out_everywhere(user, now):
    """End every session of a user."""
    with write_transaction():
        ended = sessions.end_all(user, now)
        audit.record(Event.SIGNED_OUT, chain=audit.ACCOUNTS, actor=user, subject=user.public_id,
                     now=now, sessions=ended)


def _note_refusal(user, now):
    with write_transaction():
        audit.record(Event.SIGN_IN_REFUSED, chain=audit.ACCOUNTS, actor=None,
                     subject=user and user.public_id, now=now)
