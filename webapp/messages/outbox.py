"""Promising messages: written in the transaction of what they tell about, sent afterwards.

A message exists exactly if the act it tells about does. The sender (``sender.py``) does the rest.
"""

from datetime import timedelta
from typing import NamedTuple

from webapp.db import database
from webapp.messages.gsm import LONGEST_SMS, gsm_text, shorten
from webapp.models.messages import EMAIL, EXPIRED, SMS, Message
from webapp.models.people import User
from webapp.models.workers import Worker
from webapp.prepared import add, add_all

__all__ = ["FAREWELL", "KEPT_FOR", "erased_at_the_end", "gsm_text", "decoys_over", "is_secret",
           "shorten", "tell", "tell_all", "write_to"]

KEPT_FOR = timedelta(hours=72)     # a notice older than this would confuse more than it tells
NOBODY = "-"
CODE_KINDS = "otp"                 # kinds that begin so carry a code: nothing keeps their text
FAREWELL = "account:closed"        # to somebody whose contacts are erased: nothing keeps it


def is_secret(kind):
    """Whether messages of this kind hold a code that nobody may read again."""
    return kind.startswith(CODE_KINDS)


def erased_at_the_end(kind):
    """What is erased of a message of this kind once it was sent or given up: names of columns."""
    if kind == FAREWELL:
        return ("recipient_sealed", "body_sealed")
    return ("body_sealed",) if is_secret(kind) else ()


def tell(worker=None, user=None, *, kind, about, now, sms=None, email=None, expires_in=KEPT_FOR):
    """Write one message for each channel by which this person can be reached.

    :param worker: the ``Worker`` it is for (SMS and e-mail); or
    :param user: the ``User`` it is for. Exactly one of the two. A worker with an account is
        reached by the account's proven contacts, else by those the company reported.
    :param kind: a short name; one that begins with ``otp`` marks a message that holds a code.
    :param about: public id (UUID) of what it tells about, or None.
    :param now: the moment of the act, aware.
    :param sms: the text, brought into the GSM alphabet here.
    :param email: (subject, body); the subject is kept in clear: no personal data in it.
    :param expires_in: ``timedelta`` after which it is no longer worth sending.
    :returns: the channels written, a list; empty when the person has no address for them.
    :raises RuntimeError: outside a write transaction.
    :raises ValueError: for a text longer than one SMS or a subject that is not one short line.
    """
    if (worker is None) == (user is None):
        raise ValueError("a message is for one worker or one user")
    return tell_all([Letter(worker, user, about, sms, email)], kind=kind, now=now,
                    expires_in=expires_in)[0]


class Letter(NamedTuple):
    """What one person is told: see ``tell`` for what each means."""

    worker: Worker | None
    user: User | None
    about: object
    sms: str | None = None
    email: tuple | None = None


def tell_all(letters, *, kind, now, expires_in=KEPT_FOR):
    """Tell several people things of one kind, each as ``tell`` does.

    :returns: for each ``Letter`` the channels written, a list.
    """
    if not database.in_transaction():
        raise RuntimeError("a message belongs in the transaction of what it tells about")
    common = {"kind": kind, "created_at": now, "due_at": now, "expires_at": now + expires_in}
    written = [_messages(letter, common) for letter in letters]
    add_all(Message, [message.__data__ for messages in written for message in messages])
    return [[message.channel for message in messages] for messages in written]


def _messages(letter, common):
    """The messages of one letter, one for each channel that has a text and an address."""
    texts = {channel: text for channel, text in ((SMS, letter.sms), (EMAIL, letter.email))
             if text is not None}
    ready = {channel: _checked(channel, text) for channel, text in texts.items()}
    return [Message(worker=letter.worker and letter.worker.id, user=letter.user and letter.user.id,
                    about=letter.about, channel=channel, recipient=address, **ready[channel],
                    **common)
            for channel, address in _addresses(letter.worker, letter.user).items()
            if address and channel in ready]


def write_to(channel, address, *, worker=None, user=None, kind, about, now, text, expires_in):
    """Write one message to one address, whoever owns it; inside a transaction like ``tell``.

    :param address: None for nobody: a row that is over already, so that the same work is done
        whether or not somebody is there.
    :param worker: the ``Worker`` whose message it is, or None.
    :param user: the ``User`` whose message it is, or None.
    :param text: the SMS, or (subject, body) of the e-mail.
    """
    over = {} if address else {"state": EXPIRED, "problem": NOBODY, "body": None}
    add(Message(worker=worker and worker.id, user=user and user.id, kind=kind, about=about,
                created_at=now, due_at=now, expires_at=now + expires_in, channel=channel,
                recipient=address, **(_checked(channel, text) | over)))


def decoys_over(now):
    """The condition that a row was to nobody, and would have ended by now."""
    return ((Message.state == EXPIRED) & (Message.problem == NOBODY)
            & (Message.expires_at <= now))


def _addresses(worker, user):
    account = user or (worker.user if worker.user_id else None)
    return {channel: (account and getattr(account, name)) or (worker and getattr(worker, name))
            for channel, name in ((SMS, "phone"), (EMAIL, "email"))}


def _checked(channel, text):
    """The fields of a message with this text."""
    if channel == SMS:
        text = gsm_text(text)
        if not 0 < len(text) <= LONGEST_SMS:
            raise ValueError(f"an SMS holds 1 to {LONGEST_SMS} characters, not {len(text)}")
        return {"subject": "", "body": text}
    subject, body = text
    if not 0 < len(subject) <= Message.subject.max_length or not subject.isprintable():
        raise ValueError("a subject is one line of at most 200 characters")
    return {"subject": subject, "body": body}
