"""Whose turn it is to write to a file of SQLite, among threads and among processes.

SQLite's own waiting is unfair: of two that write all the time one can wait for seconds.
"""

import fcntl
import os
import threading
import time
from contextlib import contextmanager

import peewee

BUSY = "the database is busy"
POLL_SECONDS = 0.0005
COURTESY_SECONDS = 3 * POLL_SECONDS     # whoever polls meanwhile finds the turn free

_thread = threading.local()
_threads = threading.Lock()


@contextmanager
def writers_turn(path, patience):
    """Queue for the right to write: among this process's threads, then among processes.

    :param path: of the database.
    :param patience: seconds. A writer that was stopped in the middle must not stop everybody.
    :raises peewee.OperationalError: it did not come in time.
    """
    deadline = time.monotonic() + patience
    if not _threads.acquire(timeout=patience):
        raise peewee.OperationalError(BUSY)
    try:
        turn, queue = _files(path)
        _let_others_first(queue)
        if not taken(turn):
            _wait_for(turn, queue, deadline)
        try:
            yield
        finally:
            fcntl.flock(turn, fcntl.LOCK_UN)
    finally:
        _threads.release()


def _let_others_first(queue):
    """The threads of a busy process hand the turn to one another in no time: without this, those of
    another process that poll for it could wait for seconds."""
    if taken(queue):
        fcntl.flock(queue, fcntl.LOCK_UN)
    else:
        time.sleep(COURTESY_SECONDS)


def _wait_for(turn, queue, deadline):
    """Poll for the turn; meanwhile the queue shows that somebody does."""
    fcntl.flock(queue, fcntl.LOCK_SH)
    try:
        while not taken(turn):
            if time.monotonic() > deadline:
                raise peewee.OperationalError(BUSY)
            time.sleep(POLL_SECONDS)
    finally:
        fcntl.flock(queue, fcntl.LOCK_UN)


def taken(file):
    """Whether a file's lock was free, and is ours from now on until the file lets go of it.

    :param file: a descriptor, or what has one.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _files(path):
    if getattr(_thread, "path", None) != path:
        _thread.path = path
        _thread.files = _File(f"{path}.turn"), _File(f"{path}.queue")
    return [file.descriptor for file in _thread.files]


class _File:
    """The file a thread queues on; open as long as the thread lives."""

    def __init__(self, path):
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def close(self):
        """Let go of the file; its lock goes with it."""
        if self.descriptor is not None:
            os.close(self.descriptor)
        self.descriptor = None

    __del__ = close
