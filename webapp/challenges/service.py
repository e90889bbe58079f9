"""One-time codes, each bound to one act and its data.

An act that needs a code is a row first (``begin``): who, what for, and, sealed, everything it
will do. ``send`` gives it a code, ``judge`` looks at what was typed, ``use`` spends it inside the
act's own transaction. Whoever names an account that does not exist gets a row too, one whose code
is sent to nobody, so that both look and last alike.

The limits (rules §4) are rows: exact over processes, and they outlive a resend, another device and
a restart.
"""

import hmac
import json
import secrets
from datetime import timedelta
from math import ceil

from webapp import otp, vault
from webapp.accounts.locking import locked
from webapp.challenges.purposes import code_email, code_sms
from webapp.challenges.send_limits import RESEND_AFTER, count_send
from webapp.db import write_transaction
from webapp.messages import outbox
from webapp.models.accounts import Challenge
from webapp.models.messages import EMAIL, SMS
from webapp.prepared import add
from webapp.rate_limit import Limit, TooMany, count_try, forget_failures, locked_until

CODE_LIVES = timedelta(minutes=10)
CHALLENGE_LIVES = timedelta(hours=1)
GUESSES = 5
IN_PLACE_OF_CODE = "account:in use"     # holds no code: its reader may see it in Pesan
KEPT_FOR = timedelta(days=1)

# Rules §4: 10 wrong for one person and purpose wait 10 minutes, doubling. The window only has to be
# longer than any lock.
_WRONG = {"tries": 100_000, "window": timedelta(days=2), "lock_after": 10,
          "lock": timedelta(minutes=10)}


class WrongCode(Exception):
    """Not the code that was sent; ``left`` guesses remain."""

    def __init__(self, left):
        super().__init__(left)
        self.left = left


class NoCode(Exception):
    """There is no code that could be right: expired, guessed away, replaced, used or never sent."""


class AlreadyUsed(NoCode):
    """The act was done with this code; it is not done again."""


def person_of(user=None, typed=""):
    """The keyed digest that limits count for: a user's, or of what somebody typed."""
    name = user.public_id.hex if user else f"typed:{typed}"
    return vault.current().index(name, "challenge.person")


def begin(purpose, *, user, bound, now, person=None):
    """Note an act that waits for a code. Returns the ``Challenge``; no code is sent yet.

    An earlier one of the same person and purpose ends: its code is good for nothing any more.

    :param purpose: a ``Purpose``.
    :param user: the ``User`` it is for, or None.
    :param bound: a dict of JSON values: all that the act will do. Under ``typed`` it may hold
        {channel: address}, what a visitor called the account: see ``_typed``.
    :param person: what ``person_of`` gave, where there is no user.
    """
    person = person or person_of(user)
    with write_transaction():
        _end(now, Challenge.person == person, Challenge.purpose == purpose)
        return begin_beside(purpose, user=user, bound=bound, now=now, person=person)


def begin_beside(purpose, *, user, bound, now, person):
    """The same where earlier ones go on: nobody may end what somebody else began by naming the
    same address. All of them count for one person."""
    row = Challenge(purpose=purpose, person=person, user=user, created_at=now,
                    expires_at=now + CHALLENGE_LIVES)
    row.bound = json.dumps(bound)
    with write_transaction():
        return add(row)


def silence_earlier(challenge):
    """Let codes of earlier ones of the same person and purpose be wrong from now on.

    Their pages stay as they are: whoever began them by another name learns nothing.
    """
    (Challenge.update(mac=_nothing())
     .where(Challenge.person == challenge.person, Challenge.purpose == challenge.purpose,
            Challenge.id < challenge.id, Challenge.mac != "").execute())


def end_all(user, now):
    """End what waits for a code, begun with an earlier password or by somebody else; inside the
    transaction of the act, which has locked the user."""
    _end(now, Challenge.user == user)


def bound_to(challenge):
    """What the act will do, as ``begin`` was told."""
    return json.loads(challenge.bound)


def send(challenge, channel, target, now, instead=None):
    """Send a fresh code; an earlier one of this challenge ends.

    :param channel: ``sms`` or ``email``.
    :param target: the phone (E.164) or e-mail it goes to; None for nobody (a decoy).
    :param instead: (owner, sms, email) to send in place of the code, where the ``User`` who owns
        the address must hear something else; it is that user's message, and the code is then
        known to nobody.
    :raises TooMany: the address got too many codes, or too much was guessed for this person.
    :raises NoCode: the challenge is over.
    """
    with write_transaction():
        _count_send(challenge, channel, target, now)
        _write_code(challenge, channel, target, now, instead)
    challenge.channel, challenge.sent_at = channel, now


def send_quietly(challenge, channel, target, now, instead=None):
    """The same where whoever asks has not proven the address: too many is not told.

    Then nothing is sent, and it looks and lasts as if it were: what was sent to this address for
    something else, and to whom it belongs, is nobody's business.

    :raises NoCode: the challenge is over.
    """
    with write_transaction():
        try:
            _count_send(challenge, channel, target, now)
        except TooMany:
            if _was_just_sent(challenge, now):     # a form sent twice: that code stays good
                return
            target = instead = None
        _write_code(challenge, channel, target, now, instead)
    challenge.channel, challenge.sent_at = channel, now


def judge(challenge, typed, now):
    """Look at a typed code. Returns when it is right; ``use`` it next, in the act's transaction.

    The guess is counted by one guarded statement before it is compared.

    :param typed: six digits, as ``otp.parse_code`` gives them.
    :raises WrongCode: with the guesses left.
    :raises NoCode: nothing could be right any more.
    :raises TooMany: ten wrong for this person and purpose.
    """
    with write_transaction():
        rows = list(
            Challenge.update(guesses_left=Challenge.guesses_left - 1)
            .where(Challenge.id == challenge.id, Challenge.guesses_left > 0, Challenge.mac != "",
                   Challenge.used_at.is_null(), Challenge.code_expires_at > now)
            .returning(Challenge.guesses_left, Challenge.mac).execute())
        # Only now: whoever waited for the row behind the tenth wrong one must see its lock.
        _refuse_while_locked(challenge, now)
        is_right = rows and hmac.compare_digest(rows[0].mac, _mac(challenge, typed))
        if rows and not is_right:
            count_try(_limit(challenge), challenge.person, now)
    if not rows:
        raise AlreadyUsed if _is_used(challenge) else NoCode
    if not is_right:
        raise WrongCode(rows[0].guesses_left)
    challenge.mac = rows[0].mac


def use(challenge, now):
    """Spend a code that ``judge`` found right; inside the transaction of the act.

    The user is locked first, so that all acts on an account take it before its codes.

    :raises AlreadyUsed: somebody was faster, or the code was replaced meanwhile.
    """
    _lock_user(challenge)
    spent = (Challenge.update(used_at=now)
             .where(Challenge.id == challenge.id, Challenge.used_at.is_null(),
                    Challenge.mac == challenge.mac, Challenge.expires_at > now).execute())
    if not spent:
        raise AlreadyUsed
    forget_failures(_limit(challenge), challenge.person)


def spend(challenge, now):
    """Spend a challenge whose proof is no sent code (an authenticator, a passkey).

    :raises AlreadyUsed: it was spent or is over.
    """
    _lock_user(challenge)
    spent = (Challenge.update(used_at=now)
             .where(Challenge.id == challenge.id, Challenge.used_at.is_null(),
                    Challenge.expires_at > now).execute())
    if not spent:
        raise AlreadyUsed


def count_proof(challenge, now):
    """Count a proof that is no sent code before it is judged. Raises ``TooMany``.

    A right one is forgiven by ``forgive``.
    """
    with write_transaction():
        _refuse_while_locked(challenge, now)
        count_try(_limit(challenge), challenge.person, now)


def forgive(challenge):
    """The person proved to be the one: count from zero again."""
    forget_failures(_limit(challenge), challenge.person)


def is_over(challenge, now):
    """Whether nothing can be done with it any more."""
    return challenge.used_at is not None or challenge.expires_at <= now


def seconds_to_resend(challenge, now):
    """How long until another code may be sent for it, whole seconds; 0 for now."""
    if not challenge.sent_at:
        return 0
    return max(0, ceil((challenge.sent_at + RESEND_AFTER - now).total_seconds()))


def channels_of(user):
    """The proven ways to reach somebody, the phone first: list of (channel, target)."""
    return [(channel, target) for channel, target in ((SMS, user.phone), (EMAIL, user.email))
            if target]


def purge(now):
    """Delete challenges that were over a day ago."""
    return Challenge.delete().where(Challenge.expires_at < now - KEPT_FOR).execute()


def _lock_user(challenge):
    if challenge.user_id:
        locked(challenge.user_id)


def _end(now, *which):
    (Challenge.update(expires_at=now, mac="")
     .where(*which, Challenge.used_at.is_null(), Challenge.expires_at > now).execute())


def _count_send(challenge, channel, target, now):
    _refuse_while_locked(challenge, now)
    count_send(channel, target or _typed(challenge, channel) or challenge.person, now)


def _was_just_sent(challenge, now):
    return Challenge.select().where(Challenge.id == challenge.id,
                                    Challenge.sent_at > now - RESEND_AFTER).exists()


def _write_code(challenge, channel, target, now, instead):
    code, challenge.target = otp.new_code(), target
    changed = Challenge.update(
        channel=channel, target_sealed=challenge.target_sealed, guesses_left=GUESSES,
        mac=_mac(challenge, _nothing() if target is None or instead else code),
        sent_at=now, code_expires_at=now + CODE_LIVES,
    ).where(Challenge.id == challenge.id, Challenge.used_at.is_null(),
            Challenge.expires_at > now).execute()
    if not changed:
        raise NoCode
    reader, sms, email = instead or (challenge.user, code_sms(challenge.purpose, code),
                                     code_email(challenge.purpose, code))
    outbox.write_to(channel, target, user=reader, about=challenge.public_id, now=now,
                    kind=IN_PLACE_OF_CODE if instead else f"otp-{challenge.purpose}",
                    text=sms if channel == SMS else email, expires_in=CODE_LIVES)


def _typed(challenge, channel):
    """The address a visitor typed, where nobody owns it: sends to nobody count for it as sends to
    its owner would, or one journey would tell another whether it has an owner."""
    return bound_to(challenge).get("typed", {}).get(channel)


def _refuse_while_locked(challenge, now):
    until = locked_until(_limit(challenge), challenge.person, now)
    if until:
        raise TooMany(until)


def _limit(challenge):
    return Limit(f"otp-{challenge.purpose}", **_WRONG)


def _is_used(challenge):
    return Challenge.select().where(Challenge.id == challenge.id,
                                    Challenge.used_at.is_null(False)).exists()


def _nothing():
    """In place of a code where none may be right: nobody can type it, not even by luck."""
    return secrets.token_hex(8)


def _mac(challenge, code):
    """Covers the act, for whom it is, its data and the code."""
    act = f"{challenge.public_id.hex}|{challenge.purpose}|{challenge.person}|{challenge.bound}"
    return vault.current().index(f"{act}|{code}", "challenge.code")
