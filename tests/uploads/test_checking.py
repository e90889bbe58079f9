"""Files are checked and kept row by row, in the background."""

from datetime import timedelta

import pytest

from webapp.models.uploads import (
    BAD,
    CHECKING,
    READY,
    UNUSABLE,
    VALID,
    WARNED,
    Upload,
    UploadRow,
)
from webapp.uploads import checking, service
from webapp.uploads.checking import check_next


def rows_of(upload):
    return {row.number: row for row in UploadRow.select().where(UploadRow.upload == upload)}


def test_a_clean_list_is_ready(upload):
    kept = upload("keluar oktober (1).xlsx")
    assert (kept.state, kept.name, kept.problem) == (READY, "keluar oktober (1).xlsx", "")
    assert [row.state for row in rows_of(kept).values()] == [VALID] * 12


def test_a_dirty_list_has_each_row_as_it_came_and_what_is_to_be_said(upload):
    rows = rows_of(upload("keluar-kotor.csv"))
    assert {number: row.state for number, row in rows.items() if row.state != VALID} == {
        2: BAD, 4: BAD, 6: BAD, 8: BAD, 10: BAD, 12: BAD, 16: WARNED, 18: BAD, 20: BAD}
    second, last = rows[2].content, rows[21].content
    assert second["suggested"].startswith("Budi Harahap, KPJ ")
    assert second["suggestion"]["kpj"] != second["cells"][0]
    assert rows[10].content["notes"] == second["notes"], "another company's card is nobody's"
    assert last["cells"][5] == last["note"] == '=HYPERLINK("http://contoh.invalid","klik")'


def test_a_list_without_its_columns_says_which(upload):
    kept = upload("kolom-kurang.csv")
    assert kept.state == UNUSABLE
    assert kept.problem.startswith("Kolom Sebab dan Tanggal Kejadian tidak ditemukan.")
    assert rows_of(kept) == {}


@pytest.mark.parametrize(("body", "words"), [
    (b"", "tidak berisi data"), (b"KPJ,Sebab,Tanggal Keluar\n", "tidak berisi pekerja"),
    (b"%PDF-1.7", "bukan daftar"), (b"PK\x03\x04rusak", "rusak"),
    (b"KPJ,Sebab,Tanggal Keluar\n" + b"1,RSG,1/1/2026\n" * 10_001, "lebih dari 10.000 baris"),
])
def test_a_file_that_is_no_list_says_why(upload, body, words):
    kept = upload("apa saja.xlsx", body)
    assert kept.state == UNUSABLE
    assert words in kept.problem
    assert rows_of(kept) == {}


def test_a_mistyped_name_still_finds_whom_a_wrong_card_means(upload):
    line = "KPJ;Nama;Tanggal Lahir;Sebab;Tanggal Keluar\n99999999999;{};5/8/1990;RSG;1/11/2026\n"
    found = rows_of(upload("a.csv", line.format("Sity Rahayu").encode()))[2].content
    assert found["suggested"] == "Siti Rahayu, KPJ 30145274512"
    other = rows_of(upload("b.csv", line.format("Rina Lubis").encode()))[2].content
    assert other["suggestion"] == {}


def test_a_check_that_was_interrupted_begins_again_once_its_lease_is_over(maju, cast, now):
    body = b"KPJ;Sebab;Tanggal Keluar\n30145274512;RSG;1/11/2026\n"
    kept = service.take_in(maju, cast.ani, body, "a.csv", now)
    left = checking._take(now)
    UploadRow.create(upload=left, number=7, state=BAD, said_sealed=b"x")
    assert not check_next(now + timedelta(seconds=80))
    assert check_next(now + timedelta(seconds=91))
    assert (Upload.get_by_id(kept.id).state, list(rows_of(kept))) == (READY, [2])
    with pytest.raises(checking.Interrupted):
        checking._change(left, state=READY)


def test_two_processes_check_a_file_once(maju, cast, now):
    service.take_in(maju, cast.ani, b"KPJ;Sebab;Tanggal\n", "a.csv", now)
    assert checking._take(now) is not None
    assert checking._take(now) is None
    assert Upload.get().state == CHECKING


def test_nothing_is_readable_in_the_rows(upload):
    kept = upload("keluar oktober (1).xlsx")
    sealed = b"".join(bytes(row.said_sealed) for row in rows_of(kept).values())
    assert b"RSG" not in sealed
