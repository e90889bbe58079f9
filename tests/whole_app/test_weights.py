"""What pages weigh, added up without a browser (quality.md §1; `make bench` asks Chromium)."""



from tests.page import Clerk

COMPRESSED = {"Accept-Encoding": "br, gzip"}
# Each request leads to a status line and the server's own two headers (Date, Connection); waitress
# adds Content-Length where the app did not.
LINES_OF_SERVER = len("HTTP/1.1 200 OK\r\nDate: Sun, 16 Nov 2025 00:00:00 GMT\r\n\r\n")


class Line(Clerk):
    """A browser that weighs what it receives: bodies as they travel, with their headers."""

    def __init__(self, app):
        super().__init__(app)
        self.browser.environ_base["HTTP_ACCEPT_ENCODING"] = COMPRESSED["Accept-Encoding"]
        self.cache, self.bytes, self.requests = set(), 0, 0

    def load(self, path, **options):
        """Open a page with all it refers to. Returns (kB, requests) of this one page."""
        return self._weighed(lambda: self._with_parts(self.browser.get(path, **options)))

    def submit(self, path, fields, htmx=False):
        """Send a form and follow. Returns (kB, requests)."""
        headers = {"HX-Request": "true"} if htmx else {}
        return self._weighed(lambda: self._with_parts(
            self.browser.post(path, data=fields, headers=headers)))
