"""The list that a draw is made of, and the digests that hold it fast. Pure; see the package."""

import hashlib
import secrets
from typing import NamedTuple

HEAD, FORMAT = "PURNA-UNDIAN", "1"
SECRET_BYTES = 32


class Entry(NamedTuple):
    """One applicant on the list.

    :param family: 16 hex digits.
    :param used: how many of the family were chosen in earlier waves.
    """

    number: str
    family: str
    used: int


def new_secret():
    """A fresh secret, 64 hex digits."""
    return secrets.token_hex(SECRET_BYTES)


def commitment_of(secret):
    """What is shown of a secret before the draw: its SHA-256 in hex."""
    return hashlib.sha256(bytes.fromhex(secret)).hexdigest()


def seed_of(secret, digest):
    """The seed in hex, of the secret and the list's digest, both in hex."""
    return hashlib.sha256(bytes.fromhex(secret) + bytes.fromhex(digest)).hexdigest()


def head_of(wave, quota):
    """The first line, without its end.

    :param wave: the id of the wave, 32 hex digits.
    """
    return f"{HEAD};{FORMAT};{wave};{quota}"


class ListDigest:
    """The digest of a list whose lines come one after another, in the order of the numbers."""

    def __init__(self, head):
        self._hash, self._last, self.count = hashlib.sha256(f"{head}\n".encode()), "", 0

    def add(self, entry):
        """Take in the next line.

        :raises ValueError: its number is not above the one before.
        """
        if entry.number <= self._last:
            raise ValueError(f"the number {entry.number} is out of order")
        self._last = entry.number
        self._hash.update(f"{entry.number};{entry.family};{entry.used}\n".encode())
        self.count += 1

    def hex(self):
        """The digest so far, 64 hex digits."""
        return self._hash.hexdigest()
