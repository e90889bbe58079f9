"""The bank's answer to a payment file. Pure.

Text in UTF-8, fields parted by ``;``, lines ended by a line feed or both marks::

    HASIL-BAYAR;1;N7K4-22QD-XWMM;2026-11-23
    id;jumlah;hasil;referensi;tanggal;sebab
    6f0c…(32 hex digits);4250000;BERHASIL;BCA-99120;2026-11-23;
    71aa…(32 hex digits);900000;GAGAL;;2026-11-23;Rekening ditutup
    KONTROL;1;4250000;1;900000;8d1f…(64 hex digits)

The head names the payment file it answers. Every payment of that file has one line: paid
(``BERHASIL``, with the bank's reference) or not (``GAGAL``, with the reason), and on which day. The
last line is the control: how many were paid and their sum, how many were not and their sum, and the
SHA-256 of all bytes above it.
"""

import re
from datetime import date
from typing import NamedTuple

from webapp.bank_file import AMOUNT, Unusable, day_in, parted, refuse_odd
from webapp.receipts.signing import parse_number

__all__ = ["MOST_BYTES", "Answer", "Result", "Unusable", "parse"]

HEAD, VERSION = "HASIL-BAYAR", "1"
COLUMNS = ["id", "jumlah", "hasil", "referensi", "tanggal", "sebab"]
PAID, NOT_PAID = "BERHASIL", "GAGAL"
LONGEST_REFERENCE, LONGEST_PROBLEM = 60, 200     # as the table has room
MOST_BYTES = 32 * 1024 * 1024
_ID = re.compile(r"[0-9a-f]{32}")


class Answer(NamedTuple):
    """What became of one payment."""

    id: str
    amount: int
    is_paid: bool
    reference: str
    day: date
    problem: str


class Result(NamedTuple):
    """A whole answer: to which file, by its number without dashes; ``digest`` is that of all that
    is said in it."""

    number: str
    answers: tuple
    digest: str


def parse(body):
    """The ``Result`` in a file's bytes.

    :raises Unusable: it is cut off, altered, or not such a file.
    """
    lines, control, digest = parted(body, 6, MOST_BYTES)
    number = _head(lines)
    if next(lines, None) != COLUMNS:
        raise Unusable(f"Baris 2 bukan judul kolom {';'.join(COLUMNS)}.")
    answers = tuple(_answer(place, line) for place, line in enumerate(lines, 3))
    _compare(answers, control)
    return Result(number, answers, digest)


def _head(lines):
    head = next(lines, [])
    number = parse_number(head[2]) if len(head) == 4 else None
    if head[:2] != [HEAD, VERSION] or not number:
        raise Unusable("Berkas ini bukan hasil pembayaran Purna: baris pertamanya lain.")
    return number


def _answer(place, line):
    if len(line) != len(COLUMNS):
        raise Unusable(f"Baris {place} berisi {len(line)} kolom, seharusnya {len(COLUMNS)}.")
    payment, amount, result, reference, day, problem = line
    if not _ID.fullmatch(payment) or not AMOUNT.fullmatch(amount):
        raise Unusable(f"Baris {place}: id atau jumlahnya tidak terbaca.")
    if result not in (PAID, NOT_PAID):
        raise Unusable(f"Baris {place}: hasilnya {PAID} atau {NOT_PAID}, bukan yang lain.")
    refuse_odd(place, "referensi", reference, LONGEST_REFERENCE, is_needed=result == PAID)
    refuse_odd(place, "sebab", problem, LONGEST_PROBLEM, is_needed=result == NOT_PAID)
    return Answer(payment, int(amount), result == PAID, reference, day_in(place, day), problem)


def _compare(answers, control):
    """The counts and sums are those of the lines."""
    counted = []
    for is_paid in (True, False):
        amounts = [one.amount for one in answers if one.is_paid is is_paid]
        counted += [str(len(amounts)), str(sum(amounts))]
    if counted != control[1:5]:
        raise Unusable("Jumlah pada baris KONTROL tidak sama dengan jumlah baris-barisnya.")
