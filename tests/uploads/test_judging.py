"""Judging lists of leavers: the samples that companies sent, and what people write by mistake."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from webapp.list_header import MissingColumns
from webapp.models.uploads import BAD, SKIPPED, VALID, WARNED
from webapp.parameters import Rules
from webapp.spreadsheets import Row, read_sheet
from webapp.uploads.judging import NOT_OURS, Judge, Person
from webapp.uploads.leaver_list import COLUMNS, is_header_again, read_leaver
from webapp.workers.worker_list import check_worker_list

FILES = Path(__file__).parent.parent / "files"
TODAY = date(2026, 11, 22)
RULES = Rules(TODAY, {"deactivation.days_ahead": 31})


@pytest.fixture(scope="module")
def maju():
    """The workers of PT Maju Bersama, by KPJ."""
    rows = check_worker_list(read_sheet(FILES / "workers" / "tenaga-kerja-maju.xlsx"), TODAY)
    return {row.kpj: Person(number, row.kpj, row.name, row.birth_date, row.start_date, row.nik)
            for number, row in enumerate(rows)}


def judged(rows, people):
    """The verdicts on a list, by row number."""
    def likely(values):
        found = [person for person in people.values()
                 if (person.name, person.birth_date) == (values.get("name"),
                                                         values.get("birth_date"))]
        return found[0] if len(found) == 1 else None

    header = COLUMNS.find(rows)
    judge = Judge(people.get, likely, index_nik=str, rules=RULES, today=TODAY)
    cells = {row.number: header.cells_of(row) for row in header.rows}
    return {number: judge.judge(number, read_leaver(row)) for number, row in cells.items()
            if any(row.values()) and not is_header_again(row)}


def sample(name, people):
    return judged(read_sheet(FILES / "uploads" / name), people)


def test_a_clean_list_of_any_file_name_has_nothing_to_say(maju):
    verdicts = sample("keluar oktober (1).xlsx", maju)
    assert [(verdict.state, verdict.notes) for verdict in verdicts.values()] == [(VALID, {})] * 12


def test_a_dirty_list_gives_each_row_its_column_and_why(maju):
    verdicts = sample("keluar-kotor.csv", maju)
    assert {number: (verdict.state, verdict.notes) for number, verdict in verdicts.items()
            if verdict.notes} == {
        2: (BAD, {"kpj": NOT_OURS}),
        4: (BAD, {"reason": "Sebab ini tidak dikenal. Maksud Anda Mengundurkan diri (RSG)?"}),
        6: (BAD, {"last_day": "Tanggal ini sebelum Made mulai bekerja (1 Desember 2018). "
                              "Periksa lagi tanggalnya."}),
        8: (BAD, {"reason": "Kematian tidak bisa dilaporkan lewat berkas. "
                            "Laporkan satu per satu, dengan surat kematiannya."}),
        10: (BAD, {"kpj": NOT_OURS}),
        12: (BAD, {"kpj": "Pekerja ini sudah ada di baris 11. Lewati salah satunya."}),
        16: (WARNED, {"name": "KPJ ini milik Gede Maulana. "
                              "Periksa apakah nomornya benar."}),
        18: (BAD, {"last_day": "Tidak ada tanggal 31 November 2026. Periksa lagi harinya."}),
        20: (BAD, {"kpj": "Nomor ini diubah oleh Excel menjadi 1,23457E+10. Ketik lagi nomor KPJ, "
                          'atau ubah kolom menjadi "Teks" lalu simpan ulang.'}),
    }
    assert sum(verdict.state in (VALID, WARNED) for verdict in verdicts.values()) == 12
    assert verdicts[2].suggestion["kpj"] in maju
    assert verdicts[4].suggestion == {"reason": "RSG"}
    assert verdicts[10].suggestion["kpj"] in maju     # another company's card: like any unknown


def test_without_its_columns_no_row_is_judged(maju):
    with pytest.raises(MissingColumns) as problem:
        sample("kolom-kurang.csv", maju)
    assert problem.value.sentence.startswith("Kolom Sebab dan Tanggal Kejadian tidak ditemukan.")


SITI = Person(1, "30145274512", "Siti Rahayu", date(1990, 8, 5), date(2021, 5, 1),
              "3171064508900001")
HEADER = ("KPJ", "Nama Lengkap", "Sebab Nonaktif", "Tgl. Keluar")


def one(*cells, person=SITI):
    """The verdict on one row below a header."""
    rows = [Row(1, HEADER), Row(2, cells)]
    return judged(rows, {person.kpj: person})[2]


@pytest.mark.parametrize(("written", "code"), [
    ("RSG", "RSG"), ("rsg", "RSG"), ("RSG - Mengundurkan diri", "RSG"),
    ("mengundurkan  diri", "RSG"), ("Resign", "RSG"), ("habis kontrak", "PKW"),
    ("Masa kontrak berakhir", "PKW"), ("PHK", "PHK"), ("Pensiun", "PSN"), ("Mutasi", "MUT"),
])
def test_a_reason_is_known_by_code_label_and_usual_words(written, code):
    assert read_leaver({"reason": written}).values["reason"] == code


@pytest.mark.parametrize(("written", "nearest"), [
    ("resain", "RSG"), ("mengundurkn diri", "RSG"), ("pensiunn", "PSN"), ("xyz", None), ("9", None),
])
def test_of_an_unknown_reason_the_nearest_is_suggested_or_none(written, nearest):
    leaver = read_leaver({"reason": written})
    assert leaver.meant.get("reason") == nearest
    assert "Sebab ini tidak dikenal." in leaver.faults["reason"]


@pytest.mark.parametrize("written", ["MGL", "Cacat total tetap", "LNG", "salah input", "TTP"])
def test_what_needs_more_than_a_row_is_not_taken_from_a_list(written):
    assert one(SITI.kpj, SITI.name, written, "30/10/2026").state == BAD


def test_a_card_mangled_by_excel_is_named_as_such():
    assert "diubah oleh Excel" in one("3,17E+15", SITI.name, "RSG", "30/10/2026").notes["kpj"]
    assert "angka 0 di depan" in one(145274512, SITI.name, "RSG", "30/10/2026").notes["kpj"]


def test_who_has_left_already_is_named_apart_and_nothing_changes():
    gone = replace(SITI, ended_on=date(2026, 9, 30))
    leaving = replace(SITI, leaves_on=date(2026, 12, 1))
    row = (SITI.kpj, SITI.name, "RSG", "30/10/2026")
    assert (one(*row, person=gone).state, one(*row, person=gone).notes["kpj"]) == (
        SKIPPED, "Sudah nonaktif sejak 30 September 2026. Tidak ada yang berubah.")
    assert one(*row, person=leaving).state == SKIPPED


@pytest.mark.parametrize(("day", "state"), [
    ("01/05/2021", VALID), ("30/04/2021", BAD), ("23/12/2026", VALID), ("24/12/2026", BAD),
])
def test_the_last_day_lies_between_the_beginning_and_a_month_from_now(day, state):
    assert one(SITI.kpj, SITI.name, "RSG", day).state == state


def test_the_header_may_come_again_and_under_titles():
    row = (SITI.kpj, "", "RSG", "1/11/2026")
    rows = [Row(1, ("PT Maju Bersama",)), Row(3, HEADER), Row(4, row), Row(5, HEADER)]
    assert list(judged(rows, {SITI.kpj: SITI})) == [4]


def one_with(nik, reason="RSG"):
    """The verdict on a row about Siti with a NIK."""
    rows = [Row(1, ("KPJ", "NIK", "Sebab", "Tgl. Keluar")),
            Row(2, (SITI.kpj, nik, reason, "30/10/2026"))]
    return judged(rows, {SITI.kpj: SITI})[2]


def test_a_nik_of_somebody_else_is_a_reason_to_look_again():
    verdict = one_with("3171064508900002")
    assert (verdict.state, verdict.membership_id, verdict.notes) == (WARNED, 1, {
        "nik": "NIK ini bukan milik Siti Rahayu. Periksa apakah nomor KPJ-nya benar."})
    assert one_with("31.71.06 450890 0001").state == one_with("").state == VALID


@pytest.mark.parametrize("nik", ["3,17E+15", 3171064508900000, "317106450890000"])
def test_a_damaged_nik_refuses_no_row_for_the_card_says_who_it_is(nik):
    verdict = one_with(nik)
    assert (verdict.state, verdict.membership_id, list(verdict.notes)) == (WARNED, 1, ["nik"])
    assert one_with(nik, reason="").notes.keys() == {"nik", "reason"}
    assert one_with(nik, reason="").state == BAD


def test_a_reason_that_may_be_meant_is_suggested_by_its_name():
    verdict = one(SITI.kpj, "", "resain", "30/10/2026")
    assert (verdict.suggestion, verdict.suggested) == ({"reason": "RSG"}, "Mengundurkan diri")
    assert one(SITI.kpj, "", "meningal", "30/10/2026").suggestion == {}     # nothing to take


def test_a_colleagues_card_is_suggested_without_being_told():
    cells = ("99999999999", SITI.name, SITI.birth_date, "RSG", "30/10/2026")
    verdict = judged([Row(1, ("KPJ", "Nama", "Tgl Lahir", "Sebab", "Tgl. Keluar")), Row(2, cells)],
                     {SITI.kpj: SITI})[2]
    assert verdict.suggestion == {"kpj": SITI.kpj}
    assert verdict.suggested == "Siti Rahayu, KPJ 3••••••4512"


def test_what_cannot_be_read_is_said_before_whom_it_means():
    assert one("99999999999", "", "xyz", "").notes.keys() == {"reason", "last_day"}
