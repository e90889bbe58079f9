"""A browser over real sockets: keeps its cookies and connection, follows a form as a person does.

Each has an address of its own on loopback, so that limits which count addresses stay apart.
"""

import http.client
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from lxml import html

from tests.page import DEVICE
from webapp.demo.people import PASSWORD

PATIENCE_SECONDS = 20
IDLE_SECONDS = 10     # a connection unused for so long may have been ended by the server


class Lost(Exception):
    """No answer came: whether the act was done is unknown, unless nobody listened at all."""

    @property
    def is_not_sent(self):
        """Whether nothing can have been done."""
        return isinstance(self.__cause__, ConnectionRefusedError)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def location(self):
        """Where a redirect leads: path and query."""
        parts = urlsplit(self.headers["Location"])
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def form(self, selector="main form"):
        """(where a form goes, what it would send untouched)."""
        form = self.find(selector)
        return form.get("action"), dict(form.form_values())

    def words(self, selector="main"):
        """The text of the first matching element, white space collapsed."""
        return " ".join(self.find(selector).text_content().split())

    def find(self, selector):
        """The first matching element."""
        return html.fromstring(self.body).cssselect(selector)[0]


class Browser:
    """One person's browser.

    :param ports: of the servers that may be asked; the first is asked until it fails.
    :param address: this person's own address (127.0.0.0/8).
    :param cookies: what it holds besides the cookie of a device that the whole cast has used.
    """

    def __init__(self, ports, address="127.0.0.1", cookies=()):
        self.ports, self.address = list(ports), address
        self.cookies = {"purna-perangkat": DEVICE, **dict(cookies)}
        self.token, self._connection, self._used_at = None, None, 0.0

    def another(self, ports=None):
        """A second browser of the same session."""
        twin = Browser(ports or self.ports, self.address, self.cookies)
        twin.token = self.token
        return twin

    def get(self, path, **headers):
        """Follow a link."""
        return self.ask("GET", path, None, headers)

    def post(self, path, fields, **headers):
        """Send a form."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self.ask("POST", path, urlencode(fields), headers)

    def ask(self, method, path, body, headers):
        """Send one request. Raises ``Lost``; the next request then goes to the next server."""
        try:
            return self._answer(method, path, body, headers)
        except (OSError, http.client.HTTPException) as reason:
            self.close()
            self.ports.append(self.ports.pop(0))
            raise Lost(type(reason).__name__) from reason

    def sign_in(self, email, password=PASSWORD):
        """Sign in through the page; keeps a token for later forms."""
        assert self.try_to_sign_in(email, password).status == 303
        self.token = self.get("/keluar").form()[1]["csrf_token"]
        return self

    def try_to_sign_in(self, email, password):
        """Send the sign-in form; the answer."""
        action, fields = self.get("/masuk").form()
        return self.post(action, {**fields, "account": email, "password": password})

    def close(self):
        """Let go of the connection."""
        if self._connection:
            self._connection.close()
        self._connection = None

    __del__ = close

    def _connected(self):
        if time.monotonic() - self._used_at > IDLE_SECONDS:
            self.close()
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                "127.0.0.1", self.ports[0], timeout=PATIENCE_SECONDS,
                source_address=(self.address, 0))
        self._used_at = time.monotonic()
        return self._connection

    def _answer(self, method, path, body, headers):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if cookies:
            headers = {**headers, "Cookie": cookies}
        connection = self._connected()
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        self._keep_cookies(answer)
        return answer

    def _keep_cookies(self, answer):
        for line in answer.headers.get_all("Set-Cookie", ()):
            name, _, value = line.partition(";")[0].partition("=")
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
