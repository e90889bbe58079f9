"""The list of what became of assistance. Pure.

Text in UTF-8, fields parted by ``;``, lines ended by a line feed or both marks::

    HASIL-BANTUAN;1;2026-11-23
    nomor;status;tanggal;jumlah;catatan
    N7K4-22QD-XWMM;DIJADWALKAN;2026-12-01;600000;
    3F2C-90AB-77KM;TERTAHAN;2026-11-23;600000;Nama di rekening berbeda
    KONTROL;2;1200000;8d1f…(64 hex digits)

The head holds the day it was made. A line names one assistance, where it stands, and of which day
that is: for ``DIJADWALKAN`` the day it is to be paid, else the day it happened. ``TERTAHAN`` and
``GAGAL`` say why. The last line is the control: how many lines, the sum of their amounts in rupiah,
and the SHA-256 of all bytes above it.
"""

import csv
import hashlib
import io
import re
from datetime import date
from typing import NamedTuple

from webapp.formats import printable
from webapp.models.programmes import CHECKED, DISBURSED, FAILED, HELD, PLANNED
from webapp.receipts.signing import parse_number

HEAD, VERSION, CONTROL = "HASIL-BANTUAN", "1", "KONTROL"
COLUMNS = ["nomor", "status", "tanggal", "jumlah", "catatan"]
REPORTED = (PLANNED, CHECKED, HELD, DISBURSED, FAILED)
MUST_SAY_WHY = (HELD, FAILED)
LONGEST_NOTE = 200     # as the table has room
MOST_BYTES = 4 * 1024 * 1024
MOST_LINES = 2_000     # half a second of everybody's time
_AMOUNT = re.compile(r"[1-9][0-9]{0,14}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Unusable(Exception):
    """The list is refused whole; ``sentence`` says what is wrong with it."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


class Report(NamedTuple):
    """One line: where one assistance stands. ``line`` is its place in the file."""

    line: int
    number: str
    state: str
    day: date
    amount: int
    note: str


class DisbursementList(NamedTuple):
    """A whole list; ``digest`` is that of all that is said in it."""

    made_on: date
    reports: tuple
    total: int
    digest: str


def parse(body):
    """The ``DisbursementList`` in a file's bytes.

    :raises Unusable: it is cut off, altered, or not such a file.
    """
    if len(body) > MOST_BYTES:
        raise Unusable("Berkas ini terlalu besar untuk hasil bantuan.")
    above, control = _parted(body)
    digest = hashlib.sha256(above).hexdigest()
    if digest != control[-1]:
        raise Unusable("Isi berkas tidak cocok dengan jumlah periksanya: ada yang berubah atau "
                       "hilang. Minta lagi berkas aslinya.")
    lines = _lines(above)
    made_on = _head(next(lines, []))
    if next(lines, None) != COLUMNS:
        raise Unusable(f"Baris 2 bukan judul kolom {';'.join(COLUMNS)}.")
    reports = tuple(_report(place, line) for place, line in enumerate(lines, 3))
    total = sum(one.amount for one in reports)
    if control[1:3] != [str(len(reports)), str(total)] or not reports:
        raise Unusable("Jumlah pada baris KONTROL tidak sama dengan jumlah baris-barisnya.")
    if len(reports) > MOST_LINES:
        raise Unusable(f"Berkas ini berisi {len(reports)} baris, paling banyak {MOST_LINES}. Bagi "
                       "menjadi beberapa berkas.")
    _refuse_doubles(reports)
    return DisbursementList(made_on, reports, total, digest)


def _parted(body):
    """(the bytes above the control line, its fields)."""
    above, mark, last = body.rstrip(b"\r\n").rpartition(b"\n")
    control = last.decode("ascii", "replace").strip().split(";")
    if len(control) != 4 or control[0] != CONTROL or not _DIGEST.fullmatch(control[-1]):
        raise Unusable("Berkas ini terpotong: baris terakhirnya bukan baris KONTROL.")
    return above + mark, control


def _lines(above):
    try:
        text = above.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Unusable("Berkas ini bukan teks UTF-8.") from problem
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    try:
        yield from lines
    except csv.Error as problem:
        raise Unusable(f"Baris {lines.line_num} tidak bisa dibaca.") from problem


def _head(head):
    if len(head) != 3 or head[:2] != [HEAD, VERSION]:
        raise Unusable("Berkas ini bukan hasil bantuan Purna: baris pertamanya lain.")
    return _day(1, head[2])


def _report(place, line):
    if len(line) != len(COLUMNS):
        raise Unusable(f"Baris {place} berisi {len(line)} kolom, seharusnya {len(COLUMNS)}.")
    number, state, day, amount, note = line
    plain = parse_number(number)
    if not plain or not _AMOUNT.fullmatch(amount):
        raise Unusable(f"Baris {place}: nomor atau jumlahnya tidak terbaca.")
    if state not in REPORTED:
        raise Unusable(f"Baris {place}: statusnya {', '.join(REPORTED)}, bukan yang lain.")
    if state in MUST_SAY_WHY and not note.strip():
        raise Unusable(f"Baris {place}: catatan belum diisi. {state} harus ada sebabnya.")
    if len(note) > LONGEST_NOTE or note != printable(note) or "\n" in note or "\r" in note:
        raise Unusable(f"Baris {place}: catatan terlalu panjang atau berisi tanda yang aneh.")
    return Report(place, plain, state, _day(place, day), int(amount), note.strip())


def _day(place, text):
    try:
        if len(text) != 10:     # other forms of ISO are nobody's habit
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as problem:
        raise Unusable(f"Baris {place}: tanggalnya bukan tahun-bulan-hari.") from problem


def _refuse_doubles(reports):
    first = {}
    for one in reports:
        if first.setdefault(one.number, one.line) != one.line:
            raise Unusable(f"Baris {one.line}: bantuan ini sudah ada di baris "
                           f"{first[one.number]}.")
