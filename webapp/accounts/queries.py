"""Finding accounts by what people call them."""

import re

from webapp.formats import Malformed, parse_phone
from webapp.models.accounts import Agreement
from webapp.models.people import MAY_SIGN_IN, WORKER, User
from webapp.models.workers import Worker

_NIK = re.compile(r"[0-9]{16}")


def user_named(text):
    """The account somebody names by e-mail, phone or NIK; None when there is none.

    A NIK that nobody has proven yet names an account only while one alone claims it.
    """
    text = text.strip().lower()
    if "@" in text:
        return User.get_or_none(User.email.matches(text))
    digits = re.sub(r"[\s.-]", "", text)
    if _NIK.fullmatch(digits):
        return _user_with_nik(digits)
    try:
        return User.get_or_none(User.phone.matches(parse_phone(text)))
    except Malformed:
        return None


def _user_with_nik(nik):
    worker = (Worker.select(Worker, User).join(User)
              .where(Worker.nik.matches(nik)).first())
    if worker:
        return worker.user
    claiming = list(User.select().where(User.nik.matches(nik), User.role == WORKER,
                                        User.state << MAY_SIGN_IN).limit(2))
    return claiming[0] if len(claiming) == 1 else None


def has_agreed(user, version):
    """Whether a person agreed to this version of the terms."""
    return Agreement.select().where(Agreement.user == user, Agreement.version == version).exists()
