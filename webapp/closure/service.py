"""Closing an account: asked for with a code, cancelled within the cooling-off, or finished.

Who comes first wins by one guarded statement on the closure's row; each function is one
transaction, with its audit entry and its messages inside, and can be repeated.
"""

import logging
from datetime import timedelta

from webapp import audit, sessions, vault
from webapp.accounts import notices
from webapp.accounts.locking import locked
from webapp.accounts.queries import has_agreed
from webapp.audit import Event
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import has_live_code, waiting_challenge
from webapp.claims import service as claims
from webapp.clock import day_of
from webapp.closure import messages
from webapp.closure.erasure import erase
from webapp.closure.queries import cancel_index, closure_cancelled_by, due_closures
from webapp.contacts.queries import settled_channels
from webapp.db import write_transaction
from webapp.holds.queries import is_stopped
from webapp.messages import outbox
from webapp.models.accounts import CANCELLED, DONE, WAITING, Closure
from webapp.models.people import (
    ACTIVE,
    CLOSED,
    CLOSING,
    EMPLOYER,
    IS_CLOSING,
    NEEDS_TERMS,
    WHOLE,
    WORKER,
    User,
)
from webapp.models.workers import Worker
from webapp.objections import service as objections
from webapp.prepared import add
from webapp.programmes import service as programmes
from webapp.rate_limit import Limit, TooMany, count_try
from webapp.receipts.signing import new_number
from webapp.requests import service as requests
from webapp.switch import service as switches
from webapp.terms import versions

log = logging.getLogger(__name__)

# A code has 55 random bits; this only keeps a machine from trying them all day.
CANCEL_ADDRESS = Limit("closure-cancel-address", 20, timedelta(minutes=1))


class Outdated(Exception):
    """The account, its contact or the session is not as it was when the code was asked for."""


class TooLate(Exception):
    """There is nothing to cancel any more."""


class _Blocked(Exception):
    """The account was blocked meanwhile: what the block is about must not vanish under it."""


def may_close(user):
    """Whether somebody may close the account alone: that of staff is ended by the manager."""
    return user.role in (EMPLOYER, WORKER)


def begin(user, now):
    """Note the wish. Returns the ``Challenge`` it waits for: the same one when asked twice, so
    that a code on its way stays good."""
    with write_transaction():
        return (waiting_challenge(user, Purpose.CLOSE_ACCOUNT, now)
                or challenges.begin(Purpose.CLOSE_ACCOUNT, user=user, now=now,
                                    bound={"closes": user.public_id.hex}))


def send_code(challenge, channel, targets, now):
    """Send the code, unless one that was sent there already is still good.

    :param targets: dict of channel and address.
    :raises rate_limit.TooMany: this address got too many codes, for whatever act.
    :raises challenges.NoCode: the challenge was ended meanwhile.
    """
    try:
        challenges.send(challenge, channel, targets[channel], now)
    except TooMany:
        if challenge.channel != channel or not has_live_code(challenge, now):
            raise


def ask(challenge, session, *, rules, now):
    """The code was right: the account closes when the cooling-off is over.

    Every other session ends; this one gets a new cookie value, which is returned, and can only
    wait or cancel.

    :param challenge: one that ``challenges.judge`` found right.
    :param rules: the parameters in force.
    :raises challenges.AlreadyUsed: it was asked for before.
    :raises Outdated: nothing was changed.
    """
    number, hours = new_number(), rules["closure.cooling_off_hours"]
    closure = Closure(user=challenge.user_id, channel=challenge.channel, requested_at=now,
                      due_at=now + timedelta(hours=hours), cancel_index=cancel_index(number))
    with write_transaction():
        challenges.use(challenge, now)
        if not _mark_closing(challenge, now):
            raise Outdated
        add(closure)
        token = sessions.renew(session, now)
        if not token:
            raise Outdated
        ended = sessions.end_others(session, now)
        sessions.enter_stage(session, IS_CLOSING)
        user = User.get_by_id(challenge.user_id)
        sms, email = messages.asked(closure, number)
        told = outbox.tell(user=user, kind="closure:asked", about=closure.public_id, now=now,
                           sms=sms, email=email, expires_in=closure.due_at - now)
        audit.record(Event.CLOSURE_ASKED, chain=audit.ACCOUNTS, actor=user,
                     subject=user.public_id, now=now, channel=closure.channel, hours=hours,
                     sessions=ended, told=told)
    return token


def _mark_closing(challenge, now):
    """Guards everything that may have changed since the code was sent: the user is locked."""
    user = locked(challenge.user_id)
    if is_stopped(user) or (challenge.channel, challenge.target) not in settled_channels(user, now):
        return False
    return (User.update(state=CLOSING)
            .where(User.id == user.id, User.state == ACTIVE, User.role << (EMPLOYER, WORKER))
            .execute())


def cancel(closure, *, by, actor, now):
    """Leave everything as it was before the closure was asked for.

    Cancelling again changes nothing.

    :param by: ``session`` or ``code``, for the record.
    :param actor: the ``User``, or None where only the code is known.
    :raises TooLate: its time is over, or the account was blocked.
    """
    with write_transaction():
        locked(closure.user_id)
        changed = (Closure.update(state=CANCELLED, ended_at=now)
                   .where(Closure.id == closure.id, Closure.state == WAITING,
                          Closure.due_at > now).execute())
        if not changed:
            if Closure.get_by_id(closure.id).state == CANCELLED:
                return
            raise TooLate
        if not (User.update(state=ACTIVE)
                .where(User.id == closure.user_id, User.state == CLOSING).execute()):
            raise TooLate
        user = User.get_by_id(closure.user_id)
        if actor is None:     # whoever asked for it may not be the one who takes it back
            sessions.end_all(user, now)
        _release_sessions(user, now)
        notices.tell(user, "security:closure cancelled", "penutupan akun Anda dibatalkan", now,
                     about=closure.public_id)
        audit.record(Event.CLOSURE_CANCELLED, chain=audit.ACCOUNTS, actor=actor,
                     subject=user.public_id, now=now, by=by)


def cancel_by_code(number, *, address, now):
    """The same for whoever holds the code of the messages, without signing in.

    :param number: as ``receipts.signing.parse_number`` gives it.
    :param address: the network address it comes from.
    :raises rate_limit.TooMany: too often from there.
    :raises TooLate: no closure with this code waits, whatever the reason.
    """
    count_try(CANCEL_ADDRESS, address, now)
    closure = closure_cancelled_by(number)
    if closure is None:
        raise TooLate
    cancel(closure, by="code", actor=None, now=now)


def finish_due(now):
    """End every account whose cooling-off is over; what is personal in it is erased.

    Runs by itself; each one is its own transaction, so that it can be interrupted, and any number
    of processes may do it.
    :returns: how many were closed.
    """
    return sum(_finish(number, now) for (number,) in list(due_closures(now)))


def _finish(number, now):
    try:
        return _close(number, now)
    except _Blocked:
        return 0
    except vault.Unreadable:     # its last confirmation cannot be addressed; others must not wait
        log.error("closure %s: a contact cannot be read; nothing was erased", number)
        return 0


def _close(number, now):
    with write_transaction():
        closure = Closure.get_by_id(number)
        locked(closure.user_id)
        changed = (Closure.update(state=DONE, ended_at=now)
                   .where(Closure.id == number, Closure.state == WAITING,
                          Closure.due_at <= now).execute())
        if not changed:
            return 0
        if is_stopped(closure.user_id):     # another account of the person would know of no stop
            raise _Blocked
        if not (User.update(state=CLOSED)
                .where(User.id == closure.user_id, User.state == CLOSING).execute()):
            raise _Blocked
        user = User.get_by_id(closure.user_id)
        sms, email = messages.closed(now)
        told = outbox.tell(user=user, kind=outbox.FAREWELL, about=closure.public_id, now=now,
                           sms=sms, email=email)
        worker = Worker.get_or_none(Worker.user == user)     # before it is parted from the account
        asked, claimed, switched, joined = _end_matters(worker, now)
        erase(user, now)
        requests.record_ended(asked, now)
        claims.record_ended(claimed, now)
        switches.record_ended(switched, now)
        programmes.record_ended(joined, worker, now)
        audit.record(Event.ACCOUNT_CLOSED, chain=audit.ACCOUNTS, actor=None,
                     subject=user.public_id, now=now, role=user.role, told=told)
    return 1


def _end_matters(worker, now):
    """What only this person could go on with is withdrawn. Returns the requests, the claims, the
    switches and the applications among it, four lists.

    :param worker: or None.
    """
    if worker is None:
        return [], [], [], []
    asked = requests.end_with_account(worker, now)
    objections.end_with_account(worker, now)
    return (asked, claims.end_with_account(worker, now),
            switches.end_with_account(worker, now), programmes.end_with_account(worker, now))


def _release_sessions(user, now):
    """What a session may do now is what a sign-in would let it."""
    has_all = not user.is_worker or has_agreed(user, versions.current(day_of(now)).version)
    for session in sessions.open_sessions(user, now):
        if session.stage == IS_CLOSING:
            sessions.enter_stage(session, WHOLE if has_all else NEEDS_TERMS)
