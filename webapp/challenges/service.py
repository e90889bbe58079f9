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
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from math import ceil

from webapp import counters, otp, vault
from webapp.accounts.locking import locked
from webapp.challenges.purposes import Purpose, code_email, code_sms
from webapp.challenges.send_limits import RESEND_AFTER, count_send
from webapp.db import database, write_transaction
from webapp.messages import outbox
from webapp.models.accounts import Challenge
from webapp.models.messages import EMAIL, SMS
from webapp.prepared import add
from webapp.rate_limit import (
    Limit,
    TooMany,
    count_try,
    failures,
    forget_failures,
    locked_until,
)

CODE_LIVES = timedelta(minutes=10)
CHALLENGE_LIVES = timedelta(hours=1)
GUESSES = 5
IN_PLACE_OF_CODE = "account:in use"     # holds no code: its reader may see it in Pesan
KEPT_FOR = timedelta(days=1)

# Rules §4: 10 wrong for one person and purpose wait 10 minutes, doubling. The window only has to be
# longer than any lock.
_WRONG = {"tries": 100_000, "window": timedelta(days=2), "lock_after": 10,
          "lock": timedelta(minutes=10)}
# And 3 wrong in linking where payouts go wait an hour.
_WRONG_FOR = {Purpose.LINK_DESTINATION: {
    **_WRONG, "lock_after": 3, "lock": timedelta(hours=1), "longest_lock": timedelta(hours=1)}}


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


def browser_key(browser):
    """The keyed digest of what tells a browser from others; empty when nothing does."""
    return browser and vault.current().index(browser, "challenge.browser")


def begin(purpose, *, user, bound, now, person=None):
    """Note an act that waits for a code. Returns the ``Challenge``; no code is sent yet.

    An earlier one of the same person and purpose ends: its code is good for nothing any more.

    :param purpose: a ``Purpose``.
    :param user: the ``User`` it is for, or None.
    :param bound: a dict of JSON values: all that the act will do. Where a visitor named the
        account it holds the name under ``account`` and {channel: address} under ``typed``: see
        ``_counters`` and ``_typed``.
        Under ``to`` it may hold what the code's message says besides; see ``purposes``.
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


def end(user, purpose, now):
    """End what waits for a code of one purpose, since what it would do is not what it was; inside
    the transaction of what changed it, which has locked the user."""
    _end(now, Challenge.user == user, Challenge.purpose == purpose)


def bound_to(challenge):
    """What the act will do, as ``begin`` was told."""
    return json.loads(challenge.bound)


def rebind(challenge, bound, now):
    """Let an act that waits do something else, on the wish of whoever began it: a code it had is
    good for nothing any more. Returns the challenge as it is bound now.

    When codes were sent stays known, so that the page can say how long to wait for another.
    """
    before, challenge.bound = challenge.bound_sealed, json.dumps(bound)
    with write_transaction():
        (Challenge.update(bound_sealed=challenge.bound_sealed, mac="",
                          expires_at=now + CHALLENGE_LIVES)
         .where(Challenge.id == challenge.id, Challenge.bound_sealed == before,
                Challenge.used_at.is_null(), Challenge.expires_at > now).execute())
    return Challenge.get_by_id(challenge.id)     # perhaps as another tab was faster to bind it


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
        is_too_many = False
        try:
            _count_send(challenge, channel, target, now)
        except TooMany:
            is_too_many = True
        # Asked in any case, so that it takes as long; behind the address's lock, so that of two
        # presses the second sees what the first one sent.
        was_just_sent = _was_just_sent(challenge, now)
        if is_too_many and was_just_sent:     # a form sent twice: that code stays good
            return
        if is_too_many:
            target = instead = None
        _write_code(challenge, channel, target, now, instead)
    challenge.channel, challenge.sent_at = channel, now


def judge(challenge, typed, now):
    """Look at a typed code. Returns when it is right; ``use`` it next, in the act's transaction.

    The guess is counted by one guarded statement before it is compared; a right one is given back,
    so that many presses at once of the right one stay right.

    :param typed: six digits, as ``otp.parse_code`` gives them.
    :raises WrongCode: with the guesses left; also for a right one while the person is locked by
        guesses under another name.
    :raises NoCode: nothing could be right any more.
    :raises TooMany: ten wrong for this person (where somebody was named: this name) and purpose;
        where fewer are too many, for the last of these too.
    """
    told, *hidden = _counters(challenge)
    with write_transaction():
        rows = list(
            Challenge.update(guesses_left=Challenge.guesses_left - 1)
            .where(Challenge.id == challenge.id, Challenge.guesses_left > 0, Challenge.mac != "",
                   Challenge.used_at.is_null(), Challenge.code_expires_at > now)
            .returning(Challenge.guesses_left, Challenge.mac).execute())
        # Only now: whoever waited for the row behind the tenth wrong one must see its lock.
        _refuse_while_locked(told, now)
        is_locked = any([locked_until(*counter, now) for counter in hidden])
        matches = rows and hmac.compare_digest(rows[0].mac, _mac(challenge, typed))
        is_right = matches and not is_locked
        if is_right:
            (Challenge.update(guesses_left=Challenge.guesses_left + 1)
             .where(Challenge.id == challenge.id).execute())
        elif rows:
            _count_wrong(told, hidden, now)
    if not rows:
        raise AlreadyUsed if _is_used(challenge) else NoCode
    counters.CODES.labels(counters.RIGHT if is_right else counters.WRONG).inc()
    if not is_right:
        raise WrongCode(_left(rows[0].guesses_left, told, now))
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
    forgive(challenge)


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
        _refuse_while_any_is_locked(challenge, now)
        for counter in _counters(challenge):
            count_try(*counter, now)


def forgive(challenge):
    """The person proved to be the one: count from zero again."""
    for counter in _counters(challenge):
        forget_failures(*counter)


def is_over(challenge, now):
    """Whether nothing can be done with it any more."""
    return challenge.used_at is not None or challenge.expires_at <= now


def seconds_to_resend(challenge, now):
    """How long until another code may be sent for it, whole seconds; 0 for now."""
    if not challenge.sent_at:
        return 0
    return max(0, ceil((challenge.sent_at + RESEND_AFTER - now).total_seconds()))


def guessed_out_until(user, purpose, now):
    """Until when this person waits after too many wrong codes of a purpose; None without a wait."""
    return locked_until(_limit_for(purpose), person_of(user), now)


def channels_of(user):
    """The proven ways to reach somebody, the phone first: list of (channel, target)."""
    return [(channel, target) for channel, target in ((SMS, user.phone), (EMAIL, user.email))
            if target]


def over(now):
    """The condition that a challenge was over a day ago."""
    return Challenge.expires_at < now - KEPT_FOR


def _lock_user(challenge):
    if challenge.user_id:
        locked(challenge.user_id)


def _end(now, *which):
    (Challenge.update(expires_at=now, mac="")
     .where(*which, Challenge.used_at.is_null(), Challenge.expires_at > now).execute())


def _count_send(challenge, channel, target, now):
    _refuse_while_any_is_locked(challenge, now)
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
    database.after_commit(counters.CODES.labels(counters.SENT).inc)
    said = (challenge.purpose, code, bound_to(challenge).get("to"))
    reader, sms, email = instead or (challenge.user, code_sms(*said), code_email(*said))
    outbox.write_to(channel, target, user=reader, about=challenge.public_id, now=now,
                    kind=IN_PLACE_OF_CODE if instead else f"otp-{challenge.purpose}",
                    text=sms if channel == SMS else email, expires_in=CODE_LIVES)


def _typed(challenge, channel):
    """The address a visitor typed, where nobody owns it: sends to nobody count for it as sends to
    its owner would, or one journey would tell another whether it has an owner."""
    return bound_to(challenge).get("typed", {}).get(channel)


def _counters(challenge):
    """What wrong codes count for, as (limit, subject); of the first is told when it is locked.

    Where a visitor named the account, that is the name. The person's own lock holds as well, but
    is not told: who knows two names would learn whether they are one account.
    """
    limit, name = _limit_for(challenge.purpose), bound_to(challenge).get("account")
    named = [(replace(limit, kind=f"{limit.kind}-name"), name)] if name else []
    return [*named, (limit, challenge.person)]


def _limit_for(purpose):
    return Limit(f"otp-{purpose}", **_WRONG_FOR.get(purpose, _WRONG))


def _count_wrong(told, hidden, now):
    count_try(*told, now)
    for counter in hidden:
        with suppress(TooMany):     # locked: it counts no further
            count_try(*counter, now)


def _left(guesses, counter, now):
    """How many guesses there are, where a lock may come before the code is guessed away.

    :raises TooMany: it has come, sooner than that.
    """
    limit, subject = counter
    if limit.lock_after >= GUESSES:
        return guesses
    _refuse_while_locked(counter, now)
    return min(guesses, limit.lock_after - failures(limit, subject) % limit.lock_after)


def _refuse_while_any_is_locked(challenge, now):
    for counter in _counters(challenge):
        _refuse_while_locked(counter, now)


def _refuse_while_locked(counter, now):
    until = locked_until(*counter, now)
    if until:
        counters.CODES.labels(counters.LOCKED).inc()
        raise TooMany(until)


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
