"""The published file of a draw, and reading it again. Pure.

ASCII text, lines ended by a line feed, fields parted by ``;``::

    PURNA-UNDIAN;1;<id of the wave>;<quota>
    nomor;keluarga;terpakai;urutan;hasil
    0A1B2C3D4E5F;9f86d081884c7d65;0;17;LOLOS
    …                                            one line for each on the list, by number
    JANJI;<commitment>
    RAHASIA;<secret>
    KODE;<digest>
    BENIH;<seed>

The first line and the first three fields of the others are the list that the digest is of.
``urutan`` is empty and ``hasil`` is ``DICABUT`` for whoever was revoked between closing and draw.
"""

import re
from typing import NamedTuple

from webapp.draw.listing import FORMAT, HEAD, Entry, head_of
from webapp.models.programmes import CHOSEN, NOT_CHOSEN, REVOKED

COLUMNS = "nomor;keluarga;terpakai;urutan;hasil"
COMMITMENT, SECRET, DIGEST, SEED = "JANJI", "RAHASIA", "KODE", "BENIH"
TAIL = (COMMITMENT, SECRET, DIGEST, SEED)
RESULTS = (CHOSEN, NOT_CHOSEN, REVOKED)
_NUMBER, _FAMILY = re.compile(r"[0-9A-Z]{12}"), re.compile(r"[0-9a-f]{16}")
_HEX, _WAVE = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{32}")
_COUNT = re.compile(r"0|[1-9][0-9]{0,8}")


class Unreadable(Exception):
    """This is no published file, or one that was cut off: ``sentence``."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


class Claims(NamedTuple):
    """What is said about a draw: the wave's id, and four times 64 hex digits."""

    wave: str
    quota: int
    commitment: str
    secret: str
    digest: str
    seed: str


class Row(NamedTuple):
    """What is said about somebody on the list; ``place`` is None for who was revoked."""

    entry: Entry
    place: int | None
    result: str


def lines_of(claims, rows):
    """Yields the file's lines, each with its end.

    :param rows: ``Row`` by number.
    """
    yield f"{head_of(claims.wave, claims.quota)}\n{COLUMNS}\n"
    for entry, place, result in rows:
        yield f"{entry.number};{entry.family};{entry.used};{place or ''};{result}\n"
    values = (claims.commitment, claims.secret, claims.digest, claims.seed)
    for name, value in zip(TAIL, values, strict=True):
        yield f"{name};{value}\n"


class Reader:
    """A published file that is read line by line: ``rows`` first, then ``claims``.

    :param lines: the file's lines, an iterable of text.
    :raises Unreadable: here and while reading, for what is no such file.
    """

    def __init__(self, lines):
        self._lines = enumerate(lines, 1)
        self.wave, self.quota = self._head(self._next("")[1])
        if self._next("")[1] != COLUMNS:
            raise Unreadable(f"Baris 2 bukan judul kolom {COLUMNS}.")
        self._tail = {}

    def rows(self):
        """Yields a ``Row`` for each line of the list."""
        for place, line in self._lines:
            fields = line.rstrip("\n").split(";")
            if fields[0] in TAIL:
                self._note(place, fields)
            elif self._tail:
                raise Unreadable(f"Baris {place}: sesudah {next(iter(self._tail))} tidak ada "
                                 "pendaftar lagi.")
            else:
                yield _row(place, fields)

    def claims(self):
        """The ``Claims``, when all rows were read."""
        missing = [name for name in TAIL if name not in self._tail]
        if missing:
            raise Unreadable(f"Berkas ini terpotong: baris {missing[0]} tidak ada.")
        return Claims(self.wave, self.quota, *(self._tail[name] for name in TAIL))

    def _next(self, missing):
        place, line = next(self._lines, (0, missing))
        return place, line.rstrip("\n")

    def _head(self, line):
        fields = line.split(";")
        if (len(fields) != 4 or fields[:2] != [HEAD, FORMAT] or not _WAVE.fullmatch(fields[2])
                or not _COUNT.fullmatch(fields[3])):
            raise Unreadable("Berkas ini bukan hasil undian Purna: baris pertamanya lain.")
        return fields[2], int(fields[3])

    def _note(self, place, fields):
        if len(fields) != 2 or not _HEX.fullmatch(fields[1]) or fields[0] in self._tail:
            raise Unreadable(f"Baris {place}: {fields[0]} tidak terbaca.")
        self._tail[fields[0]] = fields[1]


def _row(place, fields):
    if len(fields) != 5:
        raise Unreadable(f"Baris {place} berisi {len(fields)} kolom, seharusnya 5.")
    number, family, used, position, result = fields
    if not (_NUMBER.fullmatch(number) and _FAMILY.fullmatch(family) and _COUNT.fullmatch(used)):
        raise Unreadable(f"Baris {place}: nomor, keluarga, atau terpakai tidak terbaca.")
    if position and not _COUNT.fullmatch(position):
        raise Unreadable(f"Baris {place}: urutannya bukan angka.")
    if result not in RESULTS:
        raise Unreadable(f"Baris {place}: hasilnya {result}, yang tidak dikenal.")
    return Row(Entry(number, family, int(used)), int(position) if position else None, result)
