"""Passwords: Argon2id, 19 MiB, two passes, one lane; never more at once than the cores bear."""

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_seats = threading.BoundedSemaphore(2)
PATIENCE_SECONDS = 2.0

# Compared against when there is no such user, so that the answer takes as long.
_NOBODY = _hasher.hash("nobody has this password")


class Busy(Exception):
    """Too many passwords are being checked right now; try again in a moment."""


def hash_password(password):
    """The hash to store. Raises ``Busy``."""
    with _seat():
        return _hasher.hash(_same_everywhere(password))


def is_right(stored, password):
    """Whether a password matches a stored hash; with None it takes as long and says no.

    Raises ``Busy``.
    """
    typed = _same_everywhere(password)
    with _seat():
        try:
            return _hasher.verify(stored or _NOBODY, typed) and stored is not None
        except (VerifyMismatchError, InvalidHashError):
            return False


def _same_everywhere(password):
    """Phones and computers type é differently."""
    return unicodedata.normalize("NFC", password)


class _seat:  # noqa: N801 (used as a statement)
    def __enter__(self):
        if not _seats.acquire(timeout=PATIENCE_SECONDS):
            raise Busy

    def __exit__(self, *fault):
        _seats.release()
