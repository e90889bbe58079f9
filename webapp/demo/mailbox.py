"""What the demo "sent", kept as a phone and an inbox keep it.

The outbox erases the text of a code once it is delivered, in demo mode too; whoever walks the demo
must still be able to read it. One sealed line for each message; several senders may write at once.
"""

import base64
import binascii
import fcntl
import json
import os
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from webapp import vault

FILE = "demo-mailbox"
KEPT = 200
CONTEXT = b"demo.mailbox"


@dataclass(frozen=True)
class Letter:
    """One message as its receiver sees it; an SMS has no subject."""

    recipient: str
    subject: str
    text: str
    at: str

    @property
    def is_sms(self):
        """Whether it came to a phone."""
        return "@" not in self.recipient

    @property
    def received_at(self):
        """When it came, aware."""
        return datetime.fromisoformat(self.at)


class Mailbox:
    """A file of the newest messages.

    :param folder: where the file lies, a ``Path``.
    """

    def __init__(self, folder):
        self._file, self._turn = folder / FILE, folder / f"{FILE}.turn"

    def keep(self, recipient, subject, text, now):
        """Add one message; the oldest give way."""
        letter = Letter(recipient, subject, text, now.isoformat())
        line = base64.b64encode(vault.current().seal(json.dumps(asdict(letter)).encode(), CONTEXT))
        with self._writers_turn():
            _write(self._file, line + b"\n", os.O_APPEND)
            lines = self._lines()
            if len(lines) >= 2 * KEPT:
                shorter = self._file.with_suffix(".new")
                _write(shorter, b"\n".join(lines[-KEPT:]) + b"\n", os.O_TRUNC)
                shorter.replace(self._file)

    def newest(self):
        """The messages kept, a list of ``Letter``, the newest first."""
        found = (_opened(line) for line in reversed(self._lines()[-KEPT:]))
        return [letter for letter in found if letter]

    def _lines(self):
        return self._file.read_bytes().splitlines() if self._file.exists() else []

    @contextmanager
    def _writers_turn(self):
        with closing(_Descriptor(self._turn, os.O_RDWR)) as turn:
            fcntl.flock(turn.number, fcntl.LOCK_EX)
            yield


class _Descriptor:
    """A file of ours, readable by its owner only."""

    def __init__(self, path, flags):
        self.number = os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def close(self):
        """Let go of it, and of a lock on it."""
        os.close(self.number)


def _write(path, data, flags):
    with closing(_Descriptor(path, os.O_WRONLY | flags)) as file:
        os.write(file.number, data)


def _opened(line):
    """The letter of a line; None where a line is torn or its key is gone."""
    try:
        return Letter(**json.loads(vault.current().open(base64.b64decode(line), CONTEXT)))
    except (vault.Unreadable, binascii.Error):
        return None
