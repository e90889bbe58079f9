"""Back into an account whose password, or whose name, is forgotten.

What a visitor learns is the same whether or not there is such an account: the same rows are
written, the same limits count, and only the owner's phone or mailbox knows more.
"""

import re
from datetime import timedelta

from webapp import audit, password_rules, passwords, rate_limit, sessions
from webapp.accounts import notices
from webapp.accounts.queries import user_named
from webapp.audit import Event
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.db import write_transaction
from webapp.formats import Malformed, parse_phone
from webapp.messages import outbox
from webapp.models.messages import EMAIL, SMS
from webapp.models.people import MAY_SIGN_IN, User
from webapp.models.workers import Worker
from webapp.rate_limit import Limit, TooMany
from webapp.recovery.messages import ways_in

# Reliability AU-12: 3 an hour for one account, 20 an hour from one address.
ASKED_FOR_PERSON = Limit("reset-person", 3, timedelta(hours=1))
ASKED_FROM_ADDRESS = Limit("reset-address", 20, timedelta(hours=1))
NAMED_FOR_PERSON = Limit("name-person", 3, timedelta(hours=1))
NAMED_FROM_ADDRESS = Limit("name-address", 20, timedelta(hours=1))

SAME_AS_BEFORE = "Ini kata sandi Anda yang lama. Buat yang lain."


def ask_for_reset(account, channel, *, address, now):
    """Note that somebody wants a new password. Returns the ``Challenge``; no code is sent yet.

    Where nothing may be sent (no such account, one that may not be signed in to, too often), it is
    a challenge of nobody.

    :param account: e-mail, phone or NIK as typed.
    :param channel: how the code should come; for the record.
    :param address: the network address it comes from.
    :raises TooMany: too often from this address.
    """
    rate_limit.count_try(ASKED_FROM_ADDRESS, address, now)
    named, user = _normal(account), user_named(account)
    person = challenges.person_of(user, typed=named)
    bound = {"account": named, "typed": _typed(named)}
    if not _is_within(ASKED_FOR_PERSON, person, now):
        # Under another name: the code that was sent last stays good.
        user, person, bound = None, challenges.person_of(typed=f"often:{person}"), {}
    with write_transaction():
        audit.record(Event.PASSWORD_RESET_ASKED, chain=audit.ACCOUNTS, actor=None, now=now,
                     subject=user and user.public_id, channel=channel)
        return challenges.begin(Purpose.RESET_PASSWORD, bound=bound, now=now, person=person,
                                user=user if user and user.is_active else None)


def count_resend(challenge, now):
    """A code that is sent again counts like one asked for. Raises ``TooMany``."""
    rate_limit.count_try(ASKED_FOR_PERSON, challenge.person, now)


def targets_of(challenge):
    """Where the code may go: both channels, whatever the account has, as list of (channel,
    address or None)."""
    user = challenge.user
    return [(SMS, user and user.phone), (EMAIL, user and user.email)]


def weakness_for(user, password):
    """Why its owner may not take this password, a sentence; None when it is good.

    Ask only once the code was right: the answer tells about the owner. It takes as long as a
    sign-in; outside any transaction.

    :raises webapp.passwords.Busy: too many at once.
    """
    weakness = password_rules.weakness(password, _known_of(user))
    if not weakness and passwords.is_right(user.password_hash, password):
        return SAME_AS_BEFORE
    return weakness


def reset_password(challenge, password, now):
    """Set a password with a code that ``challenges.judge`` found right; end every session.

    It signs nobody in, and an authenticator stays: who has one is asked for it at the next sign-in.

    :raises challenges.NoCode: the code was used, the account may no longer be signed in to, or
        the address that the code went to is no longer its owner's.
    :raises webapp.passwords.Busy: too many at once.
    """
    hashed, target = passwords.hash_password(password), challenge.target
    if target is None:
        raise challenges.NoCode     # one in a million guesses what was sent to nobody
    still_theirs = (User.phone if challenge.channel == SMS else User.email).matches(target)
    with write_transaction():
        challenges.use(challenge, now)
        changed = (User.update(password_hash=hashed, password_changed_at=now)
                   .where(User.id == challenge.user_id, User.state << MAY_SIGN_IN, still_theirs)
                   .execute())
        if not changed:
            raise challenges.NoCode
        user = User.get_by_id(challenge.user_id)
        ended = sessions.end_all(user, now)
        sessions.forget_devices(user)
        audit.record(Event.PASSWORD_RESET, chain=audit.ACCOUNTS, actor=user,
                     subject=user.public_id, now=now, channel=challenge.channel, sessions=ended)
        notices.tell(user, "security:password reset",
                     "kata sandi Anda diganti lewat Lupa sandi", now)


def send_ways_in(nik, birth_date, *, address, now):
    """Tell the owner of an account, on every proven channel, by what it is signed in to.

    :param nik: 16 digits.
    :raises TooMany: too often from this address.
    """
    rate_limit.count_try(NAMED_FROM_ADDRESS, address, now)
    user = user_named(nik)
    is_allowed = _is_within(NAMED_FOR_PERSON, challenges.person_of(user, typed=nik), now)
    is_theirs = user and user.is_active and birth_date in _birth_dates_of(user)
    told = user if is_allowed and is_theirs else None
    sms, email = ways_in(told)
    with write_transaction():
        audit.record(Event.WAYS_IN_ASKED, chain=audit.ACCOUNTS, actor=None, now=now,
                     subject=user and user.public_id, told=bool(told))
        for channel, text in ((SMS, sms), (EMAIL, email)):
            outbox.write_to(channel, told and getattr(told, _COLUMNS[channel]), user=told, now=now,
                            kind="account:ways in", about=None, text=text,
                            expires_in=outbox.KEPT_FOR)


_COLUMNS = {SMS: "phone", EMAIL: "email"}


def _is_within(limit, person, now):
    try:
        rate_limit.count_try(limit, person, now)
    except TooMany:
        return False
    return True


def _normal(account):
    """What somebody typed, in the one form that limits count for."""
    text = account.strip().lower()
    digits = re.sub(r"[\s.-]", "", text)
    if "@" in text or re.fullmatch(r"[0-9]{16}", digits):
        return text if "@" in text else digits
    try:
        return parse_phone(text)
    except Malformed:
        return text


def _typed(named):
    """The address that this is, by its channel; nothing for a NIK."""
    if "@" in named:
        return {EMAIL: named}
    return {SMS: named} if named.startswith("+") else {}


def _known_of(user):
    """What a password of this person must not hold."""
    worker = Worker.get_or_none(Worker.user == user)
    return [user.name, user.nik, user.phone, user.email, user.claimed_kpj,
            worker and worker.nik, worker and worker.name]


def _birth_dates_of(user):
    worker = Worker.get_or_none(Worker.user == user)
    return [user.birth_date, worker and worker.birth_date]
