"""Read the lists people upload: XLSX, XLS, ODS and CSV, told apart by content and not by name.

The file is opened only in a bounded child process (see `bounded`), and rows come through one by
one: the parent's memory does not grow with the file.
"""

import codecs
import csv
import datetime
import io
import itertools
import os
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, BinaryIO, NamedTuple, TypeVar

import python_calamine

from webapp.bounded import MEBIBYTE, TookTooMuch, stream_bounded

Cell = str | int | float | bool | datetime.date | None

# A list of 100.000 workers with ten columns is 6 MiB as XLSX and 13 MiB as CSV.
MAX_FILE_BYTES = 32 * MEBIBYTE
# 100.000 people, which is what we promise, with room for titles and empty lines between.
MAX_ROWS = 150_000
# Lists have about ten columns, exports of payroll systems up to a hundred.
MAX_COLUMNS = 256
# The most one cell holds in Excel. A longer one in CSV is a quotation mark that was never closed.
MAX_CELL_CHARACTERS = 32_767
# An address has three or four lines; a cell with more swallowed the rows below it.
MAX_CELL_LINES = 100

# A workbook has 10 to 50 parts, a few hundred with pictures.
MAX_ZIP_MEMBERS = 2_000
# 100.000 rows of ten columns unpack to 60 MiB of XML, chatty writers need twice that.
MAX_UNPACKED_BYTES = 256 * MEBIBYTE
# Sheets pack 10 to 30 times, columns of one repeated value 100 times, zip bombs 1.000 times.
MAX_ZIP_RATIO = 250
# Below this a ratio says nothing: a nearly empty sheet is all boilerplate.
RATIO_MATTERS_FROM = 4 * MEBIBYTE

# 100.000 rows of ten columns take about 130 MiB of address space and 1.5 s. The address space
# bounds what is resident, so no process passes 300 MiB whatever the file is.
CHILD_MEMORY_MB = 300
CHILD_CPU_SECONDS = 20
CHILD_WALL_SECONDS = 60

EMPTY = "Berkas ini tidak berisi data. Periksa apakah Anda memilih berkas yang benar."
UNKNOWN = (
    "Berkas ini bukan daftar yang bisa dibaca. "
    "Simpan daftar Anda sebagai Excel (.xlsx) atau CSV, lalu unggah lagi."
)
DAMAGED = "Berkas ini rusak atau tidak lengkap. Buka di Excel, simpan ulang, lalu unggah lagi."
PROTECTED = (
    "Berkas ini dikunci dengan kata sandi. "
    "Hapus kata sandinya di Excel, simpan ulang, lalu unggah lagi."
)
WEB_PAGE = (
    "Isi berkas ini halaman web, bukan lembar Excel. "
    "Buka di Excel, simpan sebagai .xlsx, lalu unggah lagi."
)
TOO_LARGE = (
    "Berkas ini terlalu besar. Bagi menjadi beberapa berkas, "
    "masing-masing paling banyak 100.000 baris, lalu unggah lagi."
)
TOO_WIDE = (
    f"Lembar ini lebih dari {MAX_COLUMNS} kolom. "
    "Hapus isi di sebelah kanan tabel, simpan, lalu unggah lagi."
)

_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_LOCAL_HEADER = struct.Struct("<4s22xHH")
# Passwords are looked for here: calamine reports them as a format it does not know. In the old
# container, the name of the stream that holds a locked XLSX, or a FILEPASS record where the
# workbook of an XLS begins, behind a WRITEPROT record if there is one.
_LOCKED_IN_OLD_CONTAINER = re.compile(
    re.escape("EncryptedPackage".encode("utf-16-le"))
    + rb"|\x09\x08\x10\x00\x00\x06\x05\x00.{12}(\x86\x00\x00\x00)?\x2f\x00",
    re.DOTALL,
)
_ODS_MANIFEST = "META-INF/manifest.xml"
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Tab, line ends, form feed and the end-of-file mark of old programs are all that text may hold.
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
_DECLARED_SEPARATOR = re.compile(r'"?sep=([,;\t])"?$', re.IGNORECASE)
# Everything zipfile and zlib were seen to raise on archives cut short or altered at random.
_DAMAGED_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
)

Result = TypeVar("Result")


class UnreadableSheet(ValueError):
    """The file cannot be used; `sentence` says in Bahasa Indonesia what to do about it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class TooLarge(UnreadableSheet):
    """It has more rows or bytes than any list; whose list is shorter says so in other words."""


class Row(NamedTuple):
    """One row with something in it.

    `number` is the one the spreadsheet program shows beside it, from 1. Cells stand at their
    columns, empty ones are None, and None at the end are left out. A number cell is int or float,
    a text cell is text exactly as it stands in the file, times of day are dropped from dates.
    """

    number: int
    cells: tuple[Cell, ...]


def read_sheet(path: str | os.PathLike) -> Iterator[Row]:
    """Yield the rows of the first visible sheet that holds any, in their order.

    Raises UnreadableSheet while iterating: nearly always at the first row, and for a text file
    damaged further down after some rows were given. So do not act on rows before the last came.
    """
    rows = stream_bounded(
        rows_of_file,
        os.fspath(path),
        memory_mb=CHILD_MEMORY_MB,
        cpu_seconds=CHILD_CPU_SECONDS,
        wall_seconds=CHILD_WALL_SECONDS,
        raises=(UnreadableSheet,),
    )
    try:
        with closing(rows):
            for number, cells in rows:
                yield Row(number, cells)
    except TookTooMuch as limit:
        raise TooLarge(TOO_LARGE) from limit


def rows_of_file(path: str) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """What `read_sheet` runs in its child. Unbounded: never call it on an upload directly."""
    with open(path, "rb") as file:
        reader = _recognised(file)
        found = False
        for number, values in enumerate(reader(file), 1):
            cells = _cells(values)
            if cells:
                found = True
                yield number, cells
        if not found:
            raise UnreadableSheet(EMPTY)


def _recognised(file: BinaryIO) -> Callable[[BinaryIO], Iterator[list]]:
    size = os.fstat(file.fileno()).st_size
    if size > MAX_FILE_BYTES:
        raise TooLarge(TOO_LARGE)
    start = file.read(1024)
    file.seek(0)
    if start.startswith(_ZIP):
        return _zipped_workbook
    if start.startswith(_OLE):
        return _old_workbook
    return _text


def _cells(values: list) -> tuple[Cell, ...]:
    cells = [_cell(value) for value in values]
    while cells and cells[-1] is None:
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise UnreadableSheet(TOO_WIDE)
    return tuple(cells)


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, float):
        # Whole numbers are whole: 5000000.0 is a wage, and 3.17E+15 is told by its digits.
        return int(value) if value.is_integer() and abs(value) < 2**63 else value
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.time | datetime.timedelta):
        return str(value)
    return value


# Workbooks


def _zipped_workbook(file: BinaryIO) -> Iterator[list]:
    try:
        refuse_bomb(file)
        _refuse_locked_ods(file)
    except UnreadableSheet:
        raise
    except _DAMAGED_ARCHIVE as problem:
        raise UnreadableSheet(DAMAGED) from problem
    return _workbook(file)


def _refuse_locked_ods(file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as archive:
        if _ODS_MANIFEST not in archive.namelist():
            return
        with archive.open(_ODS_MANIFEST) as manifest:
            if b"encryption-data" in manifest.read(MEBIBYTE):
                raise UnreadableSheet(PROTECTED)


def _old_workbook(file: BinaryIO) -> Iterator[list]:
    if _LOCKED_IN_OLD_CONTAINER.search(file.read()):
        raise UnreadableSheet(PROTECTED)
    return _workbook(file)


def _workbook(file: BinaryIO) -> Iterator[list]:
    file.seek(0)
    workbook = _from_calamine(lambda: python_calamine.CalamineWorkbook.from_filelike(file))
    for index, about in enumerate(workbook.sheets_metadata):
        if not _worth_reading(about):
            continue
        sheet = _from_calamine(lambda index=index: workbook.get_sheet_by_index(index))
        if sheet.start is None:
            continue
        if sheet.end[0] >= MAX_ROWS:
            raise TooLarge(TOO_LARGE)
        yield from _sheet_rows(sheet)
        return


def _worth_reading(about: python_calamine.SheetMetadata) -> bool:
    return (
        about.typ == python_calamine.SheetTypeEnum.WorkSheet
        and about.visible == python_calamine.SheetVisibleEnum.Visible
    )


def _sheet_rows(sheet: python_calamine.CalamineSheet) -> Iterator[list]:
    # Starts at the sheet's first row even when that is empty, so counting gives row numbers.
    rows = sheet.iter_rows()
    while (row := _from_calamine(lambda: next(rows, None))) is not None:
        yield row


def _from_calamine(step: Callable[[], Result]) -> Result:
    try:
        return step()
    except python_calamine.PasswordError as problem:
        raise UnreadableSheet(PROTECTED) from problem
    except MemoryError:
        raise
    except BaseException as problem:  # a panic in its Rust code is no Exception
        raise UnreadableSheet(DAMAGED) from problem


def refuse_bomb(file: BinaryIO) -> None:
    """Unpack every member once, keeping nothing, and refuse an archive that swells too much.

    Bytes are counted as they come out: the sizes an archive declares are whatever its maker wrote.
    Raises UnreadableSheet, or what zipfile and zlib raise for an archive that is damaged.
    """
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    if len(members) > MAX_ZIP_MEMBERS:
        raise TooLarge(TOO_LARGE)
    total = 0
    for member in members:
        if member.flag_bits & 1:
            raise UnreadableSheet(PROTECTED)
        total += _unpacked_bytes(file, member, MAX_UNPACKED_BYTES - total)


def _unpacked_bytes(file: BinaryIO, member: zipfile.ZipInfo, allowed: int) -> int:
    # zipfile itself stops reading at the declared size, so the member is inflated by hand.
    file.seek(member.header_offset)
    signature, name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if signature != _ZIP:
        raise zipfile.BadZipFile
    file.seek(name_length + extra_length, os.SEEK_CUR)
    if member.compress_type == zipfile.ZIP_STORED:
        _refuse_swollen(member.compress_size, member, allowed)
        return member.compress_size
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError  # no spreadsheet program packs in another way
    unpacked = 0
    for size in _inflated_sizes(file, member.compress_size):
        unpacked += size
        _refuse_swollen(unpacked, member, allowed)
    return unpacked


def _inflated_sizes(file: BinaryIO, packed: int) -> Iterator[int]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed > 0 and not inflater.eof:
        piece = file.read(min(packed, 65536))
        if not piece:
            raise zipfile.BadZipFile
        packed -= len(piece)
        while piece:
            yield len(inflater.decompress(piece, MEBIBYTE))
            piece = inflater.unconsumed_tail


def _refuse_swollen(unpacked: int, member: zipfile.ZipInfo, allowed: int) -> None:
    swells = unpacked > RATIO_MATTERS_FROM and unpacked > MAX_ZIP_RATIO * member.compress_size
    if unpacked > allowed or swells:
        raise TooLarge(TOO_LARGE)


# Text


def _text(file: BinaryIO) -> Iterator[list]:
    encoding = _encoding(file)
    file.seek(0)
    lines = io.TextIOWrapper(file, encoding=encoding, newline="")
    sample = lines.read(65536)
    _refuse_other_formats(sample)
    first_line = sample.partition("\n")[0].strip()
    lines.seek(0)
    declared = _DECLARED_SEPARATOR.match(first_line)
    if declared:
        lines.readline()  # Excel obeys this line and does not show it
    return _csv_rows(lines, declared[1] if declared else _separator(sample))


def _csv_rows(lines: io.TextIOWrapper, separator: str) -> Iterator[list]:
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    rows = csv.reader(lines, delimiter=separator)
    while True:
        try:
            row = next(rows, None)
        except csv.Error as problem:
            raise UnreadableSheet(_open_quote(rows.line_num)) from problem
        if row is None:
            return
        if any(cell.count("\n") > MAX_CELL_LINES for cell in row):
            raise UnreadableSheet(_open_quote(rows.line_num))
        yield row


def _open_quote(line: int) -> str:
    return (
        f"Ada tanda kutip yang tidak ditutup sebelum baris {line}. "
        "Buka berkas ini di Excel, simpan sebagai .xlsx, lalu unggah lagi."
    )


def _encoding(file: BinaryIO) -> str:
    start = file.read(4)
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if start.startswith(mark):
            candidates = (encoding,)
            break
    else:
        candidates = ("utf-8", "cp1252")
    for encoding in candidates:
        if _decodes(file, encoding):
            return encoding
    raise UnreadableSheet(UNKNOWN)


def _decodes(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    line_ends: Counter[str] = Counter()
    try:
        while piece := file.read(MEBIBYTE):
            text = decoder.decode(piece)
            if _NOT_TEXT.search(text):
                return False
            line_ends.update({end: text.count(end) for end in "\r\n"})
            if max(line_ends.values()) > MAX_ROWS:
                raise TooLarge(TOO_LARGE)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_other_formats(sample: str) -> None:
    start = sample.lstrip().lower()
    if start.startswith(("<", "mime-version:")):
        raise UnreadableSheet(WEB_PAGE)  # many systems name their HTML tables .xls
    if start.startswith(("%pdf", "{\\rtf")):
        raise UnreadableSheet(UNKNOWN)


def _separator(sample: str) -> str:
    """The one of `;`, tab and `,` that cuts most lines into the same number of columns."""
    return max(";\t,", key=lambda candidate: _evenness(sample, candidate))


def _evenness(sample: str, separator: str) -> int:
    widths: Counter[int] = Counter()
    try:
        for row in itertools.islice(csv.reader(io.StringIO(sample), delimiter=separator), 50):
            widths[len(row)] += 1
    except csv.Error:
        pass  # the lines before it still tell
    return max((times * (width - 1) for width, times in widths.items()), default=0)
