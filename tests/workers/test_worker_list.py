"""Judging a company's list of workers."""

import itertools
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.list_header import DuplicateColumns, MissingColumns, UnusableColumns
from webapp.spreadsheets import Row, UnreadableSheet, read_sheet
from webapp.workers.worker_list import (
    RefusedRow,
    TakenRow,
    check_worker_list,
    parse_name,
)

FILES = Path(__file__).parent.parent / "files" / "workers"
TODAY = date(2026, 11, 22)
HEADER = ("KPJ", "NIK", "Nama", "Tanggal Lahir", "Tanggal Masuk", "Upah", "No HP", "Email")
SITI = (
    "38597664512",
    "3171015708850001",
    "Siti Rahayu",
    "17/08/1985",
    "01/05/2021",
    "Rp 5.000.000,00",
    "0812-3456-7890",
    "siti@pekerja.example",
)


def rows(*cells, first=1):
    return [Row(number, tuple(row)) for number, row in enumerate(cells, first)]


def judged(*cells):
    return list(check_worker_list(rows(HEADER, *cells), TODAY))


def changed(**values):
    """Siti's row with other values; `kpj`, `nik` and so on name the cell."""
    fields = ("kpj", "nik", "name", "birth", "start", "wage", "phone", "email")
    return tuple(values.get(field, cell) for field, cell in zip(fields, SITI, strict=True))


REFUSED_IN_KOTOR = [
    (3, "NIK", "NIK ini 15 angka"),
    (6, "NIK", "diubah oleh Excel menjadi 3,17101E+15"),
    (8, "KPJ", "KPJ ini sama dengan baris 7"),
    (11, "Nama", "Nama belum diisi"),
    (14, "Tanggal Lahir", "Tidak ada tanggal 31 Februari 1988"),
    (17, "Tanggal Masuk", "belum terjadi"),
    (20, "KPJ", "diubah oleh Excel menjadi 1,23457E+10"),
    (23, "NIK", "NIK belum diisi"),
    (26, "KPJ", "Ada huruf"),
    (29, "Tanggal Lahir", "Tidak ada bulan 13"),
]


@pytest.mark.parametrize(
    ("name", "taken", "refused"),
    [
        ("tenaga-kerja-maju.xlsx", 250, []),
        ("tenaga-kerja-lain.csv", 60, []),
        ("tenaga-kerja-logistik.ods", 40, []),
        ("tenaga-kerja-niaga.xls", 30, []),
        ("tenaga-kerja-kotor.csv", 30, REFUSED_IN_KOTOR),
    ],
)
def test_sample_lists_are_judged_as_promised(name, taken, refused):
    results = list(check_worker_list(read_sheet(FILES / name), TODAY))
    assert sum(isinstance(result, TakenRow) for result in results) == taken
    found = [result for result in results if isinstance(result, RefusedRow)]
    assert [(row.row_number, row.column) for row in found] == [row[:2] for row in refused]
    for row, (_, _, words) in zip(found, refused, strict=True):
        assert words in row.reason


def test_sample_lists_keep_names_rows_and_unknown_columns():
    lain = list(check_worker_list(read_sheet(FILES / "tenaga-kerja-lain.csv"), TODAY))
    niaga = check_worker_list(read_sheet(FILES / "tenaga-kerja-niaga.xls"), TODAY)
    assert lain[0].name == "Siti Kusuma Wibowo"
    assert any(row.name == "René Siahaan" for row in lain)
    assert niaga.ignored_columns == ("Tempat Lahir",)


def test_good_row_is_taken_whole():
    assert judged(SITI) == [
        TakenRow(
            row_number=2,
            kpj="38597664512",
            nik="3171015708850001",
            name="Siti Rahayu",
            birth_date=date(1985, 8, 17),
            start_date=date(2021, 5, 1),
            wage=5_000_000,
            phone="+6281234567890",
            email="siti@pekerja.example",
        )
    ]


@pytest.mark.parametrize(
    "header",
    [
        ("No. KPJ", "NIK/Paspor", "NAMA TENAGA KERJA", "TGL LAHIR", "TGL KEPESERTAAN"),
        ("Nomor Kartu", "No KTP", "Nama Lengkap", "Tgl. Lahir", "Mulai Bekerja"),
        ("nomor  peserta", "n.i.k.", "Nama Pekerja", "Tanggal Lahir (dd/mm/yyyy)", "TMT"),
        ("NO KARTU PESERTA", "NIK *", "Námá", "Tanggal_Lahir", "Tgl Masuk"),
        ("NIB", "No. NIK", "Nama\nKaryawan", "TGL  LAHIR", "Tanggal Mulai Bekerja"),
    ],
)
def test_headers_are_known_by_many_names(header):
    check = check_worker_list(rows(header, SITI[:5]), TODAY)
    assert list(check.columns) == ["kpj", "nik", "name", "birth_date", "start_date"]
    assert [type(row) for row in check] == [TakenRow]


def test_columns_come_in_any_order_among_unknown_ones():
    header = ("No", "Nama", "Agama", "NIK", "Tgl Masuk", None, "Tgl Lahir", "KPJ")
    row = (1, "Siti", "-", SITI[1], SITI[4], "catatan", SITI[3], SITI[0])
    check = check_worker_list(rows(header, row), TODAY)
    assert check.ignored_columns == ("Agama",)
    assert next(check).kpj == SITI[0]


def test_header_is_found_below_titles_and_its_words_are_shown():
    titles = [("PT MAJU BERSAMA",), ("Nama", "PT Maju"), ("Per 31 Oktober 2026",)]
    header = ("NO. KPJ ", *HEADER[1:])
    check = check_worker_list(rows(*titles, header, changed(kpj="x"), first=3), TODAY)
    assert check.header_row_number == 6
    assert [(row.row_number, row.column) for row in check] == [(7, "NO. KPJ")]


def test_missing_columns_are_named_beside_those_found():
    with pytest.raises(MissingColumns) as refused:
        check_worker_list(rows(("KPJ", "Nama", "Tanggal Lahir", "Sebab")), TODAY)
    sentence = refused.value.sentence
    assert "Kolom NIK dan Tanggal Masuk tidak ditemukan" in sentence
    assert "KPJ, Nama, Tanggal Lahir dan Sebab" in sentence


@pytest.mark.parametrize("cells", [[], [SITI], [("DAFTAR",)]])
def test_list_without_header_asks_for_one(cells):
    with pytest.raises(MissingColumns) as refused:
        check_worker_list(rows(*cells), TODAY)
    assert "baris judul" in refused.value.sentence
    assert SITI[1] not in refused.value.sentence


def test_two_columns_for_one_thing_are_refused():
    with pytest.raises(DuplicateColumns, match="Nama dan Nama Lengkap"):
        check_worker_list(rows((*HEADER, "Nama Lengkap")), TODAY)


@pytest.mark.parametrize(
    ("values", "column", "words"),
    [
        ({"kpj": None}, "KPJ", "KPJ belum diisi"),
        ({"kpj": 3620048157}, "KPJ", "membuang angka 0"),
        ({"nik": 3171015708850000}, "NIK", "hanya menyimpan 15 angka"),
        ({"name": "  "}, "Nama", "Nama belum diisi"),
        ({"name": 12345}, "Nama", "bukan nama"),
        ({"name": "a" * 101}, "Nama", "lebih dari 100"),
        ({"birth": ""}, "Tanggal Lahir", "belum diisi"),
        ({"birth": "23/11/2026"}, "Tanggal Lahir", "belum terjadi"),
        ({"birth": "17/08/1925"}, "Tanggal Lahir", "lebih dari 100 tahun"),
        ({"start": None}, "Tanggal Masuk", "belum diisi"),
        ({"start": "23/11/2026"}, "Tanggal Masuk", "belum terjadi: 23 November 2026"),
        ({"start": "16/08/1985"}, "Tanggal Masuk", "sebelum tanggal lahirnya (17 Agustus 1985)"),
        ({"start": "16/08/1998"}, "Tanggal Masuk", "baru 12 tahun"),
        ({"wage": "lima juta"}, "Upah", "tidak dikenali"),
        ({"nik": "1", "name": None, "start": "x"}, "NIK", "1 angka"),  # the first in reading order
    ],
)
def test_unusable_rows_name_the_column_and_the_reason(values, column, words):
    (row,) = judged(changed(**values))
    assert (row.row_number, row.column) == (2, column)
    assert words in row.reason


@pytest.mark.parametrize(
    "values",
    [
        {"start": "22/11/2026"},
        {"start": "17/08/1998"},
        {"wage": None},
        {"name": "Ani"},
        {"birth": date(1985, 8, 17), "start": date(2021, 5, 1), "wage": 5000000.0},
    ],
)
def test_rows_on_the_edge_are_taken(values):
    (row,) = judged(changed(**values))
    assert isinstance(row, TakenRow)


def test_malformed_contacts_are_left_out_with_a_note():
    (row,) = judged(changed(phone="12", email="siti"))
    assert (row.phone, row.email) == (None, None)
    assert [note.column for note in row.notes] == ["No HP", "Email"]


def test_odd_numbers_are_noted_and_taken():
    (row,) = judged(changed(nik="0071011808850001", kpj="3859766451"))
    assert [note.column for note in row.notes] == ["KPJ", "NIK", "NIK"]


def test_later_duplicates_name_the_earlier_row():
    results = judged(
        SITI,
        changed(nik="3171011708850002"),
        changed(kpj="11111111111"),
        changed(kpj="22222222222", nik="3171011708850003"),
    )
    assert [type(row) for row in results] == [TakenRow, RefusedRow, RefusedRow, TakenRow]
    assert results[1].column == "KPJ"
    assert "KPJ ini sama dengan baris 2" in results[1].reason
    assert results[2].column == "NIK"
    assert "NIK ini sama dengan baris 2" in results[2].reason


def test_refused_row_does_not_count_as_the_earlier_one():
    results = judged(changed(name=None), SITI, SITI)
    assert [type(row) for row in results] == [RefusedRow, TakenRow, RefusedRow]
    assert "baris 3" in results[2].reason


def test_row_with_only_its_running_number_is_no_row():
    header = ("No", *HEADER)
    assert list(check_worker_list(rows(header, (1,), (2, " ")), TODAY)) == []


def test_rows_stream():
    def endless():
        yield Row(1, HEADER)
        for number in itertools.count(2):
            yield Row(number, changed(kpj=f"{number:011}", nik=f"{number:016}"))

    taken = itertools.islice(check_worker_list(endless(), TODAY), 1000)
    assert sum(1 for _ in taken) == 1000


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("SITI KUSUMA", "Siti Kusuma"),
        ("  Siti   Rahayu ", "Siti Rahayu"),
        ("Siti de Kusuma", "Siti de Kusuma"),
        ("siti", "siti"),
        ("NUR'AINI", "Nur'aini"),
        ("A'ISYAH", "A'isyah"),
        ("KEVIN O'NEIL", "Kevin O'Neil"),
        ("M. YUSUF", "M. Yusuf"),
        ("H.M. ALI", "H.M. Ali"),
        ("ABDUL-AZIZ BIN UMAR", "Abdul-Aziz bin Umar"),
        ("DRS. BUDI SANTOSO, SE, S.KOM", "Drs. Budi Santoso, SE, S.Kom"),
        ("RENÉ SIAHAAN", "René Siahaan"),
        ("HENDRA II", "Hendra II"),
        ("=1+A", "=1+a"),
    ],
)
def test_names_lose_capitals_and_spaces_only(written, kept):
    assert parse_name(written) == kept


CELLS = st.one_of(
    st.none(),
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.sampled_from(HEADER + SITI),
)


def judged_or_refused(table):
    """The numbers of the rows judged, none when the whole was refused; anything else raises."""
    try:
        return {row.row_number for row in check_worker_list(table, TODAY)}
    except (UnreadableSheet, UnusableColumns):
        return set()


@given(st.lists(st.lists(CELLS, max_size=10), max_size=8), st.booleans())
def test_any_cells_are_judged_or_refused(cells, with_header):
    table = rows(*([HEADER] if with_header else []), *cells)
    assert judged_or_refused(table) <= {row.number for row in table}


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary() | st.text().map(str.encode))
def test_any_bytes_are_judged_or_refused(tmp_path, content):
    path = tmp_path / "unggahan"
    path.write_bytes(content)
    assert judged_or_refused(read_sheet(path)) == set()  # nothing at random is a list
