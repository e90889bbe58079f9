"""Where documents lie, encrypted: a folder, or an S3 bucket by configuration."""

import errno
import os
import threading
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import obstore

from webapp import vault

# The library would try for three minutes; whoever waits for a page is told sooner.
RETRIES = {"max_retries": 2, "retry_timeout": timedelta(seconds=4)}
CONNECT_SECONDS = 2
ANSWER_SECONDS = 8        # for 6 MB on a slow line; what took so long is not tried again
MOST_AT_ONCE = 2          # threads of a process that may be held up by a store that hangs
PATIENCE_SECONDS = 1      # of those who come then

_store = None
_places = threading.BoundedSemaphore(MOST_AT_ONCE)


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
    with _a_place(), _own_errors():
        obstore.put(_store, path_of(document), vault.current().seal(body, _context(document)))


def get(document):
    """Read a document's bytes back.

    :raises FileNotFoundError: there are none.
    :raises webapp.vault.Unreadable: they were altered.
    :raises StoreTrouble: the store does not answer.
    """
    with _a_place(), _own_errors():
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
        with _own_errors():
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


@contextmanager
def _a_place():
    """One of the few: whoever asks for something else finds a thread, be the store as it may."""
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        raise StoreTrouble(errno.EIO, "the document store holds up others")
    try:
        yield
    finally:
        _places.release()


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
