"""A workbook of text cells, read back by our own reader."""

import zipfile
from io import BytesIO

import pytest

from webapp import text_sheet
from webapp.spreadsheets import read_sheet


@pytest.fixture
def written(tmp_path):
    """The rows of a sheet as they are read back, its header first."""
    def written(header, rows):
        path = tmp_path / "a.xlsx"
        path.write_bytes(text_sheet.write("Hasil", header, rows))
        return [row.cells for row in read_sheet(path)]
    return written


@pytest.mark.parametrize("text", [
    '=HYPERLINK("http://contoh.invalid","klik")', "@SUM(A1)", "-1+1", "0123", "3,17E+15",
    " di depan", "dua\nbaris", "<b>&amp;", 'kutip "ganda"', "émoji 🙂", "_x0041_ bukan A",
])
def test_every_cell_is_the_text_it_was(written, text):
    assert written(["A"], [[text]]) == [("A",), (text,)]


def test_what_xml_cannot_hold_is_left_out(written):
    assert written(["A"], [["a\x00b\ud800c\uffff"]]) == [("A",), ("abc",)]


def test_an_empty_cell_keeps_its_place(written):
    assert written(["A", "", "C"], [["", "2", ""], ["1", "", "3"]]) == [
        ("A", None, "C"), (None, "2"), ("1", None, "3")]


def test_many_rows_come_one_after_the_other(written):
    rows = written(["A", "B"], ([f"{number}", "x" * 5] for number in range(1001)))
    assert len(rows) == 1002
    assert rows[-1] == ("1000", "xxxxx")


def test_a_cell_longer_than_any_program_takes_is_cut(written):
    assert len(written(["A"], [["x" * 40_000]])[1][0]) == 32_767


def test_no_cell_is_a_formula_and_the_same_rows_are_the_same_bytes():
    first, second = (text_sheet.write("Hasil", ["A"], [["=1+1"]]) for _ in range(2))
    assert first == second
    sheet = zipfile.ZipFile(BytesIO(first)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count('t="inlineStr"') == 2
