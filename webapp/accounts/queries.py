"""Finding accounts by what people call them."""

import re

from webapp.accounts.contacts import owner_of
from webapp.formats import Malformed, parse_phone
from webapp.models.accounts import Agreement
from webapp.models.messages import EMAIL, SMS
from webapp.models.people import User
from webapp.models.workers import Worker

_NIK = re.compile(r"[0-9]{16}")


def normal_name(text):
    """What somebody calls an account, in the one form by which it is looked up and counted: an
    e-mail, a NIK's digits, a phone as E.164; what is none of them as it was typed."""
    text = text.strip().lower()
    if "@" in text:
        return text
    digits = re.sub(r"[\s.-]", "", text)
    if _NIK.fullmatch(digits):
        return digits
    try:
        return parse_phone(text)
    except Malformed:
        return text


def channel_named(name):
    """By which channel somebody is reached who is called so; None for a NIK or anything else.

    :param name: as ``normal_name`` gives it.
    """
    if "@" in name:
        return EMAIL
    return SMS if name.startswith("+") else None


def user_named(text):
    """The account somebody names by e-mail, phone or NIK; None when there is none.

    A NIK names an account once memberships are connected with it. Until then it is only what
    somebody says: anybody could claim it, to learn whether another does.
    """
    name = normal_name(text)
    if _NIK.fullmatch(name):
        return _user_with_nik(name)
    channel = channel_named(name)
    return owner_of(channel, name) if channel else None


def _user_with_nik(nik):
    worker = (Worker.select(Worker, User).join(User)
              .where(Worker.nik.matches(nik)).first())
    return worker and worker.user


def account_claiming(nik, birth_date):
    """The oldest account whose owner gave this NIK and birth date, connected or not; or None."""
    return (User.select().where(User.nik.matches(nik), User.birth_date == birth_date)
            .order_by(User.id).first())


def has_agreed(user, version):
    """Whether a person agreed to this version of the terms."""
    return Agreement.select().where(Agreement.user == user, Agreement.version == version).exists()
