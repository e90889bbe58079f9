"""Chromium, asked over the DevTools protocol what it received for each request."""

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]


@dataclass
class Weight:
    """What came over the line."""

    bytes: int = 0
    requests: int = 0

    @property
    def kilobytes(self):
        """Thousands of bytes."""
        return self.bytes / 1000

    def __sub__(self, earlier):
        return Weight(self.bytes - earlier.bytes, self.requests - earlier.requests)

    def copy(self):
        """As it is now."""
        return Weight(self.bytes, self.requests)


class Visitor:
    """A person with a browser of their own that counts what it receives."""

    def __init__(self, context, base):
        self.page, self.base = context.new_page(), base
        self.received, self._cached = Weight(), set()
        self.protocol = context.new_cdp_session(self.page)
        self.protocol.on("Network.requestWillBeSent", self._redirected)
        self.protocol.on("Network.requestServedFromCache",
                         lambda event: self._cached.add(event["requestId"]))
        self.protocol.on("Network.loadingFinished", self._finished)
        self.protocol.send("Network.enable")

    @property
    def path(self):
        """Where the browser is."""
        return self.page.url.removeprefix(self.base)

    def open(self, path):
        """Go to an address and wait until everything is there. Returns the weight of it."""
        return self.weigh(lambda: self.page.goto(self.base + path))

    def weigh(self, act):
        """The weight of all that one act makes the browser load."""
        before = self.received.copy()
        act()
        self.page.wait_for_load_state("networkidle")
        return self.received - before

    @contextmanager
    def until_usable(self):
        """Leave out htmx, which app.js fetches once the page can be used."""
        self.protocol.send("Network.setBlockedURLs", {"urls": ["*/htmx*"]})
        yield
        self.protocol.send("Network.setBlockedURLs", {"urls": []})

    def forget_cache(self):
        """Empty the cache; cookies stay."""
        self.protocol.send("Network.clearBrowserCache")

    def _redirected(self, event):
        hop = event.get("redirectResponse")
        if hop:
            self._add(hop["encodedDataLength"])

    def _finished(self, event):
        if event["requestId"] not in self._cached and event["encodedDataLength"]:
            self._add(event["encodedDataLength"])

    def _add(self, size):
        self.received.bytes += int(size)
        self.received.requests += 1


@contextmanager
def chromium():
    """The system's Chromium, or playwright's own."""
    path = (os.environ.get("PURNA_CHROMIUM") or shutil.which("chromium-headless-shell")
            or shutil.which("chromium"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visitor(browser, base, **settings):
    """Somebody who was never here: no cookie, nothing cached."""
    context = browser.new_context(locale="id-ID", **settings)
    try:
        yield Visitor(context, base)
    finally:
        context.close()
