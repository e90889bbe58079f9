"""Authenticator apps (TOTP) and the recovery codes for the day one is lost.

An enrolment is a challenge that holds the new secret: a reload shows the same, the app that is in
use goes on working until the new one's first code came back, and wrong codes are counted.
"""

from functools import partial

from webapp import audit, counters, otp, sessions, vault
from webapp.accounts import notices
from webapp.accounts.locking import locked
from webapp.accounts.service import end_all_access
from webapp.audit import Event
from webapp.authenticator.queries import authenticator_of, codes_left
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import waiting_challenge
from webapp.db import write_transaction
from webapp.models.accounts import Authenticator, RecoveryCode
from webapp.models.people import NEEDS_AUTHENTICATOR
from webapp.prepared import add_all
from webapp.renewal import renewed, still_open

FIRST_CODES = 3     # printed for staff without an app: one to enrol with, two for when that fails


class WrongCode(Exception):
    """Not the code the app shows now, or one that was used already; or no such recovery code."""


class Needed(Exception):
    """Staff keep their authenticator: it is replaced, never removed."""


# Used


def use_step(user, typed, now):
    """Use the code the app shows; inside the transaction of what it proves.

    A time step's code is good once: the guarded statement lets one of two simultaneous uses
    through.

    :raises WrongCode: counted by the caller before this.
    """
    row = authenticator_of(user)
    step = row and otp.matching_step(row.secret, typed, now, row.last_step)
    if not step or not (Authenticator.update(last_step=step)
                        .where(Authenticator.id == row.id, Authenticator.last_step < step)
                        .execute()):
        raise _wrong()


def sign_in_by_step(challenge, typed, now):
    """Spend a sign-in's challenge with the app's code; inside the session's transaction."""
    use_step(challenge.user, typed, now)
    _spend(challenge, now)


def sign_in_by_recovery_code(challenge, typed, now):
    """Spend a sign-in's challenge with a recovery code; inside the session's transaction.

    Staff can do nothing before they have enrolled anew, and the app they had is forgotten: whoever
    holds the lost phone must not get in with it. Until then another recovery code does.

    :returns: what records it, for the end of the transaction.
    :raises WrongCode: counted by the caller before this.
    """
    user = locked(challenge.user_id)
    used = (RecoveryCode.update(used_at=now)
            .where(RecoveryCode.user == user, RecoveryCode.used_at.is_null(),
                   RecoveryCode.digest == _digest(user, typed)).execute())
    if not used:
        raise _wrong()
    _spend(challenge, now)
    left = codes_left(user)
    if user.is_staff:
        _forget_app(user)
    notices.tell(user, "security:recovery code",
                 f"akun Anda dibuka dengan kode pemulihan, sisa {left} kode", now)
    return partial(_note_recovery, user, left, now)


def _note_recovery(user, left, now):
    if user.is_staff:
        sessions.enter_stage_everywhere(user, NEEDS_AUTHENTICATOR)
    audit.record(Event.RECOVERY_CODE_USED, chain=audit.ACCOUNTS, actor=user,
                 subject=user.public_id, now=now, left=left)


def _spend(challenge, now):
    challenges.spend(challenge, now)
    challenges.forgive(challenge)


# Set up, replaced, removed


def enrolment(session, now):
    """The enrolment a person is in the middle of, or a new one: a challenge.

    Its secret is shown in one session only: what somebody else saw in another is never installed.
    """
    user, here = session.user, session.public_id.hex
    with write_transaction():
        begun = waiting_challenge(user, Purpose.ADD_AUTHENTICATOR, now)
        if begun and challenges.bound_to(begun)["session"] == here:
            return begun
        return challenges.begin(Purpose.ADD_AUTHENTICATOR, user=user, now=now,
                                bound={"secret": otp.new_secret(), "session": here})


def secret_of(challenge):
    """The secret that an enrolment offers to the app."""
    return challenges.bound_to(challenge)["secret"]


def confirm(challenge, session, typed, now):
    """The new app's first code: from now on it is the person's authenticator.

    :returns: (ten recovery codes, the session's new cookie value).
    :raises WrongCode: not what this app would show now.
    :raises rate_limit.TooMany: too many wrong ones.
    :raises challenges.AlreadyUsed: it was confirmed meanwhile.
    :raises renewal.SessionOver: the session was.
    """
    challenges.count_proof(challenge, now)
    user, codes = challenge.user, otp.new_recovery_codes()
    step = otp.matching_step(secret_of(challenge), typed, now, after=0)
    if not step:
        raise _wrong()
    with write_transaction():
        _spend(challenge, now)
        replaced = _forget_app(user)
        row = Authenticator(user=user, created_at=challenge.created_at, confirmed_at=now,
                            last_step=step)
        row.secret = secret_of(challenge)
        row.save(force_insert=True)
        keep_codes(user, codes)
        sessions.leave_stage(session, NEEDS_AUTHENTICATOR)
        token = renewed(session, now)
        notices.tell(user, "security:authenticator", "aplikasi autentikator akun Anda diganti"
                     if replaced else "aplikasi autentikator dipasang di akun Anda", now)
        audit.record(Event.AUTHENTICATOR_ADDED, chain=audit.ACCOUNTS, actor=user,
                     subject=user.public_id, now=now, replaced=bool(replaced))
    return codes, token


def remove(session, now):
    """Sign in without an authenticator from now on.

    :raises Needed: staff.
    :raises renewal.SessionOver: it ended meanwhile.
    """
    user = session.user
    if user.is_staff:
        raise Needed
    with write_transaction():
        locked(user.id)
        still_open(session, now)
        if not _forget(user):
            return
        notices.tell(user, "security:authenticator",
                     "aplikasi autentikator dilepas dari akun Anda", now)
        audit.record(Event.AUTHENTICATOR_REMOVED, chain=audit.ACCOUNTS, actor=user,
                     subject=user.public_id, now=now)


def renew_codes(session, now):
    """Ten new recovery codes; the old set is dead. Returns them: they are not kept in clear.

    :raises renewal.SessionOver: it ended meanwhile.
    """
    user, codes = session.user, otp.new_recovery_codes()
    with write_transaction():
        locked(user.id)
        still_open(session, now)
        keep_codes(user, codes)
        notices.tell(user, "security:recovery codes", "kode pemulihan akun Anda diganti", now)
        audit.record(Event.RECOVERY_CODES_MADE, chain=audit.ACCOUNTS, actor=user,
                     subject=user.public_id, now=now)
    return codes


def give_first_codes(user, now):
    """Recovery codes for staff who have yet to set up their app, handed over in person: without
    one of them nobody enrols, whoever reads the mailbox. Returns them: they are not kept in clear.
    """
    codes = otp.new_recovery_codes(FIRST_CODES)
    with write_transaction():
        locked(user.id)
        keep_codes(user, codes)
        audit.record(Event.RECOVERY_CODES_MADE, chain=audit.ACCOUNTS, actor=None,
                     subject=user.public_id, now=now)
    return codes


def reset_by_operator(user, now):
    """Let somebody who lost every proof begin again; sessions and codes that were asked for end.

    The operator has made sure who it is. Staff enrol with what ``give_first_codes`` returns, others
    sign in with password and code.
    """
    with write_transaction():
        locked(user.id)
        ended = end_all_access(user, now)
        _forget(user)
        notices.tell(user, "security:authenticator",
                     "autentikator dan passkey akun Anda dilepas oleh petugas sistem", now)
        audit.record(Event.AUTHENTICATOR_REMOVED, chain=audit.ACCOUNTS, actor=None,
                     subject=user.public_id, now=now, by="operator", **ended)


def keep_codes(user, codes):
    """From now on these are the person's recovery codes. Inside a transaction."""
    RecoveryCode.delete().where(RecoveryCode.user == user).execute()
    add_all(RecoveryCode, [{"user": user.id, "digest": _digest(user, code), "used_at": None}
                           for code in codes])


def _forget(user):
    RecoveryCode.delete().where(RecoveryCode.user == user).execute()
    return _forget_app(user)


def _forget_app(user):
    return Authenticator.delete().where(Authenticator.user == user).execute()


def _digest(user, code):
    """A code has 80 random bits: a keyed digest of it cannot be guessed backwards."""
    return vault.current().index(f"{user.public_id.hex}|{code}", "recovery_code")


def _wrong():
    counters.AUTHENTICATOR_WRONG.inc()
    return WrongCode()
