"""Files are checked and kept row by row, in the background."""

import sys
from datetime import timedelta

import obstore
import pytest

from tests.uploads.test_awkward import HEADER, LINE, csv_of, repacked, sheet_of
from webapp.demo.people import SITI_NIK
from webapp.documents import store
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
from webapp.models.workers import Membership, Worker
from webapp.uploads import checking, service
from webapp.uploads.checking import check_next


def rows_of(upload):
    return {row.number: row for row in UploadRow.select().where(UploadRow.upload == upload)}


def test_a_clean_list_is_ready(upload):
    kept = upload("keluar oktober (1).xlsx")
    assert (kept.state, kept.name, kept.problem) == (READY, "keluar oktober (1).xlsx", None)
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
    assert found["suggested"] == "Siti Rahayu, KPJ 3••••••4512"
    assert found["suggestion"] == {"kpj": "30145274512"}
    other = rows_of(upload("b.csv", line.format("Rina Lubis").encode()))[2].content
    assert other["suggestion"] == {}


def test_a_card_and_the_nik_of_somebody_else_are_worth_a_look(upload):
    lines = ["KPJ;NIK;Sebab;Tanggal Keluar"]
    lines += [f"30145274512;{nik};RSG;1/11/2026" for nik in (SITI_NIK, "3171064508900002")]
    kept = upload("a.csv", "\n".join((lines[0], lines[2])).encode())
    row = rows_of(kept)[2]
    assert (row.state, row.membership.kpj) == (WARNED, "30145274512")
    assert row.content["notes"] == {
        "nik": "NIK ini bukan milik Siti Rahayu. Periksa apakah nomor KPJ-nya benar."}
    assert rows_of(upload("b.csv", "\n".join(lines[:2]).encode()))[2].state == VALID


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
    upload("keluar oktober (1).xlsx")
    upload("Siti Rahayu.csv", b"KPJ;Nama;30145274512\n30145274512;Siti Rahayu;RSG\n")
    kept = b"".join(_as_bytes(value) for model in (Upload, UploadRow)
                    for row in model.select().tuples() for value in row)
    for written in ("oktober", "Siti", "Rahayu", "30145274512", "38593997503", "Endang", "Suryadi",
                    "KPJ", "Keterangan", "cells"):
        assert written.encode() not in kept
    for stored in ("SIAP", "ADA_GALAT", "RSG"):
        assert stored.encode() in kept, "what is searched is what is stored"


def _as_bytes(value):
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


LEASES = [timedelta(minutes=2 * number) for number in range(checking.MOST_CHECKS + 1)]


@pytest.fixture
def waiting(maju, cast, now):
    """A list of one row that nobody has checked yet."""
    return service.take_in(maju, cast.ani, csv_of(HEADER, LINE).encode(), "a.csv", now)


def test_a_file_at_which_processes_die_is_given_up(waiting, now):
    for later in LEASES[:-1]:
        assert checking._take(now + later)
    assert check_next(now + LEASES[-1])
    kept = Upload.get()
    assert (kept.state, kept.problem) == (UNUSABLE, checking.GIVEN_UP)
    assert not check_next(now + LEASES[-1] + timedelta(hours=1))


def test_a_fault_of_ours_is_outlived_tried_again_and_given_up_in_the_end(waiting, cast, now):
    siti = cast.siti_at_maju     # without a name, and to be named in a sentence
    Membership.update(started_on="2026-11-10").where(Membership.id == siti.id).execute()
    Worker.update(name="").where(Worker.id == siti.worker_id).execute()
    for later in LEASES[:-1]:
        assert check_next(now + later)
        assert not check_next(now + later + timedelta(seconds=80)), "it does not spin"
        assert Upload.get().state == CHECKING
    assert check_next(now + LEASES[-1])
    assert (Upload.get().state, rows_of(waiting)) == (UNUSABLE, {})


def test_a_store_that_is_away_is_not_counted_against_a_file(
        waiting, now, tmp_path, monkeypatch):
    kept_at = store._store
    (tmp_path / "uploads").touch()
    monkeypatch.setattr(store, "_store", obstore.store.LocalStore(tmp_path))
    for later in LEASES:
        with pytest.raises(store.StoreTrouble):
            check_next(now + later)
    monkeypatch.setattr(store, "_store", kept_at)
    assert check_next(now + LEASES[-1] + LEASES[1])
    assert Upload.get().state == READY


def test_bytes_that_are_gone_are_damage_and_a_python_that_is_gone_is_not(
        waiting, now, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/nowhere/python")
        assert check_next(now)
    assert (Upload.get().state, Upload.get().problem) == (CHECKING, None)
    store.delete(waiting)
    assert check_next(now + LEASES[1])
    assert Upload.get().problem.startswith("Berkas ini rusak")


def test_a_list_discarded_while_it_is_checked_is_gone(waiting, cast, now, monkeypatch, caplog):
    check = checking._check

    def meanwhile(upload, path, now):
        check(upload, path, now)
        service.discard(Upload.get(), cast.ani, version=Upload.get().version, now=now)

    monkeypatch.setattr(checking, "_check", meanwhile)
    assert check_next(now)
    assert Upload.select().count() == UploadRow.select().count() == 0
    assert caplog.records == [], "that is no fault"


def test_a_header_with_signs_that_cannot_be_shown_is_named_without_them(upload):
    body = repacked(sheet_of(("KPJ", "AxxB")), sharedStrings=lambda text: text.replace(
        b"AxxB", b"A_x0000_B"))
    kept = upload("a.xlsx", body)
    assert kept.state == UNUSABLE
    assert "berisi kolom KPJ dan AB." in kept.problem


def test_why_a_list_is_unusable_is_sealed(upload):
    kept = upload("a.csv", b"KPJ;Budi Hartono\n1;2\n")
    assert "Budi Hartono" in kept.problem
    assert b"Budi" not in bytes(kept.problem_sealed)


def test_a_list_that_is_too_long_says_our_limit(upload):
    kept = upload("a.csv", b"KPJ;Sebab;Tanggal Keluar\n" + b"1;R;1\n" * 160_000)
    assert "paling banyak 10.000 baris" in kept.problem


def test_a_row_that_is_too_long_is_named_and_nothing_of_the_list_is_kept(upload):
    long = csv_of((*HEADER, "A", "B", "C"), LINE, (*LINE, *["x" * 30_000] * 3))
    kept = upload("a.csv", long.encode())
    assert (kept.state, rows_of(kept)) == (UNUSABLE, {})
    assert kept.problem.startswith("Baris 3 terlalu panjang.")
    kept = upload("b.csv", csv_of((*HEADER, *["x" * 30_000] * 3), LINE).encode())
    assert kept.problem.startswith("Baris 1 terlalu panjang.")


def test_long_rows_are_kept_by_few_at_a_time(upload, monkeypatch):
    monkeypatch.setattr(checking, "CHUNK_TEXT", 1000)
    chunks, keep = [], checking._keep

    def counted(upload, rows):
        chunks.append(len(rows))
        keep(upload, rows)

    monkeypatch.setattr(checking, "_keep", counted)
    lines = [(*LINE[:4], "x" * 300)] * 10
    kept = upload("a.csv", csv_of(HEADER, *lines).encode())
    assert (chunks, len(rows_of(kept))) == ([3, 3, 3, 1], 10)


def test_more_text_than_a_list_has_is_refused(upload, monkeypatch):
    monkeypatch.setattr(checking, "MOST_TEXT", 1000)
    kept = upload("a.csv", csv_of(HEADER, *[(*LINE[:4], "x" * 300)] * 4).encode())
    assert (kept.problem, rows_of(kept)) == (checking.TOO_MUCH_TEXT, {})


def test_a_row_that_cannot_be_applied_does_not_stand_in_a_good_ones_way(upload):
    kept = upload("a.csv", b"KPJ;Sebab;Tanggal Keluar\n30145274512;RSG;01/01/1990\n"
                           b"30145274512;RSG;20/11/2026\n30145274512;RSG;21/11/2026\n")
    rows = UploadRow.select().where(UploadRow.upload == kept).order_by(UploadRow.number)
    assert [row.state for row in rows] == [BAD, VALID, BAD]
    assert "sudah ada di baris 3" in rows[2].content["notes"]["kpj"]


def test_companies_take_turns(cast, maju, now):
    def hand_in(company, number):
        body = b"KPJ;Sebab;Tanggal Keluar\n%d;RSG;1/11/2026\n" % number
        return service.take_in(company, cast.ani, body, "a.csv", now)

    first, second, theirs = hand_in(maju, 1), hand_in(maju, 2), hand_in(cast.lain, 3)
    order = []
    while check_next(now):
        order += [one.id for one in Upload.select().where(Upload.checks > 0)
                  if one.id not in order]
    assert order == [first.id, theirs.id, second.id]
