"""Read a list of leavers as companies keep it: which columns there are, and what each row says.

Pure: who the people are is judged elsewhere (``judging``). The same functions read what a clerk
types into the page in place of a cell.
"""

import datetime
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.deactivation.reasons import REASONS
from webapp.formats import (
    Malformed,
    clean_text,
    is_blank,
    parse_date,
    parse_kpj,
    parse_nik,
    printable,
)
from webapp.list_header import Columns, header_key
from webapp.spreadsheets import Cell
from webapp.workers.worker_list import WORDS as WORKER_WORDS

LONGEST_NOTE = 500
LABELS = {
    "kpj": "KPJ",
    "nik": "NIK",
    "name": "Nama",
    "birth_date": "Tanggal Lahir",
    "reason": "Sebab",
    "last_day": "Tanggal Kejadian",
    "note": "Keterangan",
}
# As ``list_header.header_key`` leaves them.
_WORDS = {name: WORKER_WORDS[name] for name in ("kpj", "nik", "name", "birth_date")} | {
    "reason": "sebab sebabnonaktif sebabna sebabkeluar sebabberhenti alasan alasannonaktif "
    "alasankeluar alasanberhenti alasanresign kodesebab kodenonaktif",
    "last_day": "tglkejadian tglnonaktif tglna tglkeluar tglberhenti tglresign tglakhirkerja "
    "tglterakhirkerja tglterakhirbekerja harikerjaterakhir tglefektif tglphk "
    "tmtkeluar tmtnonaktif",
    "note": "keterangan catatan ket note",
}
COLUMNS = Columns(LABELS, _WORDS, required=("kpj", "reason", "last_day"))

# What people write for a reason, as ``header_key`` leaves it, besides its code and its label.
_SPELLINGS = {
    "RSG": "resign resigned mengundurkan undurdiri pengundurandiri mundur",
    "PKW": "pkwt kontrakhabis habiskontrak kontrakberakhir berakhirkontrak akhirkontrak "
    "kontrakselesai selesaikontrak habismasakontrak",
    "PHK": "diphk pemutusankerja",
    "PSN": "pensiun usiapensiun masukusiapensiun",
    "MUT": "mutasi pindah pindahperusahaan pindahkerja",
    "CTT": "cacat cacattetap",
    "MGL": "meninggal wafat almarhum almarhumah",
    "LNG": "keluarnegeri pindahnegara",
    "TTP": "tutup pailit perusahaantutup",
    "SLH": "salahdata dataganda",
}
_CODE_OF = {
    key: code
    for code, reason in REASONS.items()
    for key in (code.lower(), header_key(reason.label), *_SPELLINGS[code].split())
}
_NEAR_ENOUGH = 0.75


class UnknownReason(Malformed):
    """Nobody knows this reason. ``nearest`` is the code of the one that may be meant, or None."""

    def __init__(self, nearest: str | None) -> None:
        meant = f" Maksud Anda {REASONS[nearest].label} ({nearest})?" if nearest else (
            " Pakai salah satu sebab dari templat kami.")
        super().__init__(f"Sebab ini tidak dikenal.{meant}")
        self.nearest = nearest


@dataclass(slots=True)
class Leaver:
    """What one row says. ``faults`` and ``meant`` go by field: sentences, and values that may be
    meant instead."""

    values: dict = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    meant: dict[str, str] = field(default_factory=dict)


def read_leaver(cells: Mapping[str, Cell]) -> Leaver:
    """Read the cells of one row, by field; a field that is missing is empty."""
    leaver = Leaver()
    for name, read in _READERS.items():
        cell = cells.get(name)
        if is_blank(cell) and name not in COLUMNS.required:
            continue
        try:
            leaver.values[name] = read(cell)
        except UnknownReason as unknown:
            leaver.faults[name] = unknown.sentence
            if unknown.nearest and REASONS[unknown.nearest].in_bulk:
                leaver.meant[name] = unknown.nearest
        except Malformed as problem:
            leaver.faults[name] = problem.sentence
    return leaver


def is_header_again(cells: Mapping[str, Cell]) -> bool:
    """Whether a row is the header once more, as printed lists have it on each page."""
    return all(COLUMNS.field_of(cells.get(name)) == name for name in COLUMNS.required)


def read_reason(cell: Cell) -> str:
    """The code of a reason that may be used in bulk, from its code, label or a usual spelling.

    Raises UnknownReason, or Malformed where the reason is known and not accepted in a list.
    """
    if is_blank(cell):
        raise Malformed("Sebab belum diisi. Pakai salah satu sebab dari templat kami.")
    key = header_key(str(cell))
    code = _CODE_OF.get(key) or _code_within(str(cell))
    if code is None:
        near = difflib.get_close_matches(key, _CODE_OF, n=1, cutoff=_NEAR_ENOUGH)
        raise UnknownReason(_CODE_OF[near[0]] if near else None)
    if not REASONS[code].in_bulk:
        raise Malformed(_not_in_bulk(REASONS[code]))
    return code


def spoken(text: str) -> str:
    """A reason as it is called on screen; what cannot be read stays as it is written."""
    try:
        return REASONS[read_reason(text)].label
    except Malformed:
        return text


def _code_within(text: str) -> str | None:
    """The code of "RSG - Mengundurkan diri", as our template offers it."""
    code = text.strip()[:3].upper()
    return code if code in REASONS and not text.strip()[3:4].isalnum() else None


def _not_in_bulk(reason) -> str:
    if reason.code == "MGL":
        return ("Kematian tidak bisa dilaporkan lewat berkas. "
                "Laporkan satu per satu, dengan surat kematiannya.")
    if not reason.by_employer:
        return "Sebab ini hanya bisa dipakai kantor cabang. Hubungi kantor cabang Anda."
    needed = reason.proof or "penjelasan"
    return f"Sebab ini perlu {needed}. Laporkan satu per satu, bukan lewat berkas."


def _read_text(cell: Cell) -> str:
    return clean_text(printable(str(cell)))


def _read_note(cell: Cell) -> str:
    note = _read_text(cell)
    if len(note) > LONGEST_NOTE:
        raise Malformed(f"Keterangan ini lebih dari {LONGEST_NOTE} huruf. Tulis lebih singkat.")
    return note


def _read_day(cell: Cell) -> datetime.date:
    if is_blank(cell):
        raise Malformed("Tanggal kejadian belum diisi. Tulis hari kerja terakhirnya.")
    return parse_date(cell)


_READERS = {
    "kpj": parse_kpj,
    "nik": parse_nik,
    "name": _read_text,
    "birth_date": parse_date,
    "reason": read_reason,
    "last_day": _read_day,
    "note": _read_note,
}
