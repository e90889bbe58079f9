"""The payment file, as the bank takes it. Pure.

Text in UTF-8, fields parted by ``;``, lines ended by a line feed::

    PURNA-BAYAR;1;N7K4-22QD-XWMM;2026-11-22
    id;jumlah;bank;rekening;nama;keterangan
    6f0c…(32 hex digits);4250000;BCA;1234568123;SITI RAHAYU;Purna 4QDN-7K2X-M3WW
    KONTROL;1;4250000;8d1f…(64 hex digits)

The head names the format, its version, the file and the day it was made. Amounts are whole rupiah.
The last line is the control: how many payments, their sum, and the SHA-256 of all bytes above it.
What is written depends on the rows alone, so the same file can be written again.
"""

import csv
import hashlib
import io
from typing import NamedTuple

from webapp.formats import one_line
from webapp.receipts.signing import show_number

HEAD, VERSION, CONTROL = "PURNA-BAYAR", "1", "KONTROL"
COLUMNS = ("id", "jumlah", "bank", "rekening", "nama", "keterangan")
_FORMULA = ("=", "+", "-", "@", "\t")     # a cell that begins so is computed by Excel


class Payment(NamedTuple):
    """One line: whom to pay, how much, where."""

    id: str                # 32 hex digits
    amount: int            # rupiah
    provider: str
    number: str            # digits, or E.164 of an e-wallet
    holder: str
    case_number: str       # as receipts have it, without dashes


class NotANumber(ValueError):
    """An account number is not made of digits: no bank could pay to it."""


def name_of(number):
    """What the file with this number is called."""
    return f"purna-bayar-{show_number(number)}.csv"


def build(number, day, payments):
    """The bytes of a payment file.

    :param number: the file's, as receipts have it.
    :param day: the date in Jakarta on which it was made.
    :param payments: ``Payment`` rows in their order.
    :raises NotANumber: for an account that no bank knows.
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter=";", lineterminator="\n")
    lines.writerow((HEAD, VERSION, show_number(number), day.isoformat()))
    lines.writerow(COLUMNS)
    for one in payments:
        lines.writerow((one.id, one.amount, one.provider, account_digits(one.number),
                        _defused(one.holder), f"Purna {show_number(one.case_number)}"))
    body = text.getvalue().encode()
    total = sum(one.amount for one in payments)
    control = f"{CONTROL};{len(payments)};{total};{hashlib.sha256(body).hexdigest()}\n"
    return body + control.encode()


def account_digits(number):
    """An account number as a bank takes it: digits, of an e-wallet as people dial it, ``0812…``.

    :raises NotANumber: there is something else in it.
    """
    digits = f"0{number[3:]}" if number.startswith("+62") else number
    if not (digits.isascii() and digits.isdigit()):
        raise NotANumber
    return digits


def digest_of(body):
    """The SHA-256 of a file's bytes, in hex."""
    return hashlib.sha256(body).hexdigest()


def _defused(text):
    text = one_line(text)
    return f"'{text}" if text.startswith(_FORMULA) else text
