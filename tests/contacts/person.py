"""Siti, who changes her contacts, and the messages she gets."""

import re
from datetime import timedelta

from tests.page import Clerk
from webapp import clock
from webapp.models.messages import Message
from webapp.models.people import User

OLD_PHONE, NEW_PHONE = "+6281234567890", "+6281390004512"
EMAIL, NEW_EMAIL = "siti@pekerja.example", "siti.baru@pekerja.example"


def siti_with(**contacts):
    """Siti's account with these contacts besides her e-mail."""
    user = User.get(User.email.matches(EMAIL))
    for name, value in contacts.items():
        setattr(user, name, value)
    user.save()
    return user


def siti_now():
    """Siti's account as it is."""
    return User.get(User.name == "Siti Rahayu")


def is_just_now(moment):
    """Whether something happened in this test."""
    return moment is not None and timedelta(0) <= clock.now() - moment < timedelta(minutes=1)


def latest():
    """The newest message."""
    return Message.select().order_by(Message.id.desc()).get()


def code_sent():
    """The code in the newest message."""
    return "".join(re.search(r"\b(\d{3}) (\d{3})\b", latest().body).groups())


def wrong_code():
    """Another one."""
    return f"{(int(code_sent()) + 1) % 1_000_000:06}"


class Changer(Clerk):
    """Somebody who is signed in and changes a contact."""

    def ask(self, path="/profil/ponsel", **answers):
        """Say which contact; the page that asks for the first code follows."""
        self.open(path)
        return self.send(**answers)

    def change(self, path="/profil/ponsel", **answers):
        """All the way, with both codes."""
        self.ask(path, **answers)
        self.send(code=code_sent())
        return self.send(code=code_sent())
