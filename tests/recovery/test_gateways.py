"""The whole way over a real SMS gateway and a real mail server."""

import re

import pytest

from tests.gateways import SmsServer, SmtpServer
from tests.people import PHONE
from tests.recovery.forgetful import EMAIL, NEW_PASSWORD, NIK
from webapp import clock, passwords
from webapp.messages.mail import Mailer
from webapp.messages.sender import Sender
from webapp.messages.sms import SmsGateway
from webapp.models.messages import Message
from webapp.models.people import User


@pytest.fixture
def outside():
    """(SMS server, mail server, a function that sends what waits)."""
    with SmsServer() as sms, SmtpServer() as mail:
        gateway = SmsGateway(sms.url, "Purna")
        sender = Sender({"sms": gateway, "email": Mailer(mail.url, "purna@purna.example")}, rest=0)
        yield sms, mail, lambda: sender.run_once(clock.now())
        gateway._client.close()


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_from_the_forgotten_account_to_a_new_password(forgetful, siti, outside, channel):
    sms, mail, send = outside
    forgetful.open("/lupa-akun")
    forgetful.send(nik=NIK, birth_date="05-08-1990")
    send()
    assert [text.to for text in sms.received] == [PHONE]
    assert mail.recipients == [[EMAIL]]
    forgetful.ask(NIK, channel)
    send()
    text = sms.received[-1].text if channel == "sms" else mail.received[-1].get_content()
    forgetful.answer("".join(re.search(r"(\d{3}) (\d{3})", text).groups()))
    assert passwords.is_right(User.get_by_id(siti.id).password_hash, NEW_PASSWORD)
    send()
    assert "kata sandi Anda diganti" in sms.received[-1].text
    assert "Kata sandi Anda diganti" in mail.received[-1].get_content()
    assert {row.state for row in Message.select()} == {"TERKIRIM"}
    assert not [row for row in Message.select() if row.kind.startswith("otp") and row.body]


def test_nothing_leaves_for_an_account_that_does_not_exist(forgetful, siti, outside):
    sms, mail, send = outside
    forgetful.ask("tidak@ada.example", "email")
    forgetful.ask("+6281234569999", "sms")
    forgetful.open("/lupa-akun")
    forgetful.send(nik="3171064508907777", birth_date="05-08-1990")
    assert send() == 0
    assert (sms.received, mail.received) == ([], [])
