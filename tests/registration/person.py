"""Somebody who registers: walks the steps, and reads the messages."""

import re

from tests.page import Clerk
from webapp.models.messages import Message

PASSWORD = "kuda baterai hijau jendela"
ANSWERS = {"nik": "3171064508910007", "name": "Wati Lestari", "birth_date": "1991-08-05", "kpj": "",
           "phone": "0812 9000 4512", "email": "", "new_password": PASSWORD}
PHONE = "+6281290004512"


class Newcomer(Clerk):
    """Somebody without an account, with a browser that was never here."""

    def __init__(self, app, device=""):
        super().__init__(app, device)

    def fill_in(self, **answers):
        """Send the form; with good answers the terms follow."""
        self.open("/daftar")
        return self.send(**{**ANSWERS, **answers})

    def agree(self, channel="sms"):
        """Agree to the terms that are shown; the code page follows."""
        return self.send(is_agreed="y", channel=channel)

    def begin(self, channel="sms", **answers):
        """As far as the code page."""
        self.fill_in(**answers)
        return self.agree(channel)

    def register(self, channel="sms", **answers):
        """All the way."""
        self.begin(channel, **answers)
        return self.send(code=code_sent())


def last_text():
    """The newest message's text."""
    return Message.select().order_by(Message.id.desc()).get().body


def code_sent():
    """The code in the newest message."""
    return "".join(re.search(r"\b(\d{3}) (\d{3})\b", last_text()).groups())
