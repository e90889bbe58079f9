"""Somebody's browser without the browser: plain pages, as without JavaScript."""

from itertools import count

import httpx
from lxml import html

from bench.client import HEADERS, expect
from bench.known_device import COOKIE
from tests.page import DEVICE
from webapp import clock, sessions
from webapp.db import write_transaction


class Received:
    """What servers sent to visitors: answers and their bytes, as compressed, headers included."""

    def __init__(self):
        self.answers = self.bytes = 0

    def note(self, answer):
        """One answer more."""
        answer.read()
        self.answers += 1
        self.bytes += answer.num_bytes_downloaded + sum(
            len(name) + len(value) + 4 for name, value in answer.headers.raw)


class Visitor:
    """One person on one connection, from an address of their own: limits are for each.

    :param traffic: where answers are counted.
    """

    _places = count(2)

    def __init__(self, base, traffic):
        place = divmod(next(self._places), 250)
        line = httpx.HTTPTransport(local_address=f"127.0.{place[0]}.{place[1] + 1}")
        self.client = httpx.Client(base_url=base, headers=HEADERS, follow_redirects=True,
                                   timeout=30, trust_env=False, transport=line,
                                   event_hooks={"response": [traffic.note]})
        self._keep(COOKIE, DEVICE)
        self.answer = self.tree = None

    def is_signed_in_as(self, user):
        """Be signed in already, where signing in is not what is measured."""
        with write_transaction():
            self._keep("purna", sessions.begin(user, clock.now(), browser=""))
        return self

    def open(self, path):
        """Type an address."""
        return self._arrive(self.client.get(path))

    def send(self, form="//main//form", files=None, **answers):
        """Fill in a form of the page and press its button.

        :param form: XPath; the first one found.
        """
        found = self.tree.xpath(form)[0]
        fields = {**dict(found.form_values()), **answers}
        fields.pop("file", None)     # untouched, or among the files
        return self._arrive(self.client.post(found.get("action"), data=fields, files=files))

    def _arrive(self, answer):
        self.answer = expect(answer, 200)
        self.tree = html.fromstring(answer.text)
        return self

    def _keep(self, name, value):
        # The server's own cookies have this domain: one of the same name takes its place.
        self.client.cookies.set(name, value, domain="127.0.0.1", path="/")

    def close(self):
        """End the connection."""
        self.client.close()
