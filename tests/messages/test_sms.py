import logging
import shutil
import socket
import subprocess
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.gateways import HALF, HANG, REFUSE, SERVER_ERROR, SmsServer, free_port
from webapp.messages.delivery import GatewayTrouble, Undeliverable, UnknownAnswer
from webapp.messages.sms import SmsGateway, _judge

SITI = "+6281234567890"
TEXT = "Halo Siti & Budi: 100% é+@, baris\nkedua"


@pytest.fixture
def server():
    with SmsServer() as server:
        yield server


@pytest.fixture
def gateway(server):
    gateway = SmsGateway(server.url, "Purna", timeout=0.3)
    yield gateway
    gateway._client.close()


def test_a_text_arrives_as_written_with_its_id(server, gateway):
    message_id = uuid.uuid4()
    gateway.send(SITI, TEXT, message_id)
    (sms,) = server.received
    assert (sms.to, sms.text, sms.id, sms.sender) == (SITI, TEXT, message_id.hex, "Purna")


@pytest.mark.parametrize(("mode", "problem"), [
    (REFUSE, Undeliverable), (SERVER_ERROR, GatewayTrouble), (HALF, GatewayTrouble),
    (HANG, GatewayTrouble)])
def test_each_fault_of_a_gateway_is_told_apart(server, gateway, mode, problem):
    server.answer_with(mode, times=1)
    begun = time.monotonic()
    with pytest.raises(problem):
        gateway.send(SITI, TEXT, uuid.uuid4())
    assert time.monotonic() - begun < 2
    gateway.send(SITI, TEXT, uuid.uuid4())     # and it recovers without help


def test_a_gateway_that_is_down_is_trouble_until_it_is_back(server, gateway):
    server.stop()
    with pytest.raises(GatewayTrouble):
        gateway.send(SITI, TEXT, uuid.uuid4())
    server.start()
    gateway.send(SITI, TEXT, uuid.uuid4())
    assert len(server.received) == 1


def test_a_wrong_password_blames_the_settings_and_not_the_message(server):
    gateway = SmsGateway(server.url.replace("rahasia", "lama"), "Purna")
    with pytest.raises(GatewayTrouble):
        gateway.send(SITI, TEXT, uuid.uuid4())
    gateway._client.close()


@pytest.mark.parametrize("number", [
    "081234567890", f"{SITI} {SITI}", f"{SITI}\n", "", "+٦٢٨١٢٣٤٥٦٧٨"])
def test_what_is_no_number_is_never_asked_for(server, gateway, number):
    with pytest.raises(Undeliverable):
        gateway.send(number, TEXT, uuid.uuid4())
    assert server.asked == 0


@pytest.mark.parametrize(("status", "body", "problem"), [
    (202, "0: Accepted for delivery", None), (202, "3: Queued for later delivery", None),
    (200, "Sent.", None), (202, "4: Rejected", Undeliverable),
    (200, "<html>Please log in</html>", GatewayTrouble), (200, "", GatewayTrouble),
    (302, "0: Accepted for delivery", GatewayTrouble),
    (400, "Empty receiver number not allowed, rejected", Undeliverable),
    (403, "Not routable. Do not try again.", Undeliverable),
    (403, "Authorization failed for sendsms", GatewayTrouble),
    (400, "Charset or body misformed, rejected", UnknownAnswer), (413, "", UnknownAnswer),
    (404, "Unknown number of pages", GatewayTrouble), (429, "", GatewayTrouble),
    (503, "Temporal failure, try again later.", GatewayTrouble), (500, "", GatewayTrouble)])
def test_answers_mean_what_kannel_means_by_them(status, body, problem):
    if problem is None:
        _judge(status, body)
        return
    with pytest.raises(problem) as caught:
        _judge(status, body)
    assert len(str(caught.value)) <= 100


def test_numbers_texts_and_passwords_are_in_no_log_and_no_error(server, gateway, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    gateway.send(SITI, "KodeRahasia", uuid.uuid4())
    server.answer_with(HALF)
    with pytest.raises(GatewayTrouble) as caught:
        gateway.send(SITI, "KodeRahasia", uuid.uuid4())
    assert caught.value.__suppress_context__
    everything = caplog.text + str(caught.value)
    for secret in ("KodeRahasia", "81234567890", "rahasia"):
        assert secret not in everything


KANNEL = """
group = core
admin-port = {admin}
admin-password = x
smsbox-port = {boxes}
box-allow-ip = 127.0.0.1

group = smsc
smsc = http
smsc-id = operator
system-type = generic
port = {incoming}
send-url = "http://127.0.0.1:{operator}/?to=%p&from=%P&text=%b&id=%o"
status-success-regex = "^OK"
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {sendsms}

group = sendsms-user
username = purna
password = rahasia
max-messages = 1

group = sms-service
keyword = default
text = "-"
"""


class Operator(ThreadingHTTPServer):
    """The far side of a real Kannel; keeps what it is asked to deliver."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _OperatorHandler)
        self.asked = []


class _OperatorHandler(BaseHTTPRequestHandler):
    def do_GET(self):
        fields = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        self.server.asked.append({name: values[0] for name, values in fields.items()})
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"OK")

    def log_message(self, *_):
        pass


@pytest.fixture
def operator():
    operator = Operator()
    threading.Thread(target=operator.serve_forever, args=(0.02,)).start()
    yield operator
    operator.shutdown()
    operator.server_close()


@pytest.fixture
def kannel(operator, tmp_path):
    if not Path("/usr/sbin/bearerbox").exists() or not shutil.which("smsbox", path="/usr/sbin"):
        pytest.skip("Debian's package kannel is not installed: /usr/sbin/bearerbox is missing")
    ports = {name: free_port() for name in ("admin", "boxes", "incoming", "sendsms")}
    settings = tmp_path / "kannel.conf"
    settings.write_text(KANNEL.format(operator=operator.server_port, **ports))
    bearerbox = _start("bearerbox", settings, ports["boxes"])
    smsbox = _start("smsbox", settings, ports["sendsms"])
    yield f"http://127.0.0.1:{ports['sendsms']}/cgi-bin/sendsms?username=purna&password=rahasia"
    for process in (smsbox, bearerbox):
        process.kill()
        process.wait()


def _start(program, settings, port):
    process = subprocess.Popen([f"/usr/sbin/{program}", "-v", "4", str(settings)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               cwd=settings.parent)
    _wait_until(lambda: _listens(port))
    return process


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait_until(true, seconds=10):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def test_the_real_kannel_delivers_to_the_operator_with_our_id(kannel, operator):
    gateway = SmsGateway(kannel, "Purna")
    message_id = uuid.uuid4()
    gateway.send(SITI, "Halo Siti & Budi: 100% é+@", message_id)
    _wait_until(lambda: operator.asked)
    assert operator.asked == [{"to": SITI, "from": "Purna", "text": "Halo Siti & Budi: 100% é+@",
                               "id": message_id.hex}]
    gateway._client.close()


def test_the_real_kannel_refuses_what_we_take_for_refusals(kannel):
    stranger = SmsGateway(kannel.replace("rahasia", "lama"), "Purna")
    with pytest.raises(GatewayTrouble, match="403"):
        stranger.send(SITI, "Halo", uuid.uuid4())
    stranger._client.close()
