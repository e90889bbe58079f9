"""Siti, a worker with a phone and an e-mail, and what closing her account takes."""

import re

import pytest

from tests.page import Clerk
from tests.people import with_phone
from webapp.models.messages import Message
from webapp.models.people import User

EMAIL = "siti@pekerja.example"


@pytest.fixture
def siti(cast):
    """Siti's account, with a phone that was proven long ago."""
    return with_phone(User.get_by_id(cast.siti.id))


@pytest.fixture
def browser(app, siti):
    """Siti's browser, signed in."""
    return Clerk(app).is_signed_in_as(siti)


def code_sent():
    """The code in the newest message that holds one."""
    text = (Message.select().where(Message.kind.startswith("otp"))
            .order_by(Message.id.desc()).get().body)
    return re.search(r"\d{3} ?\d{3}", text)[0]


def ask_to_close(clerk, channel="sms"):
    """From Keluar to the page that waits, as seed 000 tells it."""
    clerk.open("/keluar")
    clerk.open("/tutup-akun")
    clerk.send(channel=channel)
    return clerk.send(code=code_sent())


def cancel_code():
    """The code in the newest message about a closure."""
    text = (Message.select().where(Message.kind == "closure:asked")
            .order_by(Message.id.desc()).get().body)
    return re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text)[0]
