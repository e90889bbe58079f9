"""Every answer that anybody got, and what may be answered to what."""

import re
import threading
import time
from collections import Counter
from typing import NamedTuple

from tests.faults.browser import Browser, Lost

AWAY = 503
# kind of request: (method, path, statuses that belong besides 503)
KINDS = {
    "draft": ("POST", r"/perusahaan/[^/]+/tenaga-kerja/[^/]+/nonaktifkan", {303}),
    "file": ("POST", r"/perusahaan/[^/]+/nonaktif/[^/]+/periksa", {303}),
    "undo": ("POST", r"/perusahaan/[^/]+/nonaktif/[^/]+/batalkan", {303}),
    "code": ("POST", r"/masuk/kode/[^/]+", {303}),
    "sign in": ("POST", r"/masuk", {303}),
    "sign out": ("POST", r"/keluar", {303}),
    "download": ("GET", r"/perusahaan/[^/]+/dokumen/[^/]+", {200}),
    "receipt": ("GET", r"/perusahaan/[^/]+/nonaktif/[^/]+", {200}),     # once shown, for good
    "home": ("GET", r"/", {303}),     # a clerk is led on; strangers stay
    "entrance": ("GET", r"/masuk", {200, 303}),
    "read": ("GET", r".*", {200}),
}
WITH_A_FILE = "upload"     # a draft that brings one
WRITES = ("draft", WITH_A_FILE, "file", "undo")


class Answered(NamedTuple):
    """One request, from its beginning to its answer; ``status`` is 0 when none came."""

    kind: str
    status: int
    begun: float
    ended: float


def kind_of(method, path, content_type=""):
    """What somebody asks for."""
    kind = next(name for name, (verb, pattern, _) in KINDS.items()
                if verb == method and re.fullmatch(pattern, path.partition("?")[0]))
    return WITH_A_FILE if kind == "draft" and content_type.startswith("multipart/") else kind


def complaint(kind, answer):
    """What is wrong with an answer, as a sentence; or None.

    Away is an answer too, if it says so in words, and when to come again.
    """
    _, _, belong = KINDS["draft" if kind == WITH_A_FILE else kind]
    if answer.status == AWAY:
        has_words = b"Coba lagi" in answer.body and answer.headers["Retry-After"]
        return None if has_words else f"{kind} was answered 503 without words"
    return None if answer.status in belong else f"{kind} was answered {answer.status}"


class Ledger:
    """What everybody was answered; many write into it at once."""

    def __init__(self):
        self._lock, self.answers, self.complaints = threading.Lock(), [], Counter()
        self._written = []     # of these answers, those that acknowledge a writing

    def note(self, kind, begun, answer):
        """One request is over; ``answer`` is None when none came."""
        found = answer and complaint(kind, answer)
        one = Answered(kind, answer.status if answer else 0, begun, time.monotonic())
        with self._lock:
            self.answers.append(one)
            if kind in WRITES and one.status == 303:
                self._written.append(one)
            if found:
                self.complaints[found] += 1

    def since(self, moment):
        """What was asked after a moment and is answered."""
        with self._lock:
            return [one for one in self.answers if one.begun > moment]

    def written(self, moment):
        """When the first writing was acknowledged that was asked for after a moment; or None."""
        with self._lock:
            return min((one.ended for one in self._written if one.begun > moment), default=None)

    def statuses(self):
        """(kind, status): how often."""
        return Counter((one.kind, one.status) for one in self.answers)

    def slowest(self):
        """status: the seconds of its slowest answer."""
        return {status: max(one.ended - one.begun for one in self.answers if one.status == status)
                for status in {one.status for one in self.answers}}


class Witness(Browser):
    """A browser whose answers are kept in a ledger.

    :param ledger: a ``Ledger``.
    """

    def __init__(self, ledger, *arguments, **options):
        super().__init__(*arguments, **options)
        self.ledger = ledger

    def another(self, ports=None):
        """A second browser of the same session."""
        twin = Witness(self.ledger, ports or self.ports, self.address, self.cookies)
        twin.token = self.token
        return twin

    def ask(self, method, path, body, headers):
        """Send one request and note what became of it. Raises ``Lost``."""
        kind, begun = kind_of(method, path, headers.get("Content-Type", "")), time.monotonic()
        try:
            answer = super().ask(method, path, body, headers)
        except Lost:
            self.ledger.note(kind, begun, None)
            raise
        self.ledger.note(kind, begun, answer)
        return answer
