"""Read a list of balances, row by row, without touching anything.

A row names a person by NIK or KPJ, all that was ever put into their savings with its returns
(before anything was taken out), the day as of which that is so, and when a part was taken, if ever.
"""

from dataclasses import dataclass
from datetime import date

from webapp.formats import Malformed, is_blank, parse_date, parse_kpj, parse_nik, parse_rupiah
from webapp.list_header import Columns, MissingColumns, RefusedRow
from webapp.workers.worker_list import WORDS as WORKER_WORDS

LABELS = {"nik": "NIK", "kpj": "KPJ", "balance": "Saldo", "as_of": "Per tanggal",
          "partial_on": "Sebagian diambil tanggal"}
WORDS = {
    "nik": WORKER_WORDS["nik"], "kpj": WORKER_WORDS["kpj"],
    "balance": "saldo saldojht jumlahsaldo totalsaldo saldoakhir saldoawal",
    "as_of": "pertgl tglsaldo saldopertgl tgl",
    "partial_on": "sebagiandiambiltgl sebagiandiambil tglsebagian tglpencairansebagian "
    "tglambilsebagian",
}
COLUMNS = Columns(LABELS, WORDS, required=("balance", "as_of"))
WHO = ("nik", "kpj")
NOBODY_NAMED = ("Kolom NIK atau KPJ tidak ditemukan. Tambahkan salah satunya, lalu jalankan lagi.")
AHEAD = "Tanggal ini belum tiba. Periksa lagi tanggalnya."


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What a row says of one person; rupiah."""

    row_number: int
    nik: str | None
    kpj: str | None
    credited: int
    as_of: date
    partial_on: date | None


def check_savings_list(rows, today):
    """Find the header among rows, and return an iterator that judges those below it.

    :param rows: as ``spreadsheets.read_sheet`` gives them.
    :param today: the date in Jakarta: no balance is of a later day.
    :raises webapp.list_header.UnusableColumns: at once, where the header row cannot be used.
    """
    header = COLUMNS.find(rows)
    if not any(name in header.columns for name in WHO):
        raise MissingColumns(NOBODY_NAMED)
    return (_read(number, cells, header.columns, today) for number, cells in header.filled())


def _read(number, cells, columns, today):
    found = {}
    for name in columns:
        try:
            found[name] = _parsed(name, cells[name], today)
        except Malformed as problem:
            return RefusedRow(number, columns[name], problem.sentence)
    if not any(found.get(name) for name in WHO):
        column = next(columns[name] for name in WHO if name in columns)
        return RefusedRow(number, column, "NIK atau KPJ belum diisi.")
    return BalanceRow(number, found.get("nik"), found.get("kpj"), found["balance"],
                      found["as_of"], found.get("partial_on"))


def _parsed(name, cell, today):
    if name in ("nik", "kpj", "partial_on") and is_blank(cell):
        return None
    value = _PARSERS[name](cell)
    if isinstance(value, date) and value > today:
        raise Malformed(AHEAD)
    return value


_PARSERS = {"nik": parse_nik, "kpj": parse_kpj, "balance": parse_rupiah, "as_of": parse_date,
            "partial_on": parse_date}
