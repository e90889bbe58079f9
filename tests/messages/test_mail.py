import time
import uuid
from email.utils import parsedate_to_datetime

import pytest

from tests.gateways import HANG, REFUSE, TEMPORARY, SmtpServer
from webapp import clock
from webapp.messages.delivery import GatewayTrouble, Undeliverable, UnknownAnswer
from webapp.messages.mail import Mailer

SITI = "siti@contoh.example"


@pytest.fixture
def server():
    with SmtpServer() as server:
        yield server


@pytest.fixture
def mailer(server):
    mailer = Mailer(server.url, "Purna <purna@purna.example>", timeout=0.5)
    yield mailer
    mailer.batch_done()


def test_a_message_arrives_as_written(server, mailer):
    message_id = uuid.uuid4()
    text = "Halo Siti,\n\nRp1.500.000 – “selesai” é\n.titik di awal baris\n"
    mailer.send(SITI, text, message_id, "Kepesertaan – berakhir é")
    (message,) = server.received
    assert server.recipients == [[SITI]]
    assert message["Message-ID"] == f"<{message_id}@purna>"
    assert (message["From"], message["To"]) == ("Purna <purna@purna.example>", SITI)
    assert message["Subject"] == "Kepesertaan – berakhir é"
    assert message["Auto-Submitted"] == "auto-generated"
    assert abs((parsedate_to_datetime(message["Date"]) - clock.now()).total_seconds()) < 5
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert message.get_content().replace("\r\n", "\n") == text


def test_one_connection_serves_a_batch(server, mailer):
    for _ in range(3):
        mailer.send(SITI, "a", uuid.uuid4(), "b")
    assert server.connections == 1
    mailer.batch_done()
    mailer.send(SITI, "a", uuid.uuid4(), "b")
    assert (server.connections, len(server.received)) == (2, 4)


def test_a_connection_that_ended_between_two_messages_is_replaced(server, mailer):
    mailer.send(SITI, "a", uuid.uuid4(), "b")
    server.stop()
    server.start()
    mailer.send(SITI, "a", uuid.uuid4(), "b")
    assert len(server.received) == 2


@pytest.mark.parametrize(("mode", "problem"), [
    (REFUSE, Undeliverable), (TEMPORARY, GatewayTrouble), (HANG, GatewayTrouble)])
def test_each_fault_of_a_server_is_told_apart(server, mailer, mode, problem):
    server.answer_with(mode, times=1)
    begun = time.monotonic()
    with pytest.raises(problem) as caught:
        mailer.send(SITI, "a", uuid.uuid4(), "b")
    assert time.monotonic() - begun < 2
    assert "siti" not in str(caught.value)
    assert caught.value.__suppress_context__
    mailer.send(SITI, "a", uuid.uuid4(), "b")     # and it recovers without help
    assert len(server.received) == 1


def test_a_server_that_is_down_is_trouble_until_it_is_back(server, mailer):
    server.stop()
    with pytest.raises(GatewayTrouble):
        mailer.send(SITI, "a", uuid.uuid4(), "b")
    server.start()
    mailer.send(SITI, "a", uuid.uuid4(), "b")
    assert len(server.received) == 1


def test_a_login_that_is_refused_is_trouble(server):
    mailer = Mailer(server.url.replace("://", "://purna:rahasia%40@"), "purna@purna.example")
    with pytest.raises(GatewayTrouble):
        mailer.send(SITI, "a", uuid.uuid4(), "b")


def test_text_is_never_sent_before_tls_that_was_asked_for(server):
    mailer = Mailer(server.url + "?starttls=1", "purna@purna.example")
    with pytest.raises(GatewayTrouble):
        mailer.send(SITI, "a", uuid.uuid4(), "b")
    assert server.received == []


def test_a_text_refused_for_itself_is_not_the_recipients_fault(mailer):
    for code, problem in ((554, UnknownAnswer), (452, GatewayTrouble)):
        with pytest.raises(problem):
            mailer._data_refused(code)


@pytest.mark.parametrize("address", [
    "siti@contoh.example\r\nBcc: x@y.example", "a@b.example, c@d.example", "<a@b.example>",
    "a@b.example>\r\nDATA", "a b@c.example", "tanpa-at", "", "a@b@c.example", "a@b.example\x00"])
def test_no_address_can_become_a_header_a_command_or_two_recipients(server, mailer, address):
    with pytest.raises(Undeliverable):
        mailer.send(address, "a", uuid.uuid4(), "b")
    assert server.connections == 0


def test_no_subject_or_text_can_become_a_header(server, mailer):
    mailer.send(SITI, "a\r\n.\r\nMAIL FROM:<x@y.example>\r\n", uuid.uuid4(),
                "b\r\nBcc: x@y.example\r\n\r\nisi lain")
    (message,) = server.received
    assert message["Bcc"] is None
    assert message["Subject"] == "b Bcc: x@y.example isi lain"
    assert message.get_content().splitlines() == ["a", ".", "MAIL FROM:<x@y.example>"]
    assert server.recipients == [[SITI]]
