"""Promising messages: written in the transaction of what they tell about, sent afterwards.

A message exists exactly if the act it tells about does. The sender (``sender.py``) does the rest.
"""

from datetime import timedelta

from webapp.db import database
from webapp.messages.gsm import LONGEST_SMS, gsm_text, shorten
from webapp.models.messages import EMAIL, SMS, Message
from webapp.prepared import add

__all__ = ["KEPT_FOR", "gsm_text", "is_secret", "shorten", "tell"]

KEPT_FOR = timedelta(hours=72)     # a notice older than this would confuse more than it tells
CODE_KINDS = "otp"                 # kinds that begin so carry a code: nothing keeps their text


def is_secret(kind):
    """Whether messages of this kind hold a code that nobody may read again."""
    return kind.startswith(CODE_KINDS)


def tell(worker=None, user=None, *, kind, about, now, sms=None, email=None, expires_in=KEPT_FOR):
    """Write one message for each channel by which this person can be reached.

    :param worker: the ``Worker`` it is for (SMS and e-mail); or
    :param user: the ``User`` it is for (e-mail only). Exactly one of the two.
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
    if not database.in_transaction():
        raise RuntimeError("a message belongs in the transaction of what it tells about")
    if (worker is None) == (user is None):
        raise ValueError("a message is for one worker or one user")
    rows = [*_sms_row(worker, sms), *_email_row(worker or user, email)]
    for row in rows:
        add(Message(worker=worker and worker.id, user=user and user.id, kind=kind, about=about,
                    created_at=now, due_at=now, expires_at=now + expires_in, **row))
    return [row["channel"] for row in rows]


def _sms_row(worker, text):
    if text is None:
        return
    text = gsm_text(text)
    if not 0 < len(text) <= LONGEST_SMS:
        raise ValueError(f"an SMS holds 1 to {LONGEST_SMS} characters, not {len(text)}")
    if worker and worker.phone:
        yield {"channel": SMS, "recipient": worker.phone, "body": text}


def _email_row(person, email):
    if email is None:
        return
    subject, body = email
    if not 0 < len(subject) <= Message.subject.max_length or not subject.isprintable():
        raise ValueError("a subject is one line of at most 200 characters")
    if person.email:
        yield {"channel": EMAIL, "recipient": person.email, "subject": subject, "body": body}
