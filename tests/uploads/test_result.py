"""The result file: the rows as they came, and what became of each."""

import json

import pytest

from tests.page import file
from tests.uploads.conftest import apply_all
from webapp import clock
from webapp.deactivation import service as deactivation
from webapp.deactivation.queries import filed_of
from webapp.models.deactivations import Deactivation
from webapp.models.receipts import Receipt
from webapp.models.uploads import BAD, READY, SKIPPED, Upload, UploadRow
from webapp.parameters import rules_on
from webapp.receipts.signing import show_number
from webapp.spreadsheets import read_sheet
from webapp.uploads import result_file, service


@pytest.fixture
def rows(tmp_path):
    """The rows of an upload's result file, its header first, all of one width."""
    def rows(upload):
        path = tmp_path / "hasil.xlsx"
        path.write_bytes(result_file.build(Upload.get_by_id(upload.id)))
        read = [[cell or "" for cell in row.cells] for row in read_sheet(path)]
        return [row + [""] * (len(read[0]) - len(row)) for row in read]
    return rows


def done(upload, cast, now):
    service.start(upload, cast.ani, version=upload.version, now=now)
    apply_all(now)
    return upload


def listed(*lines):
    return "\n".join(("KPJ;Nama;Sebab;Tanggal Keluar;Catatan", *lines)).encode()


def test_each_row_is_as_it_came_with_its_outcome_beside_it(upload, rows, cast, now):
    kept = done(upload("keluar-kotor.csv"), cast, now)
    header, *found = rows(kept)
    assert header == [*json.loads(Upload.get_by_id(kept.id).headers), *result_file.OURS]
    came = [row.content["cells"] for row in UploadRow.select().order_by(UploadRow.number)]
    assert [row[:len(cells)] for row, cells in zip(found, came, strict=True)] == came
    numbers = {show_number(receipt.number) for receipt in Receipt.select()}
    assert {row[-2] for row in found} - {""} == numbers
    assert [row[-3] for row in found].count("Nonaktif") == len(numbers) == 12
    assert [row[-3] for row in found].count("Keliru") == 8


def test_a_bad_row_says_which_cell_and_what_may_be_meant(upload, rows, cast, now):
    second = rows(done(upload("keluar-kotor.csv"), cast, now))[1]
    assert second[-1].startswith("KPJ: KPJ ini tidak ada dalam daftar tenaga kerja Anda.")
    assert "Mungkin maksud Anda Budi Harahap, KPJ " in second[-1]


def test_a_formula_of_theirs_is_text(upload, rows, cast, now):
    last = rows(done(upload("keluar-kotor.csv"), cast, now))[-1]
    assert last[5] == '=HYPERLINK("http://contoh.invalid","klik")'


def test_before_it_is_applied_it_says_so(upload, rows):
    kept = upload("a.csv", listed("30145274512;;RSG;1/11/2026;"))
    assert rows(kept)[1][-3:] == ["Belum diterapkan", "", ""]


def test_what_became_of_a_row_later_is_said(upload, ani, rows, cast, now):
    kept = upload("a.csv", listed(
        "30145274512;;RSG;1/10/2026;", "30145270001;;RSG;30/11/2026;", "30145270002;;RSG;1/11/2026;"
    ))
    service.start(kept, cast.ani, version=kept.version, now=now)
    file(ani, cast.maju, Deactivation.membership.rel_model.get(kpj="30145270002"))
    apply_all(now)
    siti = Deactivation.get(Deactivation.membership == cast.siti_at_maju)
    deactivation.undo(filed_of.one(cast.maju, siti.public_id), cast.ani, reason="Tidak jadi.",
                      company=cast.maju, rules=rules_on(clock.day_of(now)), now=now)
    found = [(row[-3], row[-1]) for row in rows(kept)[1:]]
    assert found == [
        ("Dibatalkan", "Hari kerja terakhir 1 Oktober 2026. Dilaporkan terlambat. "
                       "Dibatalkan pada 22 November 2026: Tidak jadi."),
        ("Terjadwal", "Hari kerja terakhir 30 November 2026."),
        ("Dilewati", "KPJ: Sudah nonaktif sejak 20 November 2026. Tidak ada yang berubah."),
    ]


def test_what_a_clerk_put_in_place_of_a_cell_is_said(upload, rows):
    kept = upload("a.csv", listed("99999999999;;RSG;1/11/2026;"))
    row = UploadRow.get()
    row.said = json.dumps(row.content | {"typed": {"kpj": "30145274512"}, "notes": {},
                                         "suggestion": {}})
    row.save()
    assert rows(kept)[1] == ["99999999999", "", "RSG", "1/11/2026", "", "2", "Keliru", "",
                             "KPJ diubah menjadi 30145274512."]


def test_the_result_uploaded_again_changes_nothing_and_has_its_columns_once(
        upload, rows, cast, now):
    kept = done(upload("keluar oktober (1).xlsx"), cast, now)
    again = upload("hasil.xlsx", result_file.build(Upload.get_by_id(kept.id)))
    assert again.state == READY
    assert {row.state for row in UploadRow.select().where(UploadRow.upload == again)} == {SKIPPED}
    header, first, *_ = rows(again)
    assert header == rows(kept)[0]
    assert first[-3] == "Dilewati"
    assert first[-1].startswith("KPJ: Sudah ")


def test_cells_without_a_header_and_columns_called_like_ours_are_theirs(upload, rows):
    body = ("KPJ;Sebab;Tanggal Keluar;Hasil;Tanda terima\n"
            "99999999999;resain;1/11/2026;baik;T-1;di kanan;\n1;RSG;1/11/2026;x\n")
    header, first, second = rows(upload("a.csv", body.encode()))
    assert header == ["KPJ", "Sebab", "Tanggal Keluar", "Hasil", "Tanda terima", "",
                      *result_file.OURS]
    assert first[:8] == ["99999999999", "resain", "1/11/2026", "baik", "T-1", "di kanan", "2",
                         "Keliru"]
    assert second[3:8] == ["x", "", "", "3", "Keliru"]


def test_in_a_result_that_comes_again_cells_right_of_ours_stay(upload, rows):
    head = ";".join(["KPJ", "Sebab", "Tanggal Keluar", *result_file.OURS])
    header, first = rows(upload("a.csv", f"{head}\n1;RSG;1/11/2026;9;a;b;c;catatan\n".encode()))
    assert header == ["KPJ", "Sebab", "Tanggal Keluar", "", *result_file.OURS]
    assert first[:6] == ["1", "RSG", "1/11/2026", "catatan", "2", "Keliru"]


def test_a_corrected_reason_is_said_by_its_name(upload, rows):
    kept = upload("a.csv", listed("30145274512;;resain;1/11/2026;"))
    row = UploadRow.get()
    row.said = json.dumps(row.content | {"typed": {"reason": "PHK"}})
    row.save()
    assert rows(kept)[1][-1].startswith("Sebab diubah menjadi Pemutusan hubungan kerja.")
    assert "Mungkin" not in rows(kept)[1][-1]


def test_it_has_the_name_of_the_file_it_answers(upload):
    assert result_file.name_of(upload("keluar oktober (1).xlsx")) == (
        "keluar oktober (1) - hasil.xlsx")
    assert result_file.name_of(upload("daftar", listed("1;;RSG;1/11/2026;"))) == (
        "daftar - hasil.xlsx")


def test_a_wide_list_of_many_pages_keeps_all_its_columns(upload, rows, monkeypatch):
    monkeypatch.setattr(result_file, "PAGE", 7)
    header = ";".join(["KPJ", "Sebab", "Tanggal", *(f"Kolom {place}" for place in range(200))])
    body = "\n".join([header, *(f"1;RSG;1/11/2026;{';'.join('x' * 200)}" for _ in range(30))])
    kept = upload("gaji.csv", body.replace("Tanggal;", "Tanggal Keluar;").encode())
    found = rows(kept)
    assert len(found) == 31
    assert {len(row) for row in found} == {207}
    assert [row[-4] for row in found] == ["Baris", *map(str, range(2, 32))]
    assert {row[-3] for row in found[1:]} == {"Keliru"}
    assert UploadRow.select().where(UploadRow.state == BAD).count() == 30
