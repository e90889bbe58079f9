"""Lists as they really come: from odd programs, mangled, enormous or hostile."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from tests.page import file
from tests.uploads.conftest import apply_all
from webapp.models.deactivations import Deactivation
from webapp.models.uploads import (
    APPLIED,
    BAD,
    READY,
    SKIPPED,
    UNUSABLE,
    VALID,
    WARNED,
    UploadRow,
)
from webapp.uploads import service

SITI, AGUS, AMINAH, RAHMAT = "30145274512", "30145270001", "30145270002", "20000000017"
HEADER = ("KPJ", "Nama", "Sebab", "Tanggal Keluar", "Keterangan")
LINE = (SITI, "Siti Rahayu", "RSG", "31/10/2026", "")


def workbook(fill):
    """An XLSX file; ``fill`` is given the workbook."""
    body = io.BytesIO()
    book = xlsxwriter.Workbook(body, {"in_memory": True})
    fill(book)
    book.close()
    return body.getvalue()


def sheet_of(*rows):
    """An XLSX file of one sheet."""
    def fill(book):
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return workbook(fill)


def csv_of(*rows, separator=";"):
    return "\n".join(separator.join(row) for row in rows)


def repacked(body, **members):
    """The same archive with some members' contents made anew from the old ones."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as source, \
            zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            make = members.get(name.rpartition("/")[2].partition(".")[0])
            text = source.read(name)
            target.writestr(name, make(text) if make else text)
    return packed.getvalue()


def states(upload):
    return {row.number: row.state for row in UploadRow.select().where(UploadRow.upload == upload)}


def notes(upload, number=2):
    return UploadRow.get(UploadRow.upload == upload, UploadRow.number == number).content["notes"]


def test_a_bomb_is_refused_and_nothing_of_it_is_kept(upload):
    swollen = repacked(sheet_of(HEADER, LINE), sheet1=lambda text: text.replace(
        b"</sheetData>", b" " * 60_000_000 + b"</sheetData>"))
    assert len(swollen) < 100_000
    kept = upload("daftar.xlsx", swollen)
    assert (kept.state, states(kept)) == (UNUSABLE, {})
    assert kept.problem.startswith("Berkas ini terlalu besar.")


def test_two_million_rows_are_refused(upload):
    line = f"{SITI};RSG;1/11/2026\n".encode()
    kept = upload("daftar.csv", b"KPJ;Sebab;Tanggal Keluar\n" + line[-12:] * 2_000_000)
    assert (kept.state, states(kept)) == (UNUSABLE, {})
    assert "terlalu besar" in kept.problem


def test_a_row_two_million_rows_down_is_refused(upload):
    # XLSX ends at 1,048,576 rows; a file may say otherwise.
    far = repacked(sheet_of(HEADER, LINE), sheet1=lambda text: text.replace(
        b'<row r="2"', b'<row r="2000000"').replace(b'"A2"', b'"A2000000"'))
    kept = upload("daftar.xlsx", far)
    assert (kept.state, states(kept)) == (UNUSABLE, {})


def test_ten_thousand_rows_are_taken_and_one_more_is_not(upload):
    lines = b"\n" * 3 + b"9;RSG;1/11/2026\n" * 10_000
    assert len(states(upload("a.csv", b"KPJ;Sebab;Tanggal Keluar\n" + lines))) == 10_000
    kept = upload("b.csv", b"KPJ;Sebab;Tanggal Keluar\n" + lines + b"9;RSG;1/11/2026\n")
    assert (kept.state, states(kept)) == (UNUSABLE, {})


def test_merged_cells_above_and_beside_do_no_harm(upload):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.merge_range("A1:E2", "PT Maju Bersama — karyawan keluar Oktober 2026")
        sheet.write_row(2, 0, HEADER)
        sheet.write_row(3, 0, LINE)
        sheet.write_row(4, 0, (AGUS, "Agus Setiawan"))
        sheet.merge_range("C5:C6", "RSG")
        sheet.write_row(4, 3, ("31/10/2026",))
        sheet.write_row(5, 0, (AMINAH, "Siti Aminah", None, "31/10/2026"))
    kept = upload("gabung.xlsx", workbook(fill))
    assert states(kept) == {4: VALID, 5: VALID, 6: BAD}
    assert notes(kept, 6)["reason"].startswith("Sebab belum diisi.")


def test_hidden_sheets_are_not_read(upload):
    def fill(book):
        hidden, very, shown = (book.add_worksheet() for _ in range(3))
        hidden.hide()
        very.very_hidden()
        shown.activate()
        shown.set_first_sheet()
        for sheet, card in ((hidden, AGUS), (very, AMINAH), (shown, SITI)):
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, (card, *LINE[1:]))
    kept = upload("tersembunyi.xlsx", workbook(fill))
    assert [row.content["cells"][0] for row in UploadRow.select()] == [SITI]
    assert kept.state == READY


def test_a_formula_is_its_result_and_a_formula_as_text_stays_text(upload):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, LINE[:2])
        sheet.write_formula(1, 2, '=IF(TRUE,"RSG","")', value="RSG")
        sheet.write_datetime(1, 3, date(2026, 10, 31), book.add_format({"num_format": "d mmm yy"}))
        sheet.write_string(1, 4, '=cmd|" /C calc"!A0')
    kept = upload("rumus.xlsx", workbook(fill))
    assert states(kept) == {2: VALID}
    assert UploadRow.get().content["note"] == '=cmd|" /C calc"!A0'
    assert UploadRow.get().last_day == date(2026, 10, 31)


def test_a_second_header_row_is_no_worker(upload):
    numbers = ("(1)", "(2)", "(3)", "(4)", "(5)")
    kept = upload("cetak.csv", csv_of(HEADER, LINE, HEADER, (AGUS, *LINE[2:])).encode())
    assert [*states(kept)] == [2, 4]
    kept = upload("bernomor.csv", csv_of(HEADER, numbers, LINE).encode())
    assert states(kept) == {2: BAD, 3: VALID}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_list_in_any_usual_encoding_is_read(upload, encoding):
    kept = upload("a.csv", csv_of(HEADER, (*LINE[:4], "Renée – pindah")).encode(encoding))
    assert states(kept) == {2: VALID}
    assert UploadRow.get().content["note"] == "Renée – pindah"


def test_a_list_of_mixed_encodings_is_read_and_only_its_accents_suffer(upload):
    both = "Renée".encode("cp1252") + " Renée".encode()
    kept = upload("a.csv", csv_of(HEADER, LINE).encode() + both + b"\n")
    assert states(kept) == {2: VALID}
    assert "Ren" in UploadRow.get().content["note"]


@pytest.mark.parametrize("card", ["3,17E+15", "3.01452745E+10", "3.01E+10"])
def test_a_card_in_scientific_notation_is_named_as_such(upload, card):
    kept = upload("a.csv", csv_of(HEADER, (card, *LINE[1:])).encode())
    assert states(kept) == {2: BAD}
    assert "diubah oleh Excel menjadi" in notes(kept)["kpj"]


@pytest.mark.parametrize("card", [f"'{SITI}", f" {SITI[:4]} {SITI[4:]} ", f"{SITI}\u00a0",
                                  f"{SITI[:2]}-{SITI[2:]}"])
def test_a_card_with_marks_around_it_is_read(upload, card):
    assert states(upload("a.csv", csv_of(HEADER, (card, *LINE[1:])).encode())) == {2: VALID}


def test_a_card_that_lost_its_zeros_is_named_as_such(upload):
    kept = upload("a.xlsx", sheet_of(HEADER, (145274512, *LINE[1:])))
    assert "angka 0 di depan" in notes(kept)["kpj"]


def test_a_card_as_a_number_is_read(upload):
    kept = upload("a.xlsx", sheet_of(HEADER, (int(SITI), *LINE[1:]), (float(AGUS), *LINE[2:])))
    assert states(kept) == {2: VALID, 3: BAD}, "the second without its name and day"


def test_of_duplicates_the_first_counts_and_the_other_names_it(upload, cast, now):
    kept = upload("a.csv", csv_of(HEADER, LINE, (AGUS, *LINE[1:]), LINE).encode())
    assert states(kept) == {2: VALID, 3: WARNED, 4: BAD}
    assert "sudah ada di baris 2" in notes(kept, 4)["kpj"]
    service.start(kept, cast.ani, version=kept.version, now=now)
    apply_all(now)
    assert Deactivation.select().count() == 2


def test_someone_elses_worker_is_answered_like_a_number_nobody_has(upload):
    rows = ((RAHMAT, "Rahmat Hidayat", *LINE[2:]), ("99999999999", "Rahmat Hidayat", *LINE[2:]))
    upload("a.csv", csv_of(HEADER, *rows).encode())
    theirs, nobodys = (UploadRow.get(UploadRow.number == number) for number in (2, 3))
    assert {theirs.state, nobodys.state} == {BAD}
    assert theirs.content["notes"] == nobodys.content["notes"]
    assert theirs.membership_id is nobodys.membership_id is None


@pytest.mark.parametrize("reason", ["MGL", "Meninggal dunia", "wafat", "MGL - Meninggal dunia"])
def test_a_death_is_sent_to_the_form_that_takes_the_certificate(upload, reason):
    kept = upload("a.csv", csv_of(HEADER, (*LINE[:2], reason, *LINE[3:])).encode())
    assert notes(kept)["reason"] == ("Kematian tidak bisa dilaporkan lewat berkas. "
                                     "Laporkan satu per satu, dengan surat kematiannya.")


def test_who_is_inactive_already_is_named_apart_and_stays_so(upload, ani, cast, now):
    file(ani, cast.maju, cast.siti_at_maju, last_day="2026-11-01")
    kept = upload("a.csv", csv_of(HEADER, LINE).encode())
    assert states(kept) == {2: SKIPPED}
    with pytest.raises(service.Outdated):
        service.start(kept, cast.ani, version=kept.version, now=now)
    apply_all(now)
    assert states(kept) == {2: SKIPPED}
    assert Deactivation.get().last_day == date(2026, 11, 1)
    assert not UploadRow.select().where(UploadRow.state == APPLIED).exists()


@pytest.mark.parametrize("name", [
    "", "..\\..\\rahasia.csv", "/etc/passwd", "a\x00b\n.csv", "x" * 300 + ".csv", "daftar",
    "<script>.xlsx", "cəŋ – final FINAL (2) 🙂.csv",
])
def test_any_file_name_will_do(upload, name):
    kept = upload(name, csv_of(HEADER, LINE).encode())
    assert kept.state == READY
    assert 0 < len(kept.name) <= service.LONGEST_NAME
    assert "/" not in kept.name
    assert "\\" not in kept.name
    assert kept.name.isprintable()
