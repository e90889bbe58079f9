"""Check a company's list of workers, row by row, without touching anything.

The list comes as companies keep it: titles above the header, columns in any order and under many
names, unknown ones between. Each row is either taken, with notes on what looks odd, or refused with
the first column, in reading order, that makes it unusable.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from webapp.formats import (
    Malformed,
    clean_text,
    is_blank,
    kpj_warnings,
    nik_warnings,
    parse_date,
    parse_email,
    parse_kpj,
    parse_nik,
    parse_phone,
    parse_rupiah,
    show_date,
)
from webapp.list_header import Columns, RefusedRow
from webapp.months import parse_paid_until
from webapp.spreadsheets import Cell, Row

# Law 13/2003 on manpower, article 69: light work from 13.
MIN_AGE_AT_START = 13
MAX_AGE = 100
MAX_NAME_LENGTH = 100
MAX_POSITION_LENGTH = 100

LABELS = {
    "kpj": "KPJ",
    "nik": "NIK",
    "name": "Nama",
    "birth_date": "Tanggal Lahir",
    "start_date": "Tanggal Masuk",
    "wage": "Upah",
    "position": "Jabatan",
    "phone": "No HP",
    "email": "Email",
    "paid_until": "Iuran Terakhir",
}
REQUIRED = ("kpj", "nik", "name", "birth_date", "start_date")

WORDS = {
    "kpj": "kpj nokpj nokpjpeserta nokartu nopeserta nokartupeserta nokepesertaan kartupeserta nib "
    "nokartukpj nokpjnib nobpjstk nobpjsketenagakerjaan nokartubpjstk",
    "nik": "nik nonik nikpaspor nikpassport noktp ktp nikktp noktpnik noktppaspor noidentitas "
    "noindukkependudukan",
    "name": "nama namalengkap namatenagakerja namapekerja namakaryawan namapegawai namapeserta "
    "namatk namasesuaiktp namalengkapsesuaiktp",
    "birth_date": "tgllahir tgllhr tgllahirtk",
    "start_date": "tglmasuk tglmasukkerja mulaibekerja mulaikerja tglmulai tglmulaibekerja "
    "tglmulaikerja tmt tmtkerja tglkepesertaan tglmulaikepesertaan tmtkepesertaan tglbergabung",
    "wage": "upah gaji upahtk gajipokok upahpokok upahsebulan upahperbulan gajiperbulan",
    "position": "jabatan posisi jabatanposisi",
    "phone": "nohp hp notelepon telepon notelp telp notlp noponsel ponsel nohandphone handphone "
    "notelephp notelponhp notelepon nowa nowhatsapp",
    "email": "email alamatemail surel",
    "paid_until": "iuranterakhir bulaniuran bulaniuranterakhir blniuran iuransampai "
    "iuransampaibulan iuranterakhirdibayar periodeiuran periodeiuranterakhir bulanlunas "
    "lunassampai lunassampaibulan",
}
COLUMNS = Columns(LABELS, WORDS, required=REQUIRED)
_LOWER_WORDS = frozenset({"bin", "binti"})
_ROMAN = frozenset({"II", "III", "IV"})


@dataclass(frozen=True, slots=True)
class Note:
    """Something odd in a row that is taken all the same. `column` is the header as in the file."""

    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TakenRow:
    """One worker. Numbers are text, `wage` whole rupiah a month, `phone` E.164, `paid_until` the
    first day of the last month with a contribution."""

    row_number: int
    kpj: str
    nik: str
    name: str
    birth_date: datetime.date
    start_date: datetime.date
    wage: int | None = None
    position: str | None = None
    phone: str | None = None
    email: str | None = None
    paid_until: datetime.date | None = None
    notes: tuple[Note, ...] = ()


class CheckedWorkerList(Iterator["TakenRow | RefusedRow"]):
    """The rows of a list as they are judged, and what its header row holds.

    `columns` maps our fields to the headers of the file, in reading order; `ignored_columns` are
    the headers we do not know; `header_row_number` is the spreadsheet's.
    """

    def __init__(self, rows: Iterable[Row], today: datetime.date) -> None:
        header = COLUMNS.find(rows)
        self._rows = header.filled()
        self.header_row_number, self.columns = header.number, header.columns
        self.ignored_columns = header.ignored
        self._today = today
        self._parsers = _PARSERS | {"paid_until": partial(parse_paid_until, today=today)}
        self._taken_rows: dict[str, dict[str, int]] = {"kpj": {}, "nik": {}}

    def __next__(self) -> "TakenRow | RefusedRow":
        return self._judge(*next(self._rows))

    def _judge(self, number: int, cells: dict[str, Cell]) -> "TakenRow | RefusedRow":
        values, faults, notes = self._parsed(cells)
        self._compare_dates(values, faults)
        self._find_earlier(values, faults)
        for field in self.columns:
            if field in faults:
                return RefusedRow(number, self.columns[field], faults[field])
        for field, taken in self._taken_rows.items():
            taken[values[field]] = number
        return TakenRow(number, **values, notes=tuple(notes + self._oddities(values)))

    def _parsed(self, cells: dict[str, Cell]) -> tuple[dict[str, Any], dict[str, str], list[Note]]:
        values, faults, notes = {}, {}, []
        for field, cell in cells.items():
            if is_blank(cell) and field not in REQUIRED:
                continue
            try:
                values[field] = self._parsers[field](cell)
            except Malformed as problem:
                if field in _NEVER_REFUSE:
                    left_out = f"{problem.sentence} Isian ini dikosongkan."
                    notes.append(Note(self.columns[field], left_out))
                else:
                    faults[field] = problem.sentence
        return values, faults, notes

    def _compare_dates(self, values: dict[str, Any], faults: dict[str, str]) -> None:
        birth, start = values.get("birth_date"), values.get("start_date")
        if birth and (fault := _birth_fault(birth, self._today)):
            faults["birth_date"] = fault
            return
        if start and (fault := _start_fault(start, birth, self._today)):
            faults["start_date"] = fault

    def _find_earlier(self, values: dict[str, Any], faults: dict[str, str]) -> None:
        for field, taken in self._taken_rows.items():
            if earlier := taken.get(values.get(field, "")):
                faults[field] = (
                    f"{LABELS[field]} ini sama dengan baris {earlier}. "
                    "Hapus salah satu, atau perbaiki nomornya."
                )

    def _oddities(self, values: dict[str, Any]) -> list[Note]:
        in_kpj = kpj_warnings(values["kpj"])
        in_nik = nik_warnings(values["nik"], values["birth_date"])
        return [Note(self.columns["kpj"], sentence) for sentence in in_kpj] + [
            Note(self.columns["nik"], sentence) for sentence in in_nik
        ]


def check_worker_list(rows: Iterable[Row], today: datetime.date) -> CheckedWorkerList:
    """Find the header among `rows` and return an iterator that judges the rows below it.

    `today` is the date in Indonesia: a start after it is refused. Of rows with the same KPJ or NIK
    the first one taken counts. Raises MissingColumns or DuplicateColumns at once.
    """
    return CheckedWorkerList(rows, today)


# The values


def parse_name(value: Cell) -> str:
    """A person's name, in title case when it was all capitals. Raises Malformed."""
    if is_blank(value):
        raise Malformed("Nama belum diisi. Tulis nama seperti pada KTP.")
    name = clean_text(value) if isinstance(value, str) else ""
    if not any(sign.isalpha() for sign in name):
        raise Malformed("Isi ini bukan nama. Tulis nama seperti pada KTP.")
    if len(name) > MAX_NAME_LENGTH:
        raise Malformed(f"Nama ini lebih dari {MAX_NAME_LENGTH} huruf. Tulis nama seperti di KTP.")
    return _title_case(name) if name.isupper() else name


def _title_case(name: str) -> str:
    before, comma, degrees = name.partition(",")
    words = " ".join(_title_word(word) for word in before.split(" "))
    # After the comma stand degrees: SE, SH and MM are right as they are, S.KOM is not.
    return words + comma + re.sub(r"\.[A-Z]+", lambda part: part[0].title(), degrees)


def _title_word(word: str) -> str:
    if word in _ROMAN:
        return word
    if word.lower() in _LOWER_WORDS:
        return word.lower()
    # A capital at the start, after a dot or hyphen, and in O'Neil, but not in Nur'aini or A'isyah.
    return re.sub(r"(?:^|[.\-(/]|(?<=^[od])')\w", lambda part: part[0].upper(), word.lower())


def _parse_position(value: Cell) -> str:
    return clean_text(str(value))[:MAX_POSITION_LENGTH]


def _birth_fault(birth: datetime.date, today: datetime.date) -> str | None:
    if birth > today:
        return "Tanggal lahir ini belum terjadi. Periksa lagi tahunnya."
    if _age(birth, today) > MAX_AGE:
        return f"Umurnya menjadi lebih dari {MAX_AGE} tahun. Periksa lagi tahunnya."
    return None


def _start_fault(
    start: datetime.date, birth: datetime.date | None, today: datetime.date
) -> str | None:
    if start > today:
        return f"Tanggal ini belum terjadi: {show_date(start)}. Periksa lagi tahunnya."
    if birth and start < birth:
        return f"Tanggal ini sebelum tanggal lahirnya ({show_date(birth)}). Periksa lagi keduanya."
    if birth and _age(birth, start) < MIN_AGE_AT_START:
        return f"Umurnya baru {_age(birth, start)} tahun pada tanggal ini. Periksa lagi tanggalnya."
    return None


def _age(birth: datetime.date, date: datetime.date) -> int:
    had_birthday = (date.month, date.day) >= (birth.month, birth.day)
    return date.year - birth.year - (0 if had_birthday else 1)


_PARSERS: dict[str, Callable[[Cell], Any]] = {
    "kpj": parse_kpj,
    "nik": parse_nik,
    "name": parse_name,
    "birth_date": parse_date,
    "start_date": parse_date,
    "wage": parse_rupiah,
    "position": _parse_position,
    "phone": parse_phone,
    "email": parse_email,
}
# A worker without an address is still a worker; so is one of whose contributions nothing is known.
_NEVER_REFUSE = frozenset({"phone", "email", "paid_until"})
