"""How to reach the people behind Purna, and which channels are really theirs."""

from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Contact:
    """How to reach us. ``phone`` is as people read it, "" where there is none; ``dialled`` the
    same as a phone takes it."""

    phone: str
    dialled: str
    email: str
    hours: str


@dataclass(frozen=True)
class Channels:
    """Where Purna is, and what its messages come from."""

    address: str
    sms_sender: str
    mail_sender: str


def contact_of(config):
    """The ``Contact`` that the settings name."""
    phone = config["CONTACT_PHONE"]
    return Contact(phone, "".join(sign for sign in phone if sign.isdigit() or sign == "+"),
                   parseaddr(config["CONTACT_EMAIL"])[1], config["CONTACT_HOURS"])


def channels_of(config):
    """The ``Channels`` that the settings name; the address as it is typed, without its scheme."""
    return Channels(urlsplit(config["BASE_URL"]).netloc, config["SMS_SENDER"],
                    parseaddr(config["MAIL_FROM"])[1])
