"""Find the header row of a list as companies keep it, and say which of our columns stand where.

Titles may stand above it, columns come in any order and under many names, unknown ones between.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from webapp.formats import clean_text, is_blank, printable
from webapp.spreadsheets import Cell, Row

# Letterheads take up to a dozen rows; no list begins further down.
ROWS_SEARCHED = 30
# How much of a strange header a sentence repeats.
SHOWN_HEADERS, SHOWN_HEADER_LENGTH = 10, 30
# The running number every list begins with is known, and of no use.
_RUNNING_NUMBER = frozenset({"no", "nourut", ""})


class UnusableColumns(ValueError):
    """The header row cannot be used; `sentence` says in Bahasa Indonesia what to change."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class MissingColumns(UnusableColumns):
    """Required columns are not there."""


class DuplicateColumns(UnusableColumns):
    """Two columns hold the same thing."""


@dataclass(frozen=True, slots=True)
class Header:
    """A header row. `columns` maps our fields to the headers of the file, in reading order,
    `ignored` are the headers we do not know, `cells` all of them, `number` is the spreadsheet's,
    and `rows` are the rows below it, once."""

    number: int
    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    rows: Iterator[Row]
    positions: Mapping[int, str]
    cells: tuple[Cell, ...]

    def filled(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """The number of each row below, and what it holds in our columns; rows without anything
        there are left out: a template numbered in advance has some."""
        for row in self.rows:
            cells = self.cells_of(row)
            if not all(is_blank(cell) for cell in cells.values()):
                yield row.number, cells

    def cells_of(self, row: Row) -> dict[str, Cell]:
        """What a row holds in our columns."""
        return {
            field: row.cells[position] if position < len(row.cells) else None
            for position, field in self.positions.items()
        }


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken. `column` is the header as in the file, `reason` a sentence."""

    row_number: int
    column: str
    reason: str


class Columns:
    """The columns a list may have.

    `labels` are our own words for the fields; `words` the headers that mean them, space between,
    as `header_key` leaves them; `required` those without which a list is of no use.
    """

    def __init__(
        self, labels: Mapping[str, str], words: Mapping[str, str], required: tuple[str, ...]
    ) -> None:
        self.labels, self.required = labels, required
        self._field_of = {key: field for field, keys in words.items() for key in keys.split()}

    def find(self, rows: Iterable[Row]) -> Header:
        """The header among the first rows: the row with most of our columns in it, the uppermost of
        equals. Raises MissingColumns or DuplicateColumns."""
        rows = iter(rows)
        searched = list(itertools.islice(rows, ROWS_SEARCHED))
        place = self._place(searched)
        header = searched[place] if searched else Row(1, ())
        positions = self._positions(header)
        return Header(
            number=header.number,
            columns={field: clean_text(header.cells[at]) for at, field in positions.items()},
            ignored=tuple(_ignored(header, positions)),
            rows=itertools.chain(searched[place + 1 :], rows),
            positions=positions,
            cells=header.cells,
        )

    def field_of(self, cell: Cell) -> str | None:
        """The field a header means, or None."""
        return self._field_of.get(header_key(cell))

    def _place(self, searched: list[Row]) -> int:
        fields = [{self.field_of(cell) for cell in row.cells} - {None} for row in searched]
        return max(range(len(searched)), key=lambda place: len(fields[place]), default=0)

    def _positions(self, header: Row) -> dict[int, str]:
        """Our fields by their columns' positions, in reading order."""
        positions: dict[int, str] = {}
        for position, cell in enumerate(header.cells):
            field = self.field_of(cell)
            if field in positions.values():
                earlier = next(place for place, known in positions.items() if known == field)
                raise DuplicateColumns(self._duplicate(header.cells[earlier], cell, field))
            if field:
                positions[position] = field
        missing = [self.labels[field] for field in self.required
                   if field not in positions.values()]
        if missing:
            raise MissingColumns(self._missing(missing, header))
        return positions

    def _missing(self, missing: list[str], header: Row) -> str:
        needed = f"Kolom {_listed(missing)} tidak ditemukan."
        found = [_short(cell) for cell in header.cells if not is_blank(cell)][:SHOWN_HEADERS]
        if not found or len(missing) == len(self.required):
            return f"{needed} Tambahkan baris judul di atas daftar, lalu unggah lagi."
        return (
            f"{needed} Baris {header.number} berisi kolom {_listed(found)}. "
            "Tambahkan kolom yang kurang, lalu unggah lagi."
        )

    def _duplicate(self, first: Cell, second: Cell, field: str) -> str:
        return (
            f"Ada dua kolom untuk {self.labels[field]}: {_short(first)} dan {_short(second)}. "
            "Hapus salah satu, lalu unggah lagi."
        )


def header_key(cell: Cell) -> str:
    """A header without spaces, dots, accents or parentheses, `nomor` as `no`, `tanggal` as `tgl`:
    what looks like the same header is the same key."""
    if not isinstance(cell, str):
        return ""
    plain = unicodedata.normalize("NFKD", re.sub(r"\([^)]*\)", " ", cell)).casefold()
    words = re.findall(r"[a-z0-9]+", "".join(sign for sign in plain if sign.isascii()))
    same = {"nomor": "no", "tanggal": "tgl"}
    return "".join(same.get(word, word) for word in words)


def _ignored(header: Row, positions: Mapping[int, str]) -> Iterator[str]:
    for position, cell in enumerate(header.cells):
        if position not in positions and header_key(cell) not in _RUNNING_NUMBER:
            yield clean_text(str(cell))


def _short(cell: Cell) -> str:
    return clean_text(printable(str(cell)))[:SHOWN_HEADER_LENGTH]


def _listed(words: list[str]) -> str:
    return " dan ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
