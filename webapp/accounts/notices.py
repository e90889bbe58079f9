"""Telling a person, on every proven channel, what happened to the account."""

from webapp.clock import show_moment
from webapp.contacts.queries import SETTLED_AFTER
from webapp.messages import outbox
from webapp.models.messages import SMS, Message

NOT_YOU = "Bukan Anda? Buka Purna > Profil > Ini bukan saya."
OUT_OF_REACH = "Bukan Anda? Buka Masuk lalu Lupa sandi, atau datang ke kantor cabang."
# After these only whoever did it may be left in the account: its owner cannot open Profil.
LOCKS_OUT = ("security:password", "security:password reset", "security:contact",
             "security:authenticator")
# What somebody is told whose contact is the account's no more.
PARTINGS = ("security:contact", "security:contact replaced")
# By these an account changes hands: who has the contacts of today may be the thief.
TAKES_OVER = ("security:password", "security:password reset", "security:recovery asked",
              "security:recovery refused")


def tell(user, kind, what, now, about=None):
    """Write the notice; inside the transaction of what it tells about.

    What may hand the account to somebody else is told to the contacts held before, too.

    :param kind: a short name for the message, as ``security:new device``.
    :param what: what happened, a sentence without its full stop: "kata sandi Anda diganti".
    """
    outbox.tell(user=user, kind=kind, about=about, now=now, sms=_sms(what, _advice(kind)),
                email=_email(what, _advice(kind), now))
    if kind in TAKES_OVER:
        tell_former(user, kind, now, sms=_sms(what, OUT_OF_REACH),
                    email=_email(what, OUT_OF_REACH, now))


def tell_at(channel, address, user, kind, what, now):
    """The same to one address: the one that was the person's until just now."""
    outbox.write_to(channel, address, user=user, kind=kind, about=None, now=now,
                    text=(_sms(what, _advice(kind)) if channel == SMS
                          else _email(what, _advice(kind), now)),
                    expires_in=outbox.KEPT_FOR)


def tell_former(user, kind, now, *, sms, email):
    """Write to the contacts that were the account's until less than 72 hours ago: whoever changed
    them may be somebody else.

    :param sms: the text; ``email`` is (subject, body).
    """
    for channel, address in _held_lately(user, now):
        outbox.write_to(channel, address, user=user, kind=kind, about=None, now=now,
                        text=sms if channel == SMS else email, expires_in=outbox.KEPT_FOR)


def _held_lately(user, now):
    """(channel, address) of those that were told that they are the account's no more."""
    told = Message.select().where(Message.user == user, Message.kind << PARTINGS,
                                  Message.created_at > now - SETTLED_AFTER)
    return sorted({(row.channel, row.recipient) for row in told
                   if row.recipient not in (None, user.phone, user.email)})


def _advice(kind):
    return OUT_OF_REACH if kind in LOCKS_OUT else NOT_YOU


def _sms(what, advice):
    return f"Purna: {what}. {advice}"


def _email(what, advice, now):
    return ("Keamanan akun Purna Anda",
            f"{what[0].upper()}{what[1:]}.\n\nWaktunya {show_moment(now)}.\n\n"
            f"Jika Anda yang melakukannya, tidak ada yang perlu dilakukan.\n{advice}\n")
