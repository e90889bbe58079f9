"""``flask import-savings``: balances as the fund reports them."""

import json
from datetime import date

import pytest

from tests.payouts.claiming import claim_of, savings_of
from tests.statements import sent_by
from webapp import text_sheet
from webapp.models.audit import AuditEntry
from webapp.models.claims import Savings
from webapp.models.workers import Membership, Worker

SITI, AGUS, RAHMAT = "3171064508900001", "3171061203850002", "3578191701910001"


@pytest.fixture
def take_in(app, cast, tmp_path):
    def run(text, name="saldo.csv"):
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return app.test_cli_runner().invoke(args=["import-savings", str(file)])
    return run


def known():
    """Name → (credited, taken, as of, partial)."""
    return {row.worker.name: (row.credited, row.taken, row.as_of, row.partial_on)
            for row in Savings.select(Savings, Worker).join(Worker)}


def entries():
    return [json.loads(entry.details)
            for entry in AuditEntry.select().where(AuditEntry.kind == "savings:imported")]


def test_balances_are_noted_by_nik_or_kpj(take_in):
    answer = take_in("Saldo JHT\n\nNo;NIK;KPJ;Saldo;Per tanggal;Sebagian diambil tanggal\n"
                     f"1;{SITI};;Rp4.250.000;31/10/2026;\n"
                     f"2;;30145270001;12000000;31-10-2026;17/08/2019\n"
                     f"3;{RAHMAT};20000000017;0;2026-10-31;\n")
    assert answer.output == "3 saldo dicatat, 0 sudah ada, 0 baris ditolak\n"
    assert known() == {
        "Siti Rahayu": (4_250_000, 0, date(2026, 10, 31), None),
        "Agus Setiawan": (12_000_000, 0, date(2026, 10, 31), date(2019, 8, 17)),
        "Rahmat Hidayat": (0, 0, date(2026, 10, 31), None)}
    assert entries() == [{"added": 3, "changed": 0}]


def test_a_workbook_will_do(take_in):
    body = text_sheet.write("Saldo", ["No KPJ", "Saldo JHT", "Per Tanggal"],
                            [["30145274512", "4250000", "31/10/2026"]])
    assert take_in(body, name="x.xlsx").exit_code == 0
    assert known()["Siti Rahayu"][0] == 4_250_000


def test_the_same_list_twice_changes_nothing(take_in):
    text = f"NIK;Saldo;Per tanggal\n{SITI};4250000;31/10/2026\n"
    take_in(text)
    assert take_in(text).output == "0 saldo dicatat, 1 sudah ada, 0 baris ditolak\n"
    assert len(entries()) == 1


def test_a_newer_balance_is_taken_and_keeps_when_a_part_was_taken(take_in):
    take_in(f"NIK;Saldo;Per tanggal;Sebagian diambil\n{SITI};4250000;30/09/2026;17/08/2019\n")
    answer = take_in(f"NIK;Saldo;Per tanggal;Sebagian diambil\n{SITI};4300000;31/10/2026;\n")
    assert answer.output == "1 saldo dicatat, 0 sudah ada, 0 baris ditolak\n"
    assert known()["Siti Rahayu"] == (4_300_000, 0, date(2026, 10, 31), date(2019, 8, 17))
    assert entries()[-1] == {"added": 0, "changed": 1}


def test_what_was_taken_stays_taken_and_is_the_least_there_can_be(take_in, cast):
    siti = cast.siti_at_maju.worker
    savings_of(siti, 4_000_000)
    claim_of(cast.siti, siti, cast, "JHT-RSG", 3_000_000)
    answer = take_in(f"NIK;Saldo;Per tanggal\n{SITI};2999999;31/10/2026\n")
    assert "kurang dari Rp3.000.000 yang sudah dicairkan" in answer.output
    assert known()["Siti Rahayu"][:2] == (4_000_000, 3_000_000)
    assert take_in(f"NIK;Saldo;Per tanggal\n{SITI};3000000;31/10/2026\n").exit_code == 0
    assert known()["Siti Rahayu"][:2] == (3_000_000, 3_000_000)


def test_bad_rows_are_named_and_the_others_taken(take_in):
    answer = take_in(
        "NIK;KPJ;Saldo;Per tanggal;Sebagian diambil tanggal\n"
        f"{SITI};;banyak;31/10/2026;\n"               # 2
        "3171061203850099;;1;31/10/2026;\n"           # 3: nobody
        ";;1;31/10/2026;\n"                           # 4: nobody is named
        f"{AGUS};20000000017;1;31/10/2026;\n"         # 5: two people
        f"{AGUS};;1;23/11/2026;\n"                    # 6: of tomorrow
        f"{AGUS};;1;31/10/2026;01/01/2027\n"          # 7: a part taken some day
        f"{AGUS};;-1;31/10/2026;\n"                   # 8
        "12;;1;31/10/2026;\n"                         # 9
        f"{RAHMAT};99999999999;5;31/10/2026;\n"       # 10: a card of nobody's
        f"{RAHMAT};;5;31/10/2026;\n"                  # 11: taken
        ";20000000017;6;31/10/2026;\n")               # 12: the same person again
    *lines, counts = answer.output.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "baris 2, kolom Saldo", "baris 3, kolom NIK", "baris 4, kolom NIK", "baris 5, kolom KPJ",
        "baris 6, kolom Per tanggal", "baris 7, kolom Sebagian diambil tanggal",
        "baris 8, kolom Saldo", "baris 9, kolom NIK", "baris 10, kolom KPJ", "baris 12, kolom KPJ"]
    assert "sudah ada di baris 11" in lines[-1]
    assert counts == "1 saldo dicatat, 0 sudah ada, 10 baris ditolak"
    assert known() == {"Rahmat Hidayat": (5, 0, date(2026, 10, 31), None)}


def test_an_older_list_does_not_undo_a_newer_one(take_in):
    take_in(f"NIK;Saldo;Per tanggal\n{SITI};4250000;31/10/2026\n")
    answer = take_in(f"NIK;Saldo;Per tanggal\n{SITI};4000000;30/09/2026\n")
    assert "Saldo per 31 Oktober 2026 sudah dicatat" in answer.output
    assert known()["Siti Rahayu"][0] == 4_250_000


@pytest.mark.parametrize(("text", "words"), [
    ("NIK;Nama\n1;Siti\n", "Kolom Saldo dan Per tanggal tidak ditemukan"),
    ("Nama;Saldo;Per tanggal\nSiti;1;31/10/2026\n", "Kolom NIK atau KPJ tidak ditemukan"),
    (b"\x00\x01rusak", "bukan daftar yang bisa dibaca")])
def test_a_file_that_is_no_list_says_why(take_in, text, words):
    answer = take_in(text)
    assert answer.exit_code == 1
    assert words in answer.output
    assert known() == {}


def test_no_number_of_a_person_is_recorded(take_in):
    take_in(f"NIK;Saldo;Per tanggal\n{SITI};4250000;31/10/2026\n")
    entry = AuditEntry.get(AuditEntry.kind == "savings:imported")
    assert set(json.loads(entry.details)) == {"added", "changed"}
    assert entry.subject is None


def test_many_rows_take_a_few_statements_for_each_five_hundred(take_in, cast, now):
    people = [Worker(name=f"Orang {number}", birth_date=date(1990, 1, 1), created_at=now)
              for number in range(600)]
    for number, worker in enumerate(people):
        worker.nik = f"{3171060101900000 + number}"
        worker.save(force_insert=True)
        Membership.create(worker=worker, company=cast.maju, kpj=f"7{number:010}",
                          started_on=date(2020, 1, 1), name_key=worker.name.casefold())
    rows = "".join(f"7{number:010};1000000;31/10/2026\n" for number in range(600))
    answers = []
    counted = sent_by(lambda: answers.append(take_in(f"KPJ;Saldo;Per tanggal\n{rows}")))
    answer, = answers
    assert answer.output == "600 saldo dicatat, 0 sudah ada, 0 baris ditolak\n"
    assert len(counted) < 30
