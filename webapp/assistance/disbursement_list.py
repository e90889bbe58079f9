"""The list of what became of assistance. Pure.

Written as those of the bank (``webapp.bank_file``)::

    HASIL-BANTUAN;1;2026-11-23
    nomor;status;tanggal;jumlah;catatan
    N7K4-22QD-XWMM;DIJADWALKAN;2026-12-01;600000;
    3F2C-90AB-77KM;TERTAHAN;2026-11-23;600000;Nama di rekening berbeda
    KONTROL;2;1200000;8d1f…(64 hex digits)

The head holds the day it was made. A line names one assistance, where it stands, and of which day
that is: for ``DIJADWALKAN`` the day it is to be paid, else the day it happened. ``TERTAHAN`` and
``GAGAL`` say why. The control line says how many lines there are and the sum of their amounts in
rupiah.
"""

import re
from datetime import date
from typing import NamedTuple

from webapp.bank_file import AMOUNT, Unusable, day_in, parted, refuse_odd
from webapp.models.programmes import CHECKED, DISBURSED, FAILED, HELD, PLANNED
from webapp.receipts.signing import parse_number

HEAD, VERSION = "HASIL-BANTUAN", "1"
COLUMNS = ["nomor", "status", "tanggal", "jumlah", "catatan"]
REPORTED = (PLANNED, CHECKED, HELD, DISBURSED, FAILED)
MUST_SAY_WHY = (HELD, FAILED)
LONGEST_NOTE = 200     # as the table has room
MOST_BYTES = 4 * 1024 * 1024
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_LINES = 2_000     # half a second of everybody's time


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
    lines, control, digest = parted(body, 4, MOST_BYTES)
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


def _head(head):
    if len(head) != 3 or head[:2] != [HEAD, VERSION]:
        raise Unusable("Berkas ini bukan hasil bantuan Purna: baris pertamanya lain.")
    return _day(1, head[2])


def _report(place, line):
    if len(line) != len(COLUMNS):
        raise Unusable(f"Baris {place} berisi {len(line)} kolom, seharusnya {len(COLUMNS)}.")
    number, state, day, amount, note = line
    plain = parse_number(number)
    if not plain or not AMOUNT.fullmatch(amount):
        raise Unusable(f"Baris {place}: nomor atau jumlahnya tidak terbaca.")
    if state not in REPORTED:
        raise Unusable(f"Baris {place}: statusnya {', '.join(REPORTED)}, bukan yang lain.")
    refuse_odd(place, "catatan", note, LONGEST_NOTE, is_needed=state in MUST_SAY_WHY)
    return Report(place, plain, state, _day(place, day), int(amount), note.strip())


def _day(place, text):
    if not _DAY.fullmatch(text):     # ISO also has weeks, as long as a day
        raise Unusable(f"Baris {place}: tanggalnya bukan tahun-bulan-hari.")
    return day_in(place, text)


def _refuse_doubles(reports):
    first = {}
    for one in reports:
        if first.setdefault(one.number, one.line) != one.line:
            raise Unusable(f"Baris {one.line}: bantuan ini sudah ada di baris "
                           f"{first[one.number]}.")
