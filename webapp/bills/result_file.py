"""The bank's list of contributions that were paid. Pure.

Text in UTF-8, fields parted by ``;``, lines ended by a line feed or both marks::

    IURAN-MASUK;1;BCA;2026-11-23
    kode;jumlah;tanggal;referensi
    9757346574043041;16800;2026-11-23;BCA-99120
    KONTROL;1;16800;8d1f…(64 hex digits)

The head names the format, its version, the bank and the day of the list. Amounts are whole rupiah,
the day is that on which somebody paid. The last line is the control: how many were paid, their sum,
and the SHA-256 of all bytes above it.
"""

from datetime import date
from typing import NamedTuple

from webapp.bank_file import AMOUNT, Unusable, day_in, parted, refuse_odd
from webapp.bills.codes import is_code

HEAD, VERSION = "IURAN-MASUK", "1"
COLUMNS = ["kode", "jumlah", "tanggal", "referensi"]
LONGEST_REFERENCE, LONGEST_BANK = 60, 20
MOST_BYTES = 4 * 1024 * 1024
MOST_LINES = 2_000     # they are taken in at once, and everybody else waits


class Payment(NamedTuple):
    """One payment: ``place`` is the number of its line."""

    place: int
    code: str
    amount: int
    day: date
    reference: str


class Received(NamedTuple):
    """A whole list; ``digest`` is that of all that is said in it."""

    payments: tuple
    total: int
    digest: str


def parse(body):
    """The ``Received`` in a file's bytes.

    :raises webapp.bank_file.Unusable: it is cut off, altered, or not such a file.
    """
    lines, control, digest = parted(body, 4, MOST_BYTES)
    _refuse_other(next(lines, []))
    if next(lines, None) != COLUMNS:
        raise Unusable(f"Baris 2 bukan judul kolom {';'.join(COLUMNS)}.")
    payments = tuple(_payment(place, line) for place, line in enumerate(lines, 3))
    total = sum(one.amount for one in payments)
    if control[1:3] != [str(len(payments)), str(total)]:
        raise Unusable("Jumlah pada baris KONTROL tidak sama dengan jumlah baris-barisnya.")
    if not payments:
        raise Unusable("Berkas ini tidak berisi pembayaran.")
    if len(payments) > MOST_LINES:
        raise Unusable(f"Berkas ini berisi {len(payments)} pembayaran, paling banyak {MOST_LINES}. "
                       "Bagi menjadi beberapa berkas.")
    return Received(payments, total, digest)


def _refuse_other(head):
    if len(head) != 4 or head[:2] != [HEAD, VERSION]:
        raise Unusable("Berkas ini bukan daftar iuran masuk: baris pertamanya lain.")
    refuse_odd(1, "nama bank", head[2], LONGEST_BANK, is_needed=True)
    day_in(1, head[3])


def _payment(place, line):
    if len(line) != len(COLUMNS):
        raise Unusable(f"Baris {place} berisi {len(line)} kolom, seharusnya {len(COLUMNS)}.")
    code, amount, day, reference = line
    if not is_code(code):
        raise Unusable(f"Baris {place}: kode bayarnya tidak terbaca, atau salah satu angkanya.")
    if not AMOUNT.fullmatch(amount):
        raise Unusable(f"Baris {place}: jumlahnya tidak terbaca.")
    refuse_odd(place, "referensi", reference, LONGEST_REFERENCE, is_needed=True)
    return Payment(place, code, int(amount), day_in(place, day), reference)
