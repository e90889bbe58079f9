"""Opening and ending sessions."""

from dataclasses import replace

from webapp import audit, passwords, rate_limit, sessions, vault
from webapp.accounts import notices
from webapp.accounts.locking import locked
from webapp.accounts.queries import has_agreed, normal_name, user_named
from webapp.audit import Event
from webapp.authenticator.queries import has_authenticator
from webapp.blocks.ending import end_if_over
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import begun_just_now
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.models.people import (
    BLOCKED,
    CLOSING,
    IS_BLOCKED,
    IS_CLOSING,
    NEEDS_AUTHENTICATOR,
    NEEDS_TERMS,
    WHOLE,
)
from webapp.profile.browsers import in_words
from webapp.sessions import Opened
from webapp.terms import versions

# What is told about. The person's own count, by whatever name, is never told: who knows two names
# would learn whether they are one account.
SIGN_IN_NAME = replace(rate_limit.SIGN_IN, kind="sign-in-name")


class Refused(Exception):
    """No such account, a wrong password, or an account that may not sign in: never said which."""


def check_password(account, password, *, visit, now):
    """Whose password this is. Returns (user, failures before this).

    The try is counted before it is judged, for the name, the person and the network address; a
    device that the person used before is counted apart, so that strangers cannot lock it out. The
    password is hashed outside any transaction.

    :param visit: a ``sessions.Visit``.
    :param account: e-mail, phone or NIK as typed.
    :raises Refused: wrong, or tried too often by other names of this person.
    :raises rate_limit.TooMany: too often by this name.
    :raises passwords.Busy: too many at once.
    """
    rate_limit.count_try(rate_limit.SIGN_IN_ADDRESS, visit.address, now)
    user = user_named(account)
    name, person = _subjects(user, account, visit.device, now)
    may_be_judged = _count(name, person, now)
    is_right = passwords.is_right(user and user.password_hash, password)
    if not may_be_judged or not is_right or not user.is_active:
        _note_refusal(user, visit, now)
        raise Refused
    failures = rate_limit.failures(rate_limit.SIGN_IN, person) - 1
    _forget(name, person)
    return user, failures


def second_step(user, *, visit, browser, is_borrowed, onward, failures, now):
    """What else this sign-in needs: a ``Challenge`` to be met first, or None.

    Somebody with an authenticator is always asked for it, and staff who have yet to set up theirs
    for a recovery code: what reads a mailbox is no second factor for staff. Others are asked for a
    code on a new device. A form that was sent twice gets the same one, whose code is on its way.

    :param user: as it was when the password was judged.
    :param browser: what tells this browser from others; empty when nothing does.
    """
    purpose = _second_purpose(user, visit, is_borrowed, now)
    bound = {"onward": onward, "is_borrowed": is_borrowed, "failures": failures,
             "password": _password_key(user), "browser": challenges.browser_key(browser)}
    if purpose is None:
        return None
    with write_transaction():
        locked(user.id)     # two presses at once come one after the other
        for earlier in begun_just_now(challenges.person_of(user), purpose, now):
            # The first press forgave the wrong passwords before it.
            if browser and challenges.bound_to(earlier) | {"failures": failures} == bound:
                return earlier
        return challenges.begin(purpose, user=user, bound=bound, now=now)


def _second_purpose(user, visit, is_borrowed, now):
    if has_authenticator(user) or user.is_staff:
        return Purpose.SIGN_IN_AUTHENTICATOR
    is_at_home = not is_borrowed and sessions.is_known_device(user, visit.device, now)
    return None if is_at_home else Purpose.SIGN_IN


def open_bound(challenge, *, visit, now, spend):
    """Begin the session that a challenge of ``second_step`` is bound to.

    :param spend: called inside the transaction to spend the challenge with its proof; see
        ``open_session`` for what it may return.
    :raises challenges.AlreadyUsed: it was spent, or what it rests on is no more: the password was
        changed since, the code went to what is no contact any more, or an authenticator is asked
        for now.
    :raises Refused: the account was closed meanwhile.
    """
    bound, user = challenges.bound_to(challenge), challenge.user

    def prove():
        is_outdated = bound.get("password") != _password_key(user)
        if is_outdated or challenge.purpose == Purpose.SIGN_IN and not _is_code_enough(challenge):
            raise challenges.AlreadyUsed
        return spend()

    return open_session(user, visit=visit, is_borrowed=bound["is_borrowed"],
                        failures=bound["failures"], now=now, proof=prove)


def open_session(user, *, visit, is_borrowed, failures, now, proof=None):
    """Begin a session for somebody who has proven to be this user. Who is blocked gets one that
    leads to the reason alone.

    :param user: as it was when the password was judged.
    :param proof: called inside the transaction to spend what was proven; raises
        ``challenges.AlreadyUsed``. It may return a function that records it at the end.
    :raises Refused: the account was closed, or its password changed, meanwhile.
    :returns: a ``sessions.Opened``.
    """
    end_if_over(user, now)     # a block whose last day is past holds nobody
    with write_transaction():
        fresh = locked(user.id)     # so that sessions are counted exactly, too
        if not fresh.is_active or fresh.password_hash != user.password_hash:
            raise Refused
        record_proof = proof() if proof else None
        if visit.presented:
            sessions.end(visit.presented, now)
        is_new = not sessions.is_known_device(user, visit.device, now)
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


def _is_code_enough(challenge):
    """Whether a code to this address still opens the account, as it is now."""
    user = locked(challenge.user_id)
    sent_to = (challenge.channel, challenge.target)
    return sent_to in challenges.channels_of(user) and not has_authenticator(user)


def _tell(user, is_new, failures, now):
    if is_new:
        notices.tell(user, "security:new device", "akun Anda dibuka di perangkat baru", now)
    elif failures:
        notices.tell(user, "security:failures",
                     f"akun Anda dibuka setelah {failures} kali kata sandi salah", now)


def _stage(user, now):
    if user.state == BLOCKED:
        return IS_BLOCKED
    if user.state == CLOSING:
        return IS_CLOSING
    if user.is_staff and not has_authenticator(user):
        return NEEDS_AUTHENTICATOR
    if user.is_worker and not has_agreed(user, versions.current(day_of(now)).version):
        return NEEDS_TERMS
    return WHOLE


def forgive(user):
    """Let strangers' wrong passwords count no more, by whatever name of the account they tried:
    its owner has a new one. Inside the transaction of that."""
    for name in filter(None, (user.email, user.phone, user.nik)):
        rate_limit.forget_failures(SIGN_IN_NAME, f"{name}|")
    rate_limit.forget_failures(rate_limit.SIGN_IN, f"{user.public_id.hex}|")


def _subjects(user, account, device, now):
    """Whom tries count for: (the name, however it is spelled; the person, whatever the account is
    called, or the name again where there is nobody). A known device counts apart."""
    name = normal_name(account)
    known = device if user and sessions.is_known_device(user, device, now) else ""
    return f"{name}|{known}", f"{user.public_id.hex if user else name}|{known}"


def _count(name, person, now):
    """Count a try. Returns whether it may be judged; by this name too often raises ``TooMany``."""
    with write_transaction():
        rate_limit.count_try(SIGN_IN_NAME, name, now)
        try:
            rate_limit.count_try(rate_limit.SIGN_IN, person, now)
        except rate_limit.TooMany:
            return False
    return True


def _forget(name, person):
    with write_transaction():
        rate_limit.forget_failures(SIGN_IN_NAME, name)
        rate_limit.forget_failures(rate_limit.SIGN_IN, person)


def _password_key(user):
    """Tells this password from another, and nothing else of it."""
    return vault.current().index(user.password_hash or "", "sign_in.password")


def _note_refusal(user, visit, now):
    with write_transaction():
        audit.record(Event.SIGN_IN_REFUSED, chain=audit.ACCOUNTS, actor=None,
                     subject=user and user.public_id, now=now,
                     device=in_words(visit.browser))
