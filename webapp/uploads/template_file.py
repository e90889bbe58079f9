"""The empty list that companies download: text cells, the reasons to choose from, instructions."""

import io
from datetime import UTC, datetime
from functools import cache

import xlsxwriter

from webapp.deactivation.reasons import REASONS
from webapp.uploads.leaver_list import COLUMNS, LABELS, LONGEST_NOTE

NAME = "templat-nonaktif.xlsx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = 10_000
# NIK is understood where a list has it, and not needed: we do not ask for it.
FIELDS = ("kpj", "name", "birth_date", "reason", "last_day", "note")
_WIDTHS = {"kpj": 16, "name": 28, "birth_date": 16, "reason": 36, "last_day": 18, "note": 32}
_REASONS = [f"{reason.code} - {reason.label}" for reason in REASONS.values() if reason.in_bulk]
_MADE = datetime(2026, 1, 1, tzinfo=UTC)     # always the same, so that the file is

# What Excel shows beside a cell that is being filled in: a title and a sentence.
_HINTS = {
    "kpj": ("KPJ", "Ketik semua angkanya, juga angka 0 di depan. Contoh: 30145274512"),
    "birth_date": ("Tanggal Lahir (boleh kosong)", "Contoh: 05/08/1990"),
    "last_day": ("Tanggal Kejadian", "Hari kerja terakhirnya. Contoh: 31/10/2026"),
    "note": ("Keterangan (boleh kosong)", f"Paling panjang {LONGEST_NOTE} huruf."),
}
_INSTRUCTIONS = (
    "Isi satu baris untuk satu pekerja di lembar Daftar, mulai baris 2.",
    f"Yang wajib diisi: {', '.join(LABELS[name] for name in COLUMNS.required)}.",
    "Nama dan Tanggal Lahir boleh kosong. Jika diisi, kami periksa apakah orangnya benar.",
    "Tulis tanggal sebagai hari/bulan/tahun. Contoh: 31/10/2026",
    "Tanggal Kejadian adalah hari kerja terakhirnya.",
    "Untuk Sebab, pilih dari daftar di selnya. Sebab yang bisa dipakai:",
    *(f"     {reason}" for reason in _REASONS),
    "Sebab lain, misalnya meninggal dunia, dilaporkan satu per satu di halaman Tenaga kerja.",
    f"Satu berkas paling banyak {ROWS:,} baris.".replace(",", "."),
    "Simpan, lalu unggah di halaman Unggah. Nama berkasnya bebas.",
)


@cache
def build():
    """The bytes of the file; the same ones every time."""
    body = io.BytesIO()
    book = xlsxwriter.Workbook(body, {"in_memory": True})
    book.set_properties({"created": _MADE, "author": "Purna"})
    text = book.add_format({"num_format": "@"})
    head = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
    _write_list(book.add_worksheet("Daftar"), text, head)
    _write_instructions(book.add_worksheet("Petunjuk"), book)
    book.close()
    return body.getvalue()


def _write_list(sheet, text, head):
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(FIELDS):
        sheet.set_column(place, place, _WIDTHS[name], text)
        sheet.write_string(0, place, LABELS[name], head)
        sheet.data_validation(1, place, ROWS, place, _rule(name))


def _rule(name):
    if name == "reason":
        return {"validate": "list", "source": _REASONS, "error_title": "Sebab ini tidak dikenal",
                "error_message": "Pilih salah satu sebab dari daftar.",
                "input_title": "Sebab", "input_message": "Pilih dari daftar."}
    title, hint = _HINTS.get(name, (f"{LABELS[name]} (boleh kosong)", "Nama lengkapnya."))
    return {"validate": "any", "input_title": title, "input_message": hint}


def _write_instructions(sheet, book):
    sheet.set_column(0, 0, 90, book.add_format({"text_wrap": True}))
    sheet.write_string(0, 0, "Cara mengisi daftar ini", book.add_format({"bold": True}))
    for number, sentence in enumerate(_INSTRUCTIONS, 2):
        sheet.write_string(number, 0, sentence)
