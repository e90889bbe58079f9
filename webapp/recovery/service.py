"""Back into an account whose password, or whose name, is forgotten.

What a visitor learns is the same whether or not there is such an account: the same rows are
written, the same limits count, and only the owner's phone or mailbox knows more.
"""

from datetime import timedelta

from webapp import audit, password_rules, passwords, rate_limit, sessions
from webapp.accounts import notices
from webapp.accounts.locking import locked
from webapp.accounts.queries import (
    account_claiming,
    channel_named,
    normal_name,
    user_named,
)
from webapp.accounts.service import end_all_access
from webapp.audit import Event
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import begun_just_now
from webapp.db import write_transaction
from webapp.messages import outbox
from webapp.models.messages import EMAIL, SMS
from webapp.models.people import User
from webapp.models.workers import Worker
from webapp.profile.queries import personal_words
from webapp.rate_limit import Limit, TooMany
from webapp.recovery.messages import ways_in
from webapp.sign_in import service as sign_in

# Reliability AU-12: 3 an hour for one account, 20 an hour from one address.
ASKED_FOR_PERSON = Limit("reset-person", 3, timedelta(hours=1))
ASKED_FROM_ADDRESS = Limit("reset-address", 20, timedelta(hours=1))
# Never reached: presses of one browser wait for its row.
ASKED_FROM_BROWSER = Limit("reset-browser", 100_000, timedelta(hours=1))
NAMED_FOR_PERSON = Limit("name-person", 3, timedelta(hours=1))
NAMED_FROM_ADDRESS = Limit("name-address", 20, timedelta(hours=1))

SAME_AS_BEFORE = "Ini kata sandi Anda yang lama. Buat yang lain."


def ask_for_reset(account, channel, *, address, browser, now):
    """Send a code to whoever wants a new password. Returns the ``Challenge``.

    Where nothing may be sent (no such account, one that may not be signed in to, too often), it is
    a challenge of nobody. Pressing twice gives the first one again.

    :param account: e-mail, phone or NIK as typed.
    :param channel: how the code should come, ``sms`` or ``email``.
    :param address: the network address it comes from.
    :param browser: what tells this browser from others; empty when nothing does.
    :raises TooMany: too often from this address.
    """
    rate_limit.count_try(ASKED_FROM_ADDRESS, address, now)
    named, user = normal_name(account), user_named(account)
    person = challenges.person_of(user, typed=named)
    bound = {"account": named, "typed": _typed(named), "channel": channel,
             "browser": challenges.browser_key(browser)}
    with write_transaction():
        # Counting locks: two presses at once come one after the other.
        rate_limit.count_try(ASKED_FROM_BROWSER, f"{bound['browser']}|{named}", now)
        challenge = _repeated(bound, person, now)
        if challenge:
            return challenge
        if _is_within(ASKED_FOR_PERSON, person, now):
            challenge = _begin(user, bound, person, now)
        else:     # so that the code which was sent last stays good
            challenge = _begin(None, bound | {"typed": {}}, _nobody(named), now)
    send_code(challenge, channel, now)
    return challenge


def _nobody(named):
    """Whom it counts for where a name was asked for too often."""
    return challenges.person_of(typed=f"nobody|{named}")


def _repeated(bound, person, now):
    """What the same browser asked for by the same name a moment ago, or None: the same whether or
    not anybody is called so, and whoever was asked for in between."""
    earlier = [challenge for someone in (person, _nobody(bound["account"]))
               for challenge in begun_just_now(someone, Purpose.RESET_PASSWORD, now)]
    same = [challenge for challenge in earlier
            if challenges.bound_to(challenge) | {"typed": bound["typed"]} == bound]
    return same[0] if same and bound["browser"] else None


def _begin(user, bound, person, now):
    owner = user if user and user.is_active else None
    challenge = challenges.begin_beside(Purpose.RESET_PASSWORD, bound=bound, now=now,
                                        person=person, user=owner)
    challenges.silence_earlier(challenge)     # by whatever name the account was called then
    challenge.user = owner     # known already: a second look-up would take time
    audit.record(Event.PASSWORD_RESET_ASKED, chain=audit.ACCOUNTS, actor=None, now=now,
                 subject=user and user.public_id, channel=bound["channel"])
    return challenge


def send_code(challenge, channel, now):
    """Send the first or another code, or nothing where too many went out: it looks the same.

    :param channel: what was chosen; another than the possible ones gives the first of them.
    """
    targets = dict(targets_of(challenge))
    channel = channel if channel in targets else next(iter(targets))
    try:
        challenges.send_quietly(challenge, channel, targets[channel], now)
    except challenges.NoCode:
        pass     # it ended meanwhile: its page says so


def send_again(challenge, channel, now):
    """Send another code: it counts like one asked for. Where that is too often nothing is sent,
    and it looks the same: the person may have been named otherwise before."""
    if _is_within(ASKED_FOR_PERSON, challenge.person, now):
        send_code(challenge, channel, now)
    else:
        _send_nothing(challenge, channel, now)


def _send_nothing(challenge, channel, now):
    targets = dict(targets_of(challenge))
    try:
        challenges.send_quietly(challenge, channel if channel in targets else next(iter(targets)),
                                None, now)
    except challenges.NoCode:
        pass     # as in send_code


def targets_of(challenge):
    """Where the code may go, as list of (channel, address or None): both channels, whatever the
    account has, unless the challenge names those it is bound to."""
    user, allowed = challenge.user, channels_named(challenge) or (SMS, EMAIL)
    return [(channel, user and getattr(user, _COLUMNS[channel])) for channel in allowed]


def channels_named(challenge):
    """The only channels a challenge may use, where whoever began it said so."""
    return challenges.bound_to(challenge).get("channels")


def weakness_for(user, password):
    """Why its owner may not take this password, a sentence; None when it is good.

    Ask only once the code was right: the answer tells about the owner. It takes as long as a
    sign-in; outside any transaction.

    :raises webapp.passwords.Busy: too many at once.
    """
    weakness = password_rules.weakness(password, personal_words(user))
    if not weakness and passwords.is_right(user.password_hash, password):
        return SAME_AS_BEFORE
    return weakness


def reset_password(challenge, password, *, device, is_borrowed, now):
    """Set a password with a code that ``challenges.judge`` found right; end every session.

    It signs nobody in, and an authenticator stays: who has one is asked for it at the next sign-in.
    Passkeys go: Lupa sandi is what we tell somebody to do whose account was taken.
    This device, where a contact was proven just now, is known from now on, and no other; a
    borrowed one is not.

    :param device: the device cookie's value, or empty.
    :returns: the device cookie's new value; None where nothing is left behind.
    :raises challenges.NoCode: the code was used, the account may no longer be signed in to, or
        the address that the code went to is no longer its owner's.
    :raises webapp.passwords.Busy: too many at once.
    """
    hashed, sent_to = passwords.hash_password(password), (challenge.channel, challenge.target)
    with write_transaction():
        user = locked(challenge.user_id)
        challenges.use(challenge, now)
        if not user.is_active or sent_to not in challenges.channels_of(user):
            raise challenges.NoCode
        (User.update(password_hash=hashed, password_changed_at=now)
         .where(User.id == user.id).execute())
        ended = end_all_access(user, now)
        token = None if is_borrowed else sessions.remember_device(user, device, now)
        sign_in.forgive(user)
        notices.tell(user, "security:password reset",
                     "kata sandi Anda diganti lewat Lupa sandi", now)
        audit.record(Event.PASSWORD_RESET, chain=audit.ACCOUNTS, actor=user,
                     subject=user.public_id, now=now, channel=challenge.channel, **ended)
    return token


def send_ways_in(nik, birth_date, *, address, now):
    """Tell the owner of an account, on every proven channel, by what it is signed in to.

    :param nik: 16 digits.
    :raises TooMany: too often from this address.
    """
    rate_limit.count_try(NAMED_FROM_ADDRESS, address, now)
    claiming = account_claiming(nik, birth_date)     # asked in any case: it takes time
    user = user_named(nik) or claiming
    is_allowed = _is_within(NAMED_FOR_PERSON, challenges.person_of(user, typed=nik), now)
    birth_dates = _birth_dates_of(user)
    is_theirs = user and user.is_active and birth_date in birth_dates
    told = user if is_allowed and is_theirs else None
    sms, email = ways_in(told)
    with write_transaction():
        for channel, text in ((SMS, sms), (EMAIL, email)):
            outbox.write_to(channel, told and getattr(told, _COLUMNS[channel]), user=told, now=now,
                            kind="account:ways in", about=None, text=text,
                            expires_in=outbox.KEPT_FOR)
        audit.record(Event.WAYS_IN_ASKED, chain=audit.ACCOUNTS, actor=None, now=now,
                     subject=user and user.public_id, told=bool(told))


_COLUMNS = {SMS: "phone", EMAIL: "email"}


def _is_within(limit, person, now):
    try:
        rate_limit.count_try(limit, person, now)
    except TooMany:
        return False
    return True


def _typed(named):
    """The address that this is, by its channel; nothing for a NIK."""
    channel = channel_named(named)
    return {channel: named} if channel else {}


def _birth_dates_of(user):
    """What is asked for somebody is asked for nobody, too: it takes time."""
    worker = Worker.get_or_none(Worker.user == (user.id if user else 0))
    return [user and user.birth_date, worker and worker.birth_date]
