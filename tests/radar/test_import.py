"""``flask import-contributions``: until when each worker is paid for."""

import json
from datetime import date

import pytest

from tests.conftest import worker_row
from webapp import clock, text_sheet
from webapp.models.audit import AuditEntry
from webapp.models.workers import Membership
from webapp.spreadsheets import Row
from webapp.workers.service import Outcome, take_in_list
from webapp.workers.worker_list import check_worker_list


@pytest.fixture
def take_in(app, cast, tmp_path):
    def run(text, npp="JJ010001", name="iuran.csv"):
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return app.test_cli_runner().invoke(args=["import-contributions", npp, str(file)])
    return run


def paid():
    return {row.kpj: row.contributed_until for row in Membership.select()
            if row.contributed_until}


def test_each_worker_is_paid_for_until_the_month_of_the_list(take_in):
    answer = take_in("Daftar iuran PT Maju\n\nNo;Nomor KPJ;Nama;Iuran terakhir\n"
                     "1;30145274512;Siti Rahayu;Agustus 2026\n2;30145270001;Agus;10/2026\n")
    assert answer.output == "2 pekerja dicatat, 0 sudah ada, 0 baris ditolak\n"
    assert paid() == {"30145274512": date(2026, 8, 1), "30145270001": date(2026, 10, 1)}
    entry = AuditEntry.get(AuditEntry.kind == "contributions:imported")
    assert json.loads(entry.details) == {"workers": 2}


def test_a_workbook_will_do(take_in):
    body = text_sheet.write("Iuran", ["KPJ", "Bulan Iuran"], [["30145274512", "09/2026"]])
    assert take_in(body, name="x.xlsx").exit_code == 0
    assert paid() == {"30145274512": date(2026, 9, 1)}


def test_a_list_by_months_counts_the_latest(take_in):
    take_in("KPJ;Bulan Iuran\n30145274512;08/2026\n30145274512;10/2026\n30145274512;09/2026\n")
    assert paid() == {"30145274512": date(2026, 10, 1)}


def test_a_second_run_changes_nothing_and_a_correction_is_taken(take_in):
    text = "KPJ;Iuran Terakhir\n30145274512;09/2026\n"
    take_in(text)
    assert take_in(text).output == "0 pekerja dicatat, 1 sudah ada, 0 baris ditolak\n"
    assert AuditEntry.select().where(AuditEntry.kind == "contributions:imported").count() == 1
    take_in(text.replace("09", "07"))
    assert paid() == {"30145274512": date(2026, 7, 1)}


def test_bad_rows_are_named_and_the_others_taken(take_in, cast):
    answer = take_in("KPJ;Iuran Terakhir\n30145274512;lunas\n20000000017;09/2026\n"
                     "30145270001;12/2026\n99999999999;09/2026\n12;09/2026\n30145270002;09/2026\n")
    lines = answer.output.splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == [
        "baris 2, kolom Iuran Terakhir", "baris 3, kolom KPJ", "baris 4, kolom Iuran Terakhir",
        "baris 5, kolom KPJ", "baris 6, kolom KPJ"]
    assert lines[1] == lines[3].replace("baris 5", "baris 3"), "another's card is nobody's"
    assert lines[-1] == "1 pekerja dicatat, 0 sudah ada, 5 baris ditolak"
    assert paid() == {"30145270002": date(2026, 9, 1)}


@pytest.mark.parametrize(("text", "words"), [
    ("KPJ;Nama\n30145274512;Siti\n", "Kolom Iuran Terakhir tidak ditemukan"),
    (b"\x00\x01rusak", "bukan daftar yang bisa dibaca")])
def test_a_file_that_is_no_list_says_why(take_in, text, words):
    answer = take_in(text)
    assert answer.exit_code == 1
    assert words in answer.output
    assert paid() == {}


def test_an_unknown_company_is_refused_with_the_way_out(take_in):
    answer = take_in("KPJ;Iuran Terakhir\n", npp="JJ999999")
    assert "flask add-company JJ999999" in answer.output


HEADER = ("KPJ", "NIK", "Nama", "Tanggal Lahir", "Tanggal Masuk", "Iuran Terakhir")
PERSON = ("30999999999", "3171064508900019", "Wahyu Nugroho", "05/08/1990", "01/05/2021")


@pytest.mark.parametrize(("cell", "month", "note"), [
    ("09/2026", date(2026, 9, 1), ""), (None, None, ""),
    ("lunas", None, "Bulan ini tidak dikenali."), ("01/2027", None, "Bulan ini belum tiba")])
def test_a_list_of_workers_may_have_the_column_too(cast, now, cell, month, note):
    rows = check_worker_list([Row(1, HEADER), Row(2, (*PERSON, cell))], clock.day_of(now))
    said = list(take_in_list(cast.maju, rows, now=now, outcome=Outcome()))
    assert Membership.get(Membership.kpj == PERSON[0]).contributed_until == month
    assert note in " ".join(one.reason for one in said if one.column == "Iuran Terakhir")
    assert bool(note) == any(one.column == "Iuran Terakhir" for one in said)


def test_a_list_without_it_is_as_before(cast, now):
    row = worker_row("30999999999", "3171064508900019", "Wahyu Nugroho")
    assert not list(take_in_list(cast.maju, [row], now=now, outcome=Outcome()))
    assert Membership.get(Membership.kpj == row.kpj).contributed_until is None
