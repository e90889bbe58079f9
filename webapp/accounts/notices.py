"""Telling a person, on every proven channel, what happened to the account."""

from webapp.clock import show_moment
from webapp.messages import outbox

NOT_YOU = "Bukan Anda? Buka Purna > Profil > Ini bukan saya."


def tell(user, kind, what, now, about=None):
    """Write the notice; inside the transaction of what it tells about. Returns the channels.

    :param kind: a short name for the message, as ``security:new device``.
    :param what: what happened, a sentence without its full stop: "kata sandi Anda diganti".
    """
    return outbox.tell(user=user, kind=kind, about=about, now=now, sms=_sms(what),
                       email=_email(what, now))


def tell_at(channel, address, user, kind, what, now):
    """The same to one address: the one that was the person's until just now."""
    outbox.write_to(channel, address, user=user, kind=kind, about=None, now=now,
                    text=_sms(what) if channel == "sms" else _email(what, now),
                    expires_in=outbox.KEPT_FOR)


def _sms(what):
    return f"Purna: {what}. {NOT_YOU}"


def _email(what, now):
    return ("Keamanan akun Purna Anda",
            f"{what[0].upper()}{what[1:]}.\n\nWaktunya {show_moment(now)}.\n\n"
            f"Jika Anda yang melakukannya, tidak ada yang perlu dilakukan.\n{NOT_YOU}\n")
