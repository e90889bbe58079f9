"""Telling a person, on every proven channel, what happened to the account."""

from webapp.clock import show_moment
from webapp.messages import outbox
from webapp.models.messages import SMS

NOT_YOU = "Bukan Anda? Buka Purna > Profil > Ini bukan saya."
OUT_OF_REACH = "Bukan Anda? Buka Masuk lalu Lupa sandi, atau datang ke kantor cabang."
# After these only whoever did it may be left in the account: its owner cannot open Profil.
LOCKS_OUT = ("security:password", "security:password reset", "security:contact",
             "security:authenticator")


def tell(user, kind, what, now, about=None):
    """Write the notice; inside the transaction of what it tells about. Returns the channels.

    :param kind: a short name for the message, as ``security:new device``.
    :param what: what happened, a sentence without its full stop: "kata sandi Anda diganti".
    """
    return outbox.tell(user=user, kind=kind, about=about, now=now, sms=_sms(kind, what),
                       email=_email(kind, what, now))


def tell_at(channel, address, user, kind, what, now):
    """The same to one address: the one that was the person's until just now."""
    outbox.write_to(channel, address, user=user, kind=kind, about=None, now=now,
                    text=_sms(kind, what) if channel == SMS else _email(kind, what, now),
                    expires_in=outbox.KEPT_FOR)


def _advice(kind):
    return OUT_OF_REACH if kind in LOCKS_OUT else NOT_YOU


def _sms(kind, what):
    return f"Purna: {what}. {_advice(kind)}"


def _email(kind, what, now):
    return ("Keamanan akun Purna Anda",
            f"{what[0].upper()}{what[1:]}.\n\nWaktunya {show_moment(now)}.\n\n"
            f"Jika Anda yang melakukannya, tidak ada yang perlu dilakukan.\n{_advice(kind)}\n")
