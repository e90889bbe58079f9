"""Signed-in browsers: rows of our own table, so that they end in the transaction that ends them.

The cookie carries a random id, the table its SHA-256. A request only ever updates a row that is
there and not ended: one still running while its session ends cannot bring it back.
"""

import hashlib
import secrets
from datetime import timedelta

from webapp.models.people import Session, User
from webapp.prepared import prepared

# Worker and employer 12 h, idle 30 min; staff 8 h, idle 15 min, one at a time (rules §4).
LIFE = {True: timedelta(hours=8), False: timedelta(hours=12)}
IDLE = {True: timedelta(minutes=15), False: timedelta(minutes=30)}
SEEN_EVERY = timedelta(minutes=1)     # how often being used is written down


def begin(user, now, browser):
    """Open a session; call it inside a write transaction. Returns the new cookie value."""
    if user.is_staff:
        end_all(user, now)
    token = secrets.token_urlsafe(32)
    Session.create(digest=_digest(token), user=user, created_at=now, seen_at=now, factor_at=now,
                   browser=browser[:200])
    return token


def find(token):
    """The session row for a cookie, with its user, whether still good or not; or None."""
    if not token or len(token) > 100:
        return None
    return _with_digest.one(_digest(token))


@prepared
def _with_digest(digest):
    return Session.select(Session, User).join(User).where(Session.digest == digest)


def is_good(session, now):
    """Whether a session may still be used."""
    staff = session.user.is_staff
    return (session.ended_at is None and session.user.is_active
            and now < session.created_at + LIFE[staff] and now < session.seen_at + IDLE[staff])


def touch(session, now):
    """Note that a session is in use, at most once a minute."""
    if now - session.seen_at >= SEEN_EVERY:
        Session.update(seen_at=now).where(Session.id == session.id,
                                          Session.ended_at.is_null()).execute()


def end(session, now):
    """End one session; call it inside a write transaction."""
    return (Session.update(ended_at=now)
            .where(Session.id == session.id, Session.ended_at.is_null()).execute())


def end_all(user, now):
    """End every session of a user; call it inside a write transaction. Returns how many."""
    return (Session.update(ended_at=now)
            .where(Session.user == user, Session.ended_at.is_null()).execute())


def purge(before):
    """Delete sessions that ended or were last used before a moment."""
    return Session.delete().where(Session.seen_at < before).execute()


def _digest(token):
    return hashlib.sha256(token.encode()).hexdigest()
