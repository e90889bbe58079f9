"""Real servers on loopback that stand for the world outside: an SMTP server and an SMS gateway."""

import asyncio
import random
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller

OK, REFUSE, TEMPORARY, SERVER_ERROR, HANG, HALF = (
    "ok", "refuse recipient", "temporary failure", "server error", "hang", "half an answer")
LONGEST_HANG = 20     # seconds; stopping the server ends every hang at once
BELOW_EPHEMERAL = 15_000, 32_000    # Linux gives out 32768 and above, others 49152


@dataclass(frozen=True)
class Sms:
    """One text that the gateway accepted."""

    to: str
    text: str
    id: str
    sender: str
    at: float


class _Gateway:
    """A server for as long as a ``with``. Its answers: one mode for good, or for some requests."""

    def __init__(self):
        self.mode, self.left = OK, None
        self.asked = 0      # requests or messages begun, whatever became of them
        self._lock = threading.Lock()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def answer_with(self, mode, times=None):
        """Answer so from now on, or only ``times`` times."""
        with self._lock:
            self.mode, self.left = mode, times

    def _next_mode(self):
        with self._lock:
            self.asked += 1
            if self.left is None:
                return self.mode
            if self.left == 0:
                return OK
            self.left -= 1
            return self.mode


class SmsServer(_Gateway):
    """Speaks the sendsms interface of Kannel; ``received`` holds what it accepted.

    A half answer and a hang come after the text was accepted: the sender cannot know, and repeats.

    :param fail_share: the share of requests (0 to 1) answered with 503 without accepting.
    :param delay: seconds before each answer.
    """

    path = "/cgi-bin/sendsms"

    def __init__(self, fail_share=0.0, delay=0.0, seed=1):
        super().__init__()
        self.received, self.fail_share, self.delay = [], fail_share, delay
        self._random = random.Random(seed)
        self._port, self._server, self._stopping = 0, None, threading.Event()

    @property
    def url(self):
        """The address to configure."""
        return f"http://127.0.0.1:{self._port}{self.path}?username=purna&password=rahasia"

    def start(self):
        """Listen; after ``stop`` again on the same port."""
        self._stopping.clear()
        self._server = _Server(("127.0.0.1", self._port), _handler_of(self))
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,)).start()

    def stop(self):
        """Refuse connections from now on: the gateway is down."""
        if self._server is None:
            return
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._server = None

    def answer(self, handler):
        """Deal with one request."""
        fields = {name: values[0] for name, values in
                  parse_qs(urlsplit(handler.path).query).items()}
        mode = self._next_mode()
        time.sleep(self.delay)
        if fields.get("password") != "rahasia":
            _reply(handler, 403, "Authorization failed for sendsms")
        elif mode == SERVER_ERROR or self._random.random() < self.fail_share:
            _reply(handler, 503, "Temporal failure, try again later.")
        elif mode == REFUSE:
            _reply(handler, 400, "Number(s) has/have been denied by white- and/or black-lists.")
        else:
            self.received.append(Sms(fields["to"], fields["text"], fields["id"], fields["from"],
                                     time.monotonic()))
            self._accept(handler, mode)

    def _accept(self, handler, mode):
        if mode == HANG:
            self._stopping.wait(LONGEST_HANG)
        elif mode == HALF:
            handler.wfile.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 24\r\n\r\n0: Acc")
        else:
            _reply(handler, 202, "0: Accepted for delivery")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A client that went away is what the tests are about."""


def _handler_of(owner):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            owner.answer(self)

        def log_message(self, *_):
            pass

    return Handler


def _reply(handler, status, text):
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text.encode())


class SmtpServer(_Gateway):
    """Collects e-mail; ``received`` holds parsed messages, ``connections`` counts sessions."""

    def __init__(self):
        super().__init__()
        self.received, self.recipients, self.connections = [], [], 0
        self._controller, self._port = None, 0

    @property
    def url(self):
        """The address to configure."""
        return f"smtp://127.0.0.1:{self._port}"

    def start(self):
        """Listen; after ``stop`` again on the same port."""
        if not self._port:
            self._port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self._port)
        self._controller.start()

    def stop(self):
        """Refuse connections from now on: the server is down."""
        if self._controller is None:
            return
        self._controller.stop()
        self._controller = None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        """Each session begins with this."""
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Accept or refuse a recipient."""
        mode = self._next_mode()
        if mode == REFUSE:
            return "550 5.1.1 No such user here"
        if mode == TEMPORARY:
            return "451 4.3.0 Try again later"
        if mode == HANG:
            await asyncio.sleep(LONGEST_HANG)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Accept the message."""
        self.received.append(message_from_bytes(envelope.content, policy=default))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"


def free_port():
    """A TCP port on loopback that nothing listens on at present, for something to be started.

    It lies below those the system gives to outgoing connections by itself: one of them could hold
    it until then.
    """
    while True:
        port = random.SystemRandom().randrange(*BELOW_EPHEMERAL)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
