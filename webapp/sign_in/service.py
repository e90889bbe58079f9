"""Opening and ending sessions."""

from webapp import audit, passwords, rate_limit, sessions
from webapp.accounts import notices
from webapp.accounts.locking import locked
from webapp.accounts.queries import has_agreed, normal_name, user_named
from webapp.audit import Event
from webapp.authenticator.queries import has_authenticator
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.models.people import (
    CLOSING,
    IS_CLOSING,
    NEEDS_AUTHENTICATOR,
    NEEDS_TERMS,
    WHOLE,
)
from webapp.profile.browsers import in_words
from webapp.sessions import Opened
from webapp.terms import versions

TOLD_AFTER_FAILURES = 3


class Refused(Exception):
    """No such account, a wrong password, or an account that may not sign in: never said which."""


def check_password(account, password, *, visit, now):
    """Whose password this is. Returns (user, failures before this).

    The try is counted before it is judged, for the person and for the address; a device that the
    person used before is counted apart, so that strangers cannot lock it out. The password is
    hashed outside any transaction.

    :param visit: a ``sessions.Visit``.
    :param account: e-mail, phone or NIK as typed.
    :raises Refused: wrong.
    :raises rate_limit.TooMany: too often.
    :raises passwords.Busy: too many at once.
    """
    rate_limit.count_try(rate_limit.SIGN_IN_ADDRESS, visit.address, now)
    user = user_named(account)
    subject = _subject(user, account, visit.device)
    rate_limit.count_try(rate_limit.SIGN_IN, subject, now)
    is_right = passwords.is_right(user and user.password_hash, password)
    if not is_right or not user.is_active:
        _note_refusal(user, visit, now)
        raise Refused
    failures = rate_limit.failures(rate_limit.SIGN_IN, subject) - 1
    rate_limit.forget_failures(rate_limit.SIGN_IN, subject)
    return user, failures


def second_step(user, *, visit, is_borrowed, onward, failures, now):
    """What else this sign-in needs: a ``Challenge`` to be met first, or None.

    Somebody with an authenticator is always asked for it; others for a code on a new device, staff
    who have yet to set up theirs on every one.
    """
    bound = {"onward": onward, "is_borrowed": is_borrowed, "failures": failures}
    if has_authenticator(user):
        return challenges.begin(Purpose.SIGN_IN_AUTHENTICATOR, user=user, bound=bound, now=now)
    is_at_home = not is_borrowed and sessions.is_known_device(user, visit.device)
    if is_at_home and not user.is_staff:
        return None
    return challenges.begin(Purpose.SIGN_IN, user=user, bound=bound, now=now)


def open_bound(challenge, *, visit, now, spend):
    """Begin the session that a challenge of ``second_step`` is bound to.

    :param spend: called inside the transaction to spend the challenge with its proof; see
        ``open_session`` for what it may return.
    :raises challenges.AlreadyUsed: it was spent, or what it rests on is no more: the password was
        changed since, or an authenticator is asked for now.
    :raises Refused: the account was closed or blocked meanwhile.
    """
    bound, user = challenges.bound_to(challenge), challenge.user

    def prove():
        is_outdated = user.password_changed_at and user.password_changed_at > challenge.created_at
        is_too_little = challenge.purpose == Purpose.SIGN_IN and has_authenticator(user)
        if is_outdated or is_too_little:
            raise challenges.AlreadyUsed
        return spend()

    return open_session(user, visit=visit, is_borrowed=bound["is_borrowed"],
                        failures=bound["failures"], now=now, proof=prove)


def open_session(user, *, visit, is_borrowed, failures, now, proof=None):
    """Begin a session for somebody who has proven to be this user.

    :param user: as it was when the password was judged.
    :param proof: called inside the transaction to spend what was proven; raises
        ``challenges.AlreadyUsed``. It may return a function that records it at the end.
    :raises Refused: the account was closed or blocked, or its password changed, meanwhile.
    :returns: a ``sessions.Opened``.
    """
    with write_transaction():
        fresh = locked(user.id)     # so that sessions are counted exactly, too
        if not fresh.is_active or fresh.password_hash != user.password_hash:
            raise Refused
        record_proof = proof() if proof else None
        if visit.presented:
            sessions.end(visit.presented, now)
        is_new = not sessions.is_known_device(user, visit.device)
        stage = _stage(fresh, now)
        token = sessions.begin(user, now, visit.browser, stage=stage, is_borrowed=is_borrowed)
        device = None if is_borrowed else sessions.remember_device(user, visit.device, now)
        _tell(user, is_new, failures, now)
        if record_proof:
            record_proof()
        audit.record(Event.SIGNED_IN, chain=audit.ACCOUNTS, actor=user, subject=user.public_id,
                     now=now, role=user.role, new_device=is_new, device=in_words(visit.browser))
    return Opened(token, stage, device)


def sign_out(session, now):
    """End one session. Doing it twice is the same as once."""
    with write_transaction():
        if sessions.end(session, now):
            audit.record(Event.SIGNED_OUT, chain=audit.ACCOUNTS, actor=session.user,
                         subject=session.user.public_id, now=now, sessions=1,
                         device=in_words(session.browser))


def sign_out_everywhere(user, now):
    """End every session of a user."""
    with write_transaction():
        locked(user.id)
        ended = sessions.end_all(user, now)
        audit.record(Event.SIGNED_OUT, chain=audit.ACCOUNTS, actor=user, subject=user.public_id,
                     now=now, sessions=ended)


def _tell(user, is_new, failures, now):
    if is_new:
        notices.tell(user, "security:new device", "akun Anda dibuka di perangkat baru", now)
    elif failures >= TOLD_AFTER_FAILURES:
        notices.tell(user, "security:failures",
                     f"akun Anda dibuka setelah {failures} kali kata sandi salah", now)


def _stage(user, now):
    if user.state == CLOSING:
        return IS_CLOSING
    if user.is_staff and not has_authenticator(user):
        return NEEDS_AUTHENTICATOR
    if user.is_worker and not has_agreed(user, versions.current(day_of(now)).version):
        return NEEDS_TERMS
    return WHOLE


def _subject(user, account, device):
    """Whom tries count for: a person whatever the account is called, a known device apart; where
    there is nobody, the name, however it is spelled."""
    if user is None:
        return normal_name(account)
    known = sessions.is_known_device(user, device)
    return f"{user.public_id.hex}|{device if known else ''}"


def _note_refusal(user, visit, now):
    with write_transaction():
        audit.record(Event.SIGN_IN_REFUSED, chain=audit.ACCOUNTS, actor=None,
                     subject=user and user.public_id, now=now,
                     device=in_words(visit.browser))
