"""The order of a draw, and who is chosen. Pure; see the package.

A million applicants fit into some 110 MB: each is one short bytes object that sorts by itself.
"""

import hmac
from collections import Counter
from typing import NamedTuple

MOST_OF_A_FAMILY = 2     # rules §5
_MAC, _FAMILY = 32, 8    # bytes


class Drawn(NamedTuple):
    """Where one applicant came.

    :param key: as it was given.
    :param place: from 1.
    """

    key: bytes
    place: int
    is_chosen: bool


class Draw:
    """Takes in applicants in any order, then yields them in that of the draw.

    :param seed: 64 hex digits.
    """

    def __init__(self, seed):
        self._seed, self._packed = bytes.fromhex(seed), []

    def add(self, entry, key):
        """Take in somebody.

        :param entry: a ``listing.Entry``.
        :param key: by which the caller knows them, bytes.
        """
        mac = hmac.digest(self._seed, entry.number.encode(), "sha256")
        used = bytes((min(entry.used, MOST_OF_A_FAMILY),))
        self._packed.append(mac + bytes.fromhex(entry.family) + used + key)

    def results(self, quota):
        """Yields a ``Drawn`` for each, by place; once: what was yielded is forgotten."""
        packed, self._packed = self._packed, []
        packed.sort()
        of_family, chosen = Counter(), 0
        for place, one in enumerate(packed, 1):
            family = one[_MAC:_MAC + _FAMILY]
            used = one[_MAC + _FAMILY] + of_family[family]
            is_chosen = chosen < quota and used < MOST_OF_A_FAMILY
            if is_chosen:
                chosen += 1
                of_family[family] += 1
            packed[place - 1] = None
            yield Drawn(one[_MAC + _FAMILY + 1:], place, is_chosen)
