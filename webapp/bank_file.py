"""What files that a bank sends have in common. Pure.

Text in UTF-8, fields parted by ``;``, lines ended by a line feed or both marks. The last line is
the control: ``KONTROL``, counts and sums, and the SHA-256 of all bytes above it.
"""

import csv
import hashlib
import io
import re
from datetime import date

from webapp.formats import printable

CONTROL = "KONTROL"
AMOUNT = re.compile(r"[1-9][0-9]{0,14}")


class Unusable(Exception):
    """The file is refused whole; ``sentence`` says what is wrong with it."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


def parted(body, fields, most_bytes):
    """(the lines above the control line, its fields, the SHA-256 of what stands above it).

    :param fields: how many the control line has.
    :raises Unusable: it is cut off, altered or too large.
    """
    if len(body) > most_bytes:
        raise Unusable("Berkas ini terlalu besar untuk hasil pembayaran.")
    above, control = _split(body, fields)
    digest = hashlib.sha256(above).hexdigest()
    if digest != control[-1]:
        raise Unusable("Isi berkas tidak cocok dengan jumlah periksanya: ada yang berubah atau "
                       "hilang. Minta lagi berkas aslinya dari bank.")
    return _lines(above), control, digest


def refuse_odd(place, name, text, longest, *, is_needed):
    """A field of free text is there where it must be, short, and one line that can be shown.

    :param place: number of its line.
    """
    if is_needed and not text.strip():
        raise Unusable(f"Baris {place}: {name} belum diisi.")
    if len(text) > longest or text != printable(text) or "\n" in text or "\r" in text:
        raise Unusable(f"Baris {place}: {name} terlalu panjang atau berisi tanda yang aneh.")


def day_in(place, text):
    """A date as year-month-day."""
    try:
        if len(text) != 10:     # other forms of ISO are nobody's habit
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as problem:
        raise Unusable(f"Baris {place}: tanggalnya bukan tahun-bulan-hari.") from problem


def _split(body, fields):
    ended = body.rstrip(b"\r\n")
    above, mark, last = ended.rpartition(b"\n")
    try:
        control = last.decode("ascii").strip().split(";")
    except UnicodeDecodeError:
        control = []
    if len(control) != fields or control[0] != CONTROL:
        raise Unusable("Berkas ini terpotong: baris terakhirnya bukan baris KONTROL.")
    return above + mark, control


def _lines(above):
    try:
        text = above.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Unusable("Berkas ini bukan teks UTF-8.") from problem
    return _read(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))


def _read(lines):
    try:
        yield from lines
    except csv.Error as problem:
        raise Unusable(f"Baris {lines.line_num} tidak bisa dibaca.") from problem
