"""Signed-in browsers: rows of our own table, so that they end in the transaction that ends them.

The cookie carries a random id, the table its SHA-256. A request only ever updates a row that is
there and not ended: one still running while its session ends cannot bring it back.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from webapp import vault
from webapp.models.people import BLOCKED, IS_BLOCKED, WHOLE, Device, Session, User
from webapp.prepared import prepared

# Worker and employer 12 h, idle 30 min; staff 8 h, idle 15 min, one at a time (rules §4).
LIFE = {True: timedelta(hours=8), False: timedelta(hours=12)}
IDLE = {True: timedelta(minutes=15), False: timedelta(minutes=30)}
# "Ini bukan ponsel saya": long enough for one errand.
BORROWED_LIFE, BORROWED_IDLE = timedelta(minutes=30), timedelta(minutes=10)
DEVICE_LIVES = timedelta(days=180)    # of the device cookie
FRESH_FOR = timedelta(minutes=5)      # how old a proof may be for a sensitive act (rules §4)
MOST = 5                              # open sessions of one person; the oldest gives way
SEEN_EVERY = timedelta(minutes=1)     # how often being used is written down


@dataclass(frozen=True)
class Visit:
    """From where somebody signs in.

    :param address: of the network.
    :param browser: the browser's name for itself.
    :param device: the device cookie's value, or empty.
    :param presented: the session this browser had before, good or not; it ends.
    """

    address: str
    browser: str
    device: str = ""
    presented: object = None


@dataclass(frozen=True)
class Opened:
    """A session just begun: its cookie, its stage, and the device's cookie (None: leave none)."""

    token: str
    stage: str
    device: str | None


def begin(user, now, browser, stage=WHOLE, is_borrowed=False):
    """Open a session; call it inside a write transaction. Returns the new cookie value.

    :param stage: what must be done first, one of ``models.people``; "" for nothing.
    :param is_borrowed: on a device that is not the person's own: short, and it leaves nothing.
    """
    _make_room(user, now)
    token = secrets.token_urlsafe(32)
    Session.create(digest=_digest(token), user=user, created_at=now, seen_at=now, factor_at=now,
                   browser=browser[:200], stage=stage, is_borrowed=is_borrowed)
    return token


def _make_room(user, now):
    if user.is_staff:
        end_all(user, now)
        return
    for row in _running.rows(user)[MOST - 1:]:
        Session.update(ended_at=now).where(Session.id == row.id).execute()


@prepared
def _running(user):
    """The newest first."""
    return (Session.select(Session.id).where(Session.user == user, Session.ended_at.is_null())
            .order_by(Session.id.desc()))


def find(token):
    """The session row for a cookie, with its user, whether still good or not; or None."""
    if not token or len(token) > 100:
        return None
    return _with_digest.one(_digest(token))


def find_for_form(token, form, now):
    """The same for somebody who sends a form that may renew the session.

    The new cookie value depends on the old one and the form. Who sends the very same once more,
    because the answer was lost on the line, has an old cookie that opens nothing: this finds the
    session and the value again, as long as the proof in the form is fresh.

    :param form: all of it, as text.
    """
    successor = vault.current().index(f"{token}|{form}", "session.successor")
    row = find(token)
    if row is None:
        row = find(successor)
        if row is None or not is_fresh(row, now):
            return None
        row.is_renewed = True
    row.successor = successor
    return row


@prepared
def _with_digest(digest):
    return Session.select(Session, User).join(User).where(Session.digest == digest)


def is_good(session, now):
    """Whether a session may still be used."""
    return (session.ended_at is None and session.user.is_active and _is_as_limited(session)
            and now < ends_at(session) and now < session.seen_at + idle_for(session))


def _is_as_limited(session):
    """Whether who is blocked, and nobody else, stands before the reason: whatever the session was
    good for before, and however the block came."""
    return (session.stage == IS_BLOCKED) == (session.user.state == BLOCKED)


def ends_at(session):
    """When a session is over however busy it is."""
    life = BORROWED_LIFE if session.is_borrowed else LIFE[session.user.is_staff]
    return session.created_at + life


def idle_for(session):
    """How long a session may lie unused, a ``timedelta``."""
    return BORROWED_IDLE if session.is_borrowed else IDLE[session.user.is_staff]


def seconds_left(session, now):
    """How long a session lasts if nobody touches it any more, whole seconds."""
    ends = min(session.seen_at + idle_for(session), ends_at(session))
    return int((ends - now).total_seconds())


def is_fresh(session, now):
    """Whether the person proved to be the one recently enough for a sensitive act."""
    return now - session.factor_at < FRESH_FOR


def renew(session, now):
    """The person proved to be the one again: a new cookie value; the old one is dead.

    Call it inside a write transaction. Returns the new value, or None when the session has ended
    meanwhile.
    """
    token = session.successor or secrets.token_urlsafe(32)
    changed = (Session.update(digest=_digest(token), factor_at=now)
               .where(Session.id == session.id, Session.ended_at.is_null()).execute())
    return token if changed else None


def enter_stage(session, stage):
    """Let a session go on as far as ``stage`` allows; inside a write transaction."""
    Session.update(stage=stage).where(Session.id == session.id,
                                      Session.ended_at.is_null()).execute()


def enter_stage_everywhere(user, stage):
    """The same for every session of a user."""
    Session.update(stage=stage).where(Session.user == user, Session.ended_at.is_null()).execute()


def leave_stage(session, stage):
    """Let a session that waits at ``stage`` do everything; inside a write transaction.

    One that was taken to another stage meanwhile, in another tab, stays there.
    """
    (Session.update(stage=WHOLE)
     .where(Session.id == session.id, Session.stage == stage, Session.ended_at.is_null())
     .execute())


def touch(session, now):
    """Note that a session is in use. Returns whether it has not ended."""
    changed = (Session.update(seen_at=now)
               .where(Session.id == session.id, Session.ended_at.is_null()).execute())
    if changed:
        session.seen_at = now
    return bool(changed)


def end(session, now):
    """End one session; call it inside a write transaction."""
    return (Session.update(ended_at=now)
            .where(Session.id == session.id, Session.ended_at.is_null()).execute())


def end_all(user, now):
    """End every session of a user; call it inside a write transaction. Returns how many."""
    return (Session.update(ended_at=now)
            .where(Session.user == user, Session.ended_at.is_null()).execute())


def end_others(session, now):
    """End every other session of a session's user; inside a write transaction."""
    return (Session.update(ended_at=now)
            .where(Session.user == session.user, Session.id != session.id,
                   Session.ended_at.is_null()).execute())


def open_sessions(user, now):
    """A user's sessions that are still good, the last used first."""
    rows = (Session.select(Session, User).join(User)
            .where(Session.user == user, Session.ended_at.is_null())
            .order_by(Session.seen_at.desc(), Session.id.desc()))
    return [row for row in rows if is_good(row, now)]


# Devices: browsers where a person has proven more than a password before.

def is_known_device(user, token, now):
    """Whether this browser's device cookie is known for this user."""
    return bool(token) and len(token) <= 100 and (
        _known_device.one(user, _digest(token), now - DEVICE_LIVES) is not None)


@prepared
def _known_device(user, digest, since):
    return Device.select(Device.id).where(Device.user == user, Device.digest == digest,
                                          Device.first_at > since)


def people_known_on(token, now):
    """Who has proven more than a password in this browser before, users.

    :param token: the device cookie's value, or empty.
    """
    if not token or len(token) > 100:
        return []
    return User.select().join(Device).where(Device.digest == _digest(token),
                                            Device.first_at > now - DEVICE_LIVES)


def remember_device(user, token, now):
    """Know this browser from now on; inside a write transaction. Returns its cookie value.

    :param token: the cookie value it has already, or empty. Where this user is not known by it, it
        gives way to a new one: whoever put it there may know it.
    """
    if is_known_device(user, token, now):
        return token
    fresh = secrets.token_urlsafe(32)
    if token:     # a browser that others use too: they stay known, under the new value
        Device.delete().where(Device.user == user, Device.digest == _digest(token)).execute()
        Device.update(digest=_digest(fresh)).where(Device.digest == _digest(token)).execute()
    Device.create(user=user, digest=_digest(fresh), first_at=now)
    return fresh


def forget_devices(user):
    """Ask for a code on every device again; inside a write transaction."""
    return Device.delete().where(Device.user == user).execute()


def over(now):
    """The condition that a session was last used longer ago than any lasts."""
    return Session.seen_at < now - LIFE[False]


def devices_over(now):
    """The condition that a browser was first known too long ago to be trusted still."""
    return Device.first_at < now - DEVICE_LIVES


def _digest(token):
    return hashlib.sha256(token.encode()).hexdigest()
