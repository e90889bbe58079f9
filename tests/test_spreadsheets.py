"""Reading what people upload: every kind of file, every kind of damage."""

import datetime
import io
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.spreadsheets import (
    CHILD_MEMORY_MB,
    DAMAGED,
    EMPTY,
    MAX_FILE_BYTES,
    MAX_UNPACKED_BYTES,
    PROTECTED,
    TOO_LARGE,
    TOO_WIDE,
    UNKNOWN,
    WEB_PAGE,
    Row,
    UnreadableSheet,
    read_sheet,
    refuse_bomb,
)

FILES = Path(__file__).parent / "files" / "workers"
ROOT = Path(__file__).parent.parent
SPREADSHEET_ML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture
def read(tmp_path):
    """Rows of the bytes given, written to a file whose name says nothing about them."""

    def rows_of(content):
        path = tmp_path / "unggahan.bin"
        path.write_bytes(content)
        return list(read_sheet(path))

    return rows_of


@pytest.fixture
def refusal(read):
    def sentence_for(content):
        with pytest.raises(UnreadableSheet) as refused:
            read(content)
        return refused.value.sentence

    return sentence_for


def workbook_bytes(fill):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        fill(workbook)
    return content.getvalue()


def zip_bytes(members, level=6):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return content.getvalue()


def bare_workbook(rows_xml):
    """The least an XLSX needs, around rows written by hand: quick to make at any size."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    office = "http://schemas.openxmlformats.org/package/2006"
    return zip_bytes(
        {
            "[Content_Types].xml": f'<Types xmlns="{office}/content-types">'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{office}/relationships"><Relationship Id="r1" '
            f'Type="{RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{office}/relationships">'
            f'<Relationship Id="r1" Type="{RELATIONSHIPS}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET_ML}" xmlns:r="{RELATIONSHIPS}">'
            '<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SPREADSHEET_ML}"><sheetData>'
            f"{rows_xml}</sheetData></worksheet>",
        },
        level=1,
    )


def ods_bytes(table_xml, manifest=""):
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    )
    return zip_bytes(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="A">{table_xml}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": f"<manifest:manifest {names}>{manifest}</manifest:manifest>",
        }
    )


# Workbooks


def test_cells_keep_their_kind_and_rows_their_number(read):
    def fill(workbook):
        sheet = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        moment = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write("A3", "03620048157")
        sheet.write("B3", 3171014808850001)
        sheet.write("C3", 1.5)
        sheet.write("D3", True)
        sheet.write("E3", datetime.date(2025, 8, 17), day)
        sheet.write("F3", datetime.datetime(2025, 8, 17, 9, 30), moment)  # noqa: DTZ001
        sheet.write("G3", "   ")
        sheet.write("C7", "3,17E+15")

    august = datetime.date(2025, 8, 17)
    rows = read(workbook_bytes(fill))
    assert rows == [
        Row(3, ("03620048157", 3171014808850001, 1.5, True, august, august)),
        Row(7, (None, None, "3,17E+15")),
    ]
    assert [type(cell) for cell in rows[0].cells[1:4]] == [int, float, bool]


def test_first_visible_sheet_with_data_is_read(read):
    def fill(workbook):
        workbook.add_worksheet("kosong")
        hidden = workbook.add_worksheet("rujukan")
        hidden.write("A1", "tersembunyi")
        hidden.hide()
        workbook.add_worksheet("daftar").write("A1", "terlihat")
        workbook.add_worksheet("lain").write("A1", "belakangan")

    assert read(workbook_bytes(fill)) == [Row(1, ("terlihat",))]


def test_merged_cells_stand_where_they_begin(read):
    def fill(workbook):
        sheet = workbook.add_worksheet()
        sheet.merge_range("A1:C2", "DAFTAR")
        sheet.write("C3", "isi")

    assert read(workbook_bytes(fill)) == [Row(1, ("DAFTAR",)), Row(3, (None, None, "isi"))]


@pytest.mark.parametrize(
    ("name", "count", "first"),
    [
        ("tenaga-kerja-maju.xlsx", 252, Row(1, ("DAFTAR TENAGA KERJA PT MAJU BERSAMA",))),
        ("tenaga-kerja-logistik.ods", 41, None),
        ("tenaga-kerja-niaga.xls", 31, None),
    ],
)
def test_sample_workbooks_are_known_by_their_content(read, name, count, first):
    rows = read((FILES / name).read_bytes())
    assert len(rows) == count
    assert first is None or rows[0] == first
    assert rows[-1].number == count + (1 if first else 0)  # one empty row below that title


def test_ods_rows_keep_their_number_and_endless_empty_rows_cost_nothing(read):
    cell = '<table:table-cell office:value-type="string"><text:p>isi</text:p></table:table-cell>'
    empty = '<table:table-row table:number-rows-repeated="{}"><table:table-cell/></table:table-row>'
    row = f"<table:table-row>{cell}</table:table-row>"
    content = ods_bytes(empty.format(3) + row + row + empty.format(1_048_571))
    assert read(content) == [Row(4, ("isi",)), Row(5, ("isi",))]


def test_protected_workbooks_are_named_as_such(refusal):
    ods = ods_bytes(
        "",
        '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/>'
        "</manifest:file-entry>",
    )
    old_container = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000)
    locked_xlsx = old_container + "EncryptedPackage".encode("utf-16-le") + bytes(1000)
    locked_xls = bytearray((FILES / "tenaga-kerja-niaga.xls").read_bytes())
    after_start = locked_xls.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    locked_xls[after_start : after_start + 2] = b"\x2f\x00"  # FILEPASS
    locked_zip = bytearray(zip_bytes({"xl/workbook.xml": "x"}))
    locked_zip[locked_zip.index(b"PK\x01\x02") + 8] |= 1
    for locked in (ods, locked_xlsx, locked_xls, locked_zip):
        assert refusal(bytes(locked)) == PROTECTED


def test_damaged_workbooks_are_named_as_such(refusal):
    whole = (FILES / "tenaga-kerja-maju.xlsx").read_bytes()
    old = (FILES / "tenaga-kerja-niaga.xls").read_bytes()
    assert refusal(whole[: len(whole) // 2]) == DAMAGED
    assert refusal(old[:1024]) == DAMAGED
    assert refusal(zip_bytes({"foto.jpg": "bukan lembar"})) == DAMAGED


def test_cell_far_to_the_right_is_refused(refusal):
    assert (
        refusal(bare_workbook('<row r="1"><c r="A1"><v>1</v></c><c r="KA1"><v>1</v></c></row>'))
        == TOO_WIDE
    )


# Bombs


def test_zip_bomb_is_refused(refusal):
    bomb = zip_bytes({"xl/worksheets/sheet1.xml": bytes(64 * 1024 * 1024)}, level=9)
    assert len(bomb) < 100_000
    assert refusal(bomb) == TOO_LARGE


def with_forged_sizes(archive):
    """The same archive, every declared unpacked size changed to ten bytes."""
    forged = bytearray(archive)
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = -1
        while (place := forged.find(signature, place + 1)) >= 0:
            forged[place + offset : place + offset + 4] = struct.pack("<I", 10)
    return bytes(forged)


def test_bytes_are_counted_and_not_believed(refusal):
    bomb = with_forged_sizes(zip_bytes({"a.xml": bytes(64 * 1024 * 1024)}, level=9))
    assert zipfile.ZipFile(io.BytesIO(bomb)).infolist()[0].file_size == 10
    assert refusal(bomb) == TOO_LARGE


def test_members_share_one_allowance():
    block = bytes(range(256)) * 4096  # a MiB that packs about a hundred times
    size = MAX_UNPACKED_BYTES // 4 + 1
    content = (block * (size // len(block) + 1))[:size]
    three, four = (zip_bytes({str(n): content for n in range(count)}, 1) for count in (3, 4))
    refuse_bomb(io.BytesIO(three))
    with pytest.raises(UnreadableSheet, match="terlalu besar"):
        refuse_bomb(io.BytesIO(four))


def test_too_many_members_are_refused():
    with pytest.raises(UnreadableSheet, match="terlalu besar"):
        refuse_bomb(io.BytesIO(zip_bytes({str(number): "" for number in range(2001)})))


def test_two_million_rows_are_refused_in_a_workbook(refusal):
    rows = "".join(f"<row><c><v>{number}</v></c></row>" for number in range(2_000_000))
    content = bare_workbook(rows)
    started = time.monotonic()
    assert refusal(content) == TOO_LARGE
    assert time.monotonic() - started < 15


@pytest.mark.parametrize("line_end", [b"\n", b"\r", b"\r\n"])
def test_two_million_rows_are_refused_in_text(refusal, line_end):
    assert refusal((b"1,2" + line_end) * 2_000_000) == TOO_LARGE


def test_one_cell_in_the_last_corner_is_refused(refusal):
    corner = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v>'
    assert refusal(bare_workbook(corner + "</c></row>")) == TOO_LARGE


@pytest.mark.parametrize(("columns", "rows"), [(16_384, 1_000), (10, 1_000_000)])
def test_repeated_cells_of_an_ods_are_refused(refusal, columns, rows):
    cell = (
        '<table:table-cell office:value-type="string" '
        f'table:number-columns-repeated="{columns}">'
        "<text:p>isi</text:p></table:table-cell>"
    )
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
    assert refusal(ods_bytes(row)) == TOO_LARGE


def test_enormous_file_is_refused_unread(tmp_path):
    path = tmp_path / "besar"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(UnreadableSheet, match="terlalu besar"):
        list(read_sheet(path))


def test_hundred_thousand_rows_stay_within_memory_in_every_process(tmp_path):
    names = "ABCDEFGHIJ"
    rows = (
        f'<row r="{row}">'
        + "".join(
            f'<c r="{name}{row}" t="inlineStr"><is><t>{name}{row:015}</t></is></c>'
            for name in names
        )
        + "</row>"
        for row in range(1, 100_002)
    )
    path = tmp_path / "seratus-ribu.xlsx"
    path.write_bytes(bare_workbook("".join(rows)))
    script = (
        "import re, resource, sys; from webapp.spreadsheets import read_sheet;"
        "print(sum(1 for _ in read_sheet(sys.argv[1])),"
        " re.search('VmHWM:\\\\s+(\\\\d+)', open('/proc/self/status').read())[1],"
        " resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", script, str(path)]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    count, parent_kib, child_kib = map(int, output.split())
    assert count == 100_001
    assert parent_kib <= 100 * 1024  # nothing of the file stays with the parent
    assert child_kib <= CHILD_MEMORY_MB * 1024


# Text

TABLE = "Nama;Upah\nRené Siahaan;1\n"


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        b"\xfe\xff" + TABLE.encode("utf-16-be"),
        TABLE.encode("cp1252"),
        TABLE.replace(";", ",").encode(),
        TABLE.replace(";", "\t").encode(),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("\n", "\r").encode(),
    ],
    ids=["utf8", "utf8-bom", "utf16", "utf16-be", "cp1252", "comma", "tab", "crlf", "cr"],
)
def test_text_is_read_whatever_its_encoding_and_separator(read, content):
    assert read(content) == [Row(1, ("Nama", "Upah")), Row(2, ("René Siahaan", "1"))]


def test_separator_is_the_one_that_makes_even_columns(read):
    content = b"Nama;Upah;Alamat\nSiti;Rp5.000,00;Jl. A, B, C\nBudi;Rp6.000,00;Jl. D\n"
    assert [len(row.cells) for row in read(content)] == [3, 3, 3]


def test_declared_separator_is_obeyed_and_not_a_row(read):
    assert read(b"sep=;\r\nA;B,C\r\n1;2,3\r\n") == [Row(1, ("A", "B,C")), Row(2, ("1", "2,3"))]


def test_record_over_several_lines_is_one_row_as_in_excel(read):
    content = b'Nama,Alamat\n\n"Siti","Jl. Mawar\nNo. 3\nJakarta"\nBudi,Bogor\n,,\n'
    assert read(content) == [
        Row(1, ("Nama", "Alamat")),
        Row(3, ("Siti", "Jl. Mawar\nNo. 3\nJakarta")),
        Row(4, ("Budi", "Bogor")),
    ]


@pytest.mark.parametrize("swallowed", [b"Budi,6000000\n" * 150, b"Budi,6000000," * 3_000])
def test_quotation_mark_left_open_does_not_swallow_rows(refusal, swallowed):
    content = b'Nama,Upah\n"Siti,5\n' + swallowed
    assert "tanda kutip yang tidak ditutup" in refusal(content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", EMPTY),
        (b"\n\n  \n,,,\n", EMPTY),
        (b"\xef\xbb\xbf", EMPTY),
        (workbook_bytes(lambda workbook: workbook.add_worksheet()), EMPTY),
        (b"%PDF-1.7\n", UNKNOWN),
        (b"\x89PNG\r\n\x1a\n\x00\x00", UNKNOWN),
        (b"Nama,Upah\nSiti\x00,1\n", UNKNOWN),
        (b"Nama,\x81\n", UNKNOWN),
        (b"\xff\xfeA", UNKNOWN),
        (b"  <html><table><tr><td>KPJ</td></tr></table>", WEB_PAGE),
        (b"a," * 300 + b"a\n", TOO_WIDE),
    ],
)
def test_unusable_files_are_refused_with_advice(refusal, content, sentence):
    assert refusal(content) == sentence


def test_only_hidden_sheets_count_as_empty(refusal):
    def fill(workbook):
        workbook.add_worksheet("kosong")
        hidden = workbook.add_worksheet("rujukan")
        hidden.write("A1", "tersembunyi")
        hidden.hide()

    assert refusal(workbook_bytes(fill)) == EMPTY


# Anything

SAMPLES = [path.read_bytes() for path in sorted(FILES.iterdir())]
one_file_for_all = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read_or_refused(read, content):
    """Whether the content gave rows or a sentence; anything else raises."""
    try:
        return bool(read(content))
    except UnreadableSheet as refused:
        return refused.sentence.endswith(".")


@one_file_for_all
@given(start=st.sampled_from([b"", b"PK\x03\x04", SAMPLES[-1][:512]]), rest=st.binary())
def test_random_bytes_are_read_or_refused(read, start, rest):
    assert read_or_refused(read, start + rest)


@one_file_for_all
@given(
    sample=st.sampled_from(SAMPLES),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=20),
    kept=st.floats(0.5, 1),
)
def test_damaged_samples_are_read_or_refused(read, sample, changes, kept):
    damaged = bytearray(sample[: int(len(sample) * kept)])
    for place, value in changes:
        damaged[int(place * len(damaged))] = value
    assert read_or_refused(read, bytes(damaged))
