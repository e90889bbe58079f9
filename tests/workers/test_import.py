"""``flask import-workers``: every row is taken, there already, or named."""

import shutil
from datetime import date

import pytest

from tests.conftest import FILES, worker_row
from webapp import clock
from webapp.companies.service import add_company
from webapp.models.audit import AuditEntry
from webapp.models.workers import Membership, NameWord, Worker
from webapp.workers.service import OTHER_NIK, Outcome, take_in_list

SAMPLES = FILES / "workers"
COMPANIES = {
    "tenaga-kerja-maju.xlsx": ("JJ010001", 250), "tenaga-kerja-lain.csv": ("JJ020002", 60),
    "tenaga-kerja-logistik.ods": ("JJ010003", 40), "tenaga-kerja-niaga.xls": ("JJ030004", 30),
}


@pytest.fixture
def take_in(app, cast):
    for npp, name in (("JJ030004", "CV Niaga"), ("JJ040005", "PT Kotor")):
        add_company(npp, name, now=clock.now())

    def run(npp, path):
        return app.test_cli_runner().invoke(args=["import-workers", npp, str(path)])
    return run


@pytest.mark.parametrize("name", COMPANIES)
def test_a_companys_file_is_taken_as_it_is(take_in, name):
    npp, count = COMPANIES[name]
    answer = take_in(npp, SAMPLES / name)
    assert answer.output == f"{count} baris diambil, 0 sudah ada, 0 ditolak\n"
    assert answer.exit_code == 0


@pytest.mark.parametrize("name", ["tenaga-kerja-maju.xlsx", "tenaga-kerja-kotor.csv"])
def test_a_second_run_changes_nothing(take_in, name):
    npp = COMPANIES.get(name, ("JJ040005",))[0]
    take_in(npp, SAMPLES / name)
    before = (Worker.select().count(), Membership.select().count(), AuditEntry.select().count())
    assert "0 baris diambil" in take_in(npp, SAMPLES / name).output
    assert before == (Worker.select().count(), Membership.select().count(),
                      AuditEntry.select().count())


def test_bad_rows_are_named_with_row_column_and_reason(take_in):
    lines = take_in("JJ040005", SAMPLES / "tenaga-kerja-kotor.csv").output.splitlines()
    assert lines[-1] == "30 baris diambil, 0 sudah ada, 10 ditolak"
    assert [line.split(":")[0] for line in lines[:-1]] == [
        "baris 3, kolom NIK", "baris 6, kolom NIK", "baris 8, kolom KPJ", "baris 11, kolom Nama",
        "baris 14, kolom Tanggal Lahir", "baris 17, kolom Tanggal Masuk", "baris 20, kolom KPJ",
        "baris 23, kolom NIK", "baris 26, kolom KPJ", "baris 29, kolom Tanggal Lahir"]


def test_any_file_name_will_do(take_in, tmp_path):
    odd = tmp_path / "Salinan dari TK (1) FINAL.bin"
    shutil.copy(SAMPLES / "tenaga-kerja-niaga.xls", odd)
    assert take_in("JJ030004", odd).output.startswith("30 baris diambil")


def test_an_unknown_npp_is_refused_with_the_way_out(take_in):
    answer = take_in("JJ999999", SAMPLES / "tenaga-kerja-lain.csv")
    assert answer.exit_code != 0
    assert "flask add-company JJ999999" in answer.output


def test_a_card_of_somebody_else_is_refused(take_in, cast, tmp_path):
    file = tmp_path / "daftar.csv"
    file.write_text("KPJ,NIK,Nama,Tanggal Lahir,Tanggal Masuk\n"
                    "30145274512,3578191701910001,Rahmat Hidayat,17/01/1991,01/02/2020\n")
    answer = take_in("JJ020002", file)
    assert "baris 2, kolom KPJ: Nomor KPJ ini sudah terdaftar atas orang lain" in answer.output


def test_one_person_at_two_companies_is_one_worker(take_in, cast, tmp_path):
    file = tmp_path / "daftar.csv"
    file.write_text("KPJ;NIK;Nama;Tanggal Lahir;Tanggal Masuk\n"
                    "77700000001;3171064508900001;Siti Rahayu;05-08-1990;01-02-2026\n")
    assert "1 baris diambil" in take_in("JJ020002", file).output
    assert cast.siti_at_maju.worker.memberships.count() == 2


def test_what_is_no_spreadsheet_is_said_so(take_in, tmp_path):
    file = tmp_path / "daftar.xlsx"
    file.write_bytes(b"PK\x03\x04 not really")
    answer = take_in("JJ020002", file)
    assert answer.exit_code != 0
    assert "Traceback" not in answer.output


def taken(company, *rows):
    """What an import of these rows reports, and its counts."""
    outcome = Outcome()
    reports = list(take_in_list(company, rows, now=clock.now(), outcome=outcome))
    return reports, (outcome.added, outcome.unchanged, outcome.refused)


SITI = "3171064508900001"


def test_a_nik_of_somebody_born_on_another_day_is_refused(cast):
    reports, counts = taken(cast.lain, worker_row("99900000001", SITI, "Joko Susilo",
                                                  born=date(1980, 1, 1)))
    assert [(row.column, row.reason) for row in reports] == [("NIK", OTHER_NIK)]
    assert counts == (0, 0, 1)


def test_the_same_within_one_list(cast):
    reports, counts = taken(
        cast.lain, worker_row("99900000001", "3171061203850077", "Joko", born=date(1985, 3, 12)),
        worker_row("99900000002", "3171061203850077", "Tono", born=date(1980, 1, 1)))
    assert [row.reason for row in reports] == [OTHER_NIK]
    assert counts == (1, 0, 1)


def test_a_known_person_is_listed_and_found_by_the_name_we_have(cast):
    assert taken(cast.lain, worker_row("99900000001", SITI, "St. Rahayuu"))[1] == (1, 0, 0)
    card = Membership.get(Membership.kpj == "99900000001")
    assert card.name_key == "siti rahayu"
    assert not NameWord.select().where(NameWord.text == "rahayuu").exists()


def test_what_is_left_out_of_a_taken_row_is_said(take_in, tmp_path):
    file = tmp_path / "daftar.csv"
    file.write_text("KPJ;NIK;Nama;Tanggal Lahir;Tanggal Masuk;No HP\n"
                    "77700000001;3171061203850001;Andi Baru;12-03-1985;01-01-2020;0812\n")
    lines = take_in("JJ020002", file).output.splitlines()
    assert lines[0].startswith("baris 2, kolom No HP: ")
    assert lines[0].endswith("Isian ini dikosongkan. (baris tetap diambil)")
    assert lines[1:] == ["1 baris diambil, 0 sudah ada, 0 ditolak"]


def test_a_file_damaged_further_down_tells_how_far_it_was_taken(take_in, tmp_path):
    file = tmp_path / "daftar.csv"
    rows = [f"{77800000000 + n};31710612038{n:05};Budi Baru;12-03-1985;01-01-2020"
            for n in range(1200)]
    file.write_text("\n".join(["KPJ;NIK;Nama;Tanggal Lahir;Tanggal Masuk", *rows,
                               '"x;' + "y" * 40_000]) + "\n")
    answer = take_in("JJ020002", file)
    kept = Membership.select().where(Membership.kpj.startswith("778")).count()
    assert answer.exit_code != 0
    assert f"{kept} baris diambil, 0 sudah ada, 0 ditolak\n" in answer.output
    assert kept == 1000


def test_five_hundred_long_names_fit_into_one_statement_after_another(cast):
    # 500 rows of six words each that nobody had: as many as one transaction can hold.
    rows = [worker_row(f"{88800000000 + n}", f"317106120486{n:04}",
                       " ".join(f"{letter * 3}{n:03}" for letter in "abcdef"))
            for n in range(500)]
    assert taken(cast.lain, *rows)[1] == (500, 0, 0)


def test_a_list_of_nothing_but_refused_rows_adds_nothing(take_in, tmp_path):
    file = tmp_path / "daftar.csv"
    file.write_text("KPJ;NIK;Nama;Tanggal Lahir;Tanggal Masuk\n;;Andi;12-03-1985;01-01-2020\n")
    assert take_in("JJ020002", file).output.endswith("0 baris diambil, 0 sudah ada, 1 ditolak\n")
