"""Passkeys: made, used for signing in and for proving oneself again, removed.

Each ceremony is a challenge of its own, spent once. It ends no other: two tabs may ask at a time.
"""

import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import peewee
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from webapp import audit, rate_limit
from webapp.accounts import notices
from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.db import write_transaction
from webapp.models.accounts import Challenge, Passkey
from webapp.passkey import ceremony
from webapp.passkey.ceremony import NotGenuine
from webapp.passkey.queries import passkey_with, passkeys_of
from webapp.profile.browsers import in_words
from webapp.rate_limit import Limit
from webapp.renewal import renewed, still_open
from webapp.sign_in.service import open_session

MOST = 20
# Each page asked for is a row: nobody fills the table by asking.
PAGE_ADDRESS = Limit("passkey-page-address", 60, timedelta(minutes=1))


@dataclass(frozen=True)
class Asked:
    """A ceremony begun: its challenge's row and what the browser is given."""

    challenge: Challenge
    options: str


class TooManyPasskeys(Exception):
    """Nobody needs so many."""


class AlreadyThere(Exception):
    """This passkey is registered."""


class _Copied(Exception):
    """The device counts its uses, and this use was there before: there are two of it."""

    def __init__(self, passkey):
        super().__init__(passkey.public_id)
        self.passkey = passkey


# Asked for


def ask_for_new(user, site, now):
    """Ask the browser to make one. Returns an ``Asked``."""
    known = [base64url_to_bytes(row.credential) for row in passkeys_of(user)]
    options, value = ceremony.registration_options(
        host=site.host, user_handle=user.public_id.bytes, user_name=user.email or user.phone,
        display_name=user.name, known=known)
    return _asked(Purpose.ADD_PASSKEY, options, value, now, user=user)


def ask_to_sign_in(site, address, now, onward):
    """Ask for any passkey of this site. Returns an ``Asked``.

    :raises rate_limit.TooMany: this address asked too often.
    """
    rate_limit.count_try(PAGE_ADDRESS, address, now)
    options, value = ceremony.authentication_options(host=site.host)
    return _asked(Purpose.SIGN_IN_PASSKEY, options, value, now, onward=onward)


def ask_to_prove(user, site, now):
    """Ask for one of this person's passkeys. Returns an ``Asked``."""
    known = [base64url_to_bytes(row.credential) for row in passkeys_of(user)]
    options, value = ceremony.authentication_options(host=site.host, known=known)
    return _asked(Purpose.PROVE, options, value, now, user=user)


def _asked(purpose, options, value, now, user=None, **bound):
    person = challenges.person_of(typed=secrets.token_hex(16))
    bound["challenge"] = bytes_to_base64url(value)
    return Asked(challenges.begin(purpose, user=user, bound=bound, now=now, person=person), options)


# Made and removed


def add(challenge, credential, name, session, site, now):
    """Register the passkey a browser made.

    :raises NotGenuine: not made for this challenge, or for another site.
    :raises challenges.AlreadyUsed: the challenge was spent or is over.
    :raises AlreadyThere: and ``TooManyPasskeys``.
    :raises renewal.SessionOver: the session ended meanwhile.
    """
    identity, key, count = ceremony.verify_registration(
        credential, challenge=_value(challenge), host=site.host, origin=site.origin)
    new = Passkey(user=challenge.user, credential=bytes_to_base64url(identity), public_key=key,
                  sign_count=count, name=name, created_at=now)
    try:
        with write_transaction():
            challenges.spend(challenge, now)
            still_open(session, now)
            _add(new, now)
    except peewee.IntegrityError as reason:     # at the same moment, by another account
        raise AlreadyThere from reason


def _add(new, now):
    user = new.user
    if passkey_with(new.credential):
        raise AlreadyThere
    if len(passkeys_of(user)) >= MOST:
        raise TooManyPasskeys
    new.save(force_insert=True)
    notices.tell(user, "security:passkey", "passkey baru dipasang di akun Anda", now)
    audit.record(Event.PASSKEY_ADDED, chain=audit.ACCOUNTS, actor=user, subject=user.public_id,
                 now=now, passkey=new.public_id.hex)


def remove(passkey, session, now):
    """Let a passkey open nothing any more.

    :raises renewal.SessionOver: the session ended meanwhile.
    """
    user = session.user
    with write_transaction():
        locked(user.id)
        still_open(session, now)
        if not Passkey.delete().where(Passkey.id == passkey.id).execute():
            return
        notices.tell(user, "security:passkey", "satu passkey dihapus dari akun Anda", now)
        audit.record(Event.PASSKEY_REMOVED, chain=audit.ACCOUNTS, actor=user,
                     subject=user.public_id, now=now, passkey=passkey.public_id.hex)


# Used


def sign_in(challenge, credential, site, *, visit, is_borrowed, now):
    """Begin a session for whose passkey signed. Returns a ``sessions.Opened``.

    :raises NotGenuine: an unknown passkey, a wrong signature, or a copied device; the owner of a
        copied one is told.
    :raises challenges.AlreadyUsed: the challenge was spent or is over.
    :raises sign_in.service.Refused: the account was closed or blocked.
    :raises rate_limit.TooMany: this address tried too often.
    """
    rate_limit.count_try(rate_limit.SIGN_IN_ADDRESS, visit.address, now)
    passkey, count = _signed(challenge, credential, site)

    def spend():
        challenges.spend(challenge, now)
        _count_use(passkey, count, now)

    with _copies_told(challenge, now):
        return open_session(passkey.user, visit=visit, is_borrowed=is_borrowed, failures=0, now=now,
                            proof=spend)


def prove(challenge, credential, session, site, now):
    """The person proves to be the one again. Returns the session's new cookie value.

    :raises NotGenuine: not one of this person's passkeys, and as for ``sign_in``.
    :raises challenges.AlreadyUsed: the challenge was spent or is over.
    :raises renewal.SessionOver: the session ended meanwhile.
    """
    passkey, count = _signed(challenge, credential, site)
    if passkey.user != session.user:
        raise NotGenuine
    with _copies_told(challenge, now), write_transaction():
        challenges.spend(challenge, now)
        _count_use(passkey, count, now)
        token = renewed(session, now)
        audit.record(Event.IDENTITY_PROVEN, chain=audit.ACCOUNTS, actor=session.user,
                     subject=session.user.public_id, now=now, by="passkey",
                     device=in_words(session.browser))
    return token


def _signed(challenge, credential, site):
    """Whose passkey signed this challenge, and how often the device says it was used.

    An unknown passkey is verified like any other, against a key that nobody holds.
    """
    passkey = passkey_with(bytes_to_base64url(ceremony.credential_id_of(credential)))
    count = ceremony.verify_authentication(
        credential, challenge=_value(challenge), host=site.host, origin=site.origin,
        public_key=bytes(passkey.public_key) if passkey else ceremony.NOBODYS_KEY,
        sign_count=0)     # the statement that writes it judges it, exactly
    if not passkey:
        raise NotGenuine
    return passkey, count


def _count_use(passkey, count, now):
    """Note a use; inside the transaction of what it proves. A device may count nothing at all."""
    is_next = Passkey.sign_count < count if count else Passkey.sign_count == 0
    if not (Passkey.update(sign_count=count, used_at=now)
            .where(Passkey.id == passkey.id, is_next).execute()):
        raise _Copied(passkey)


@contextmanager
def _copies_told(challenge, now):
    """Refuse a copied device like any other wrong one, and tell its owner."""
    try:
        yield
    except _Copied as two:
        user = two.passkey.user
        with write_transaction():
            challenges.spend(challenge, now)
            notices.tell(user, "security:passkey copied",
                         "kami menolak salinan passkey Anda, hapus passkey itu", now)
            audit.record(Event.SIGN_IN_REFUSED, chain=audit.ACCOUNTS, actor=None,
                         subject=user.public_id, now=now, copied=two.passkey.public_id.hex)
        raise NotGenuine from two


def _value(challenge):
    """The random value that the device signs."""
    return base64url_to_bytes(challenges.bound_to(challenge)["challenge"])
