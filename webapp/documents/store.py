"""Where documents lie, encrypted: a folder, or an S3 bucket by configuration."""

import errno
import os
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import obstore

from webapp import vault

# The library would try for three minutes; whoever waits for a page is told sooner.
RETRIES = {"max_retries": 2, "retry_timeout": timedelta(seconds=4)}
CONNECT_SECONDS = 2
ANSWER_SECONDS = 8        # for 6 MB on a slow line; what took so long is not tried again
MOST_AT_ONCE = 6          # threads of a process that may wait for it
FEW_AT_ONCE = 2           # the same while it has failed lately: it may hang, and the rest must not
LATELY_SECONDS = 30
PATIENCE_SECONDS = 1      # of those who come then

_store = None


class StoreTrouble(OSError):
    """The folder or bucket does not take or give bytes now. ``errno`` is ENOSPC when it is full."""


def use_store(url, answer_seconds=ANSWER_SECONDS):
    """Keep documents at ``file:///path`` or ``s3://bucket/path``.

    Keys, region and endpoint of S3 come from the environment, as its other clients have them
    (``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, ``AWS_REGION``, ``AWS_ENDPOINT_URL``).

    :param answer_seconds: how long S3 may take for one document.
    """
    global _store
    if url.startswith("file://"):
        _store = obstore.store.LocalStore.from_url(url, mkdir=True)
    else:
        options = {"connect_timeout": timedelta(seconds=CONNECT_SECONDS),
                   "timeout": timedelta(seconds=answer_seconds),
                   # Options said here hide the one that the library reads itself.
                   "allow_http": os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("true", "1")}
        _store = obstore.store.from_url(url, retry_config=RETRIES, client_options=options)


def put(document, body):
    """Write a document's bytes, sealed to its row. Raises ``StoreTrouble``."""
    with _places.one(), _own_errors():
        obstore.put(_store, path_of(document), vault.current().seal(body, _context(document)))


def get(document):
    """Read a document's bytes back.

    :raises FileNotFoundError: there are none.
    :raises webapp.vault.Unreadable: they were altered.
    :raises StoreTrouble: the store does not answer.
    """
    with _places.one(), _own_errors():
        sealed = bytes(obstore.get(_store, path_of(document)).bytes())
    return vault.current().open(sealed, _context(document))


def kept_in(folder, *, before):
    """The public ids of what lies in a folder since before a moment. Raises ``StoreTrouble``."""
    with _own_errors():
        for some in obstore.list(_store, prefix=folder):
            for one in some:
                if one["last_modified"] < before:
                    yield UUID(one["path"].rpartition("/")[2])


def delete(document):
    """Remove a document's bytes; that there are none is no error. Raises ``StoreTrouble``."""
    try:
        with _places.one(), _own_errors():
            obstore.delete(_store, path_of(document))
    except FileNotFoundError:
        return


def paths():
    """The paths of all that lies there. Raises ``StoreTrouble``."""
    with _own_errors():
        for some in obstore.list(_store):
            for one in some:
                yield one["path"]


def sealed(path):
    """What lies at a path, as it lies there: sealed.

    :raises FileNotFoundError: nothing. :raises StoreTrouble: the store does not answer.
    """
    with _own_errors():
        return bytes(obstore.get(_store, path).bytes())


def put_sealed(path, body):
    """Put back what ``sealed`` gave. Raises ``StoreTrouble``."""
    with _own_errors():
        obstore.put(_store, path, body)


class _Places:
    """Whoever asks for something else finds a thread, be the store as it may."""

    def __init__(self):
        self._free, self._taken, self._failed_at = threading.Condition(), 0, None

    @contextmanager
    def one(self):
        """Wait for the store in this block. Raises ``StoreTrouble`` where too many do."""
        with self._free:
            if not self._free.wait_for(self._is_room, PATIENCE_SECONDS):
                raise StoreTrouble(errno.EIO, "the document store holds up others")
            self._taken += 1
        try:
            yield
        except StoreTrouble:
            self._failed_at = time.monotonic()
            raise
        finally:
            with self._free:
                self._taken -= 1
                self._free.notify()

    def _is_room(self):
        lately = self._failed_at and time.monotonic() < self._failed_at + LATELY_SECONDS
        return self._taken < (FEW_AT_ONCE if lately else MOST_AT_ONCE)


_places = _Places()


@contextmanager
def _own_errors():
    """Whatever the store's library raises, as an ``OSError`` of ours."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (obstore.exceptions.BaseError, OSError) as problem:
        number = errno.ENOSPC if _is_full(problem) else errno.EIO
        raise StoreTrouble(number, "the document store failed") from problem


def _is_full(problem):
    """The library keeps the system's error in its text alone: "… (os error 28)"."""
    return (getattr(problem, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
            or any(f"os error {number})" in str(problem)
                   for number in (errno.ENOSPC, errno.EDQUOT)))


def path_of(document):
    """Where a document lies in the store."""
    name = document.public_id.hex
    return "/".join(filter(None, [document.folder, name[:2], name]))


def _context(document):
    return f"document|{document.public_id.hex}".encode()
