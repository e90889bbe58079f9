"""Reading a list of what became of assistance. No database."""

from datetime import date
from types import SimpleNamespace

import pytest

from tests.assistance.granting import line, list_of, sealed
from webapp.assistance.disbursement_list import COLUMNS, MOST_LINES, parse
from webapp.assistance.messages import changed
from webapp.assistance.states import MOVES
from webapp.bank_file import Unusable
from webapp.messages.gsm import gsm_text
from webapp.models.programmes import ASSISTANCE_STATES, DISBURSED, FAILED, GRANTED, PLANNED
from webapp.receipts.signing import new_number

HEAD = f"HASIL-BANTUAN;1;2026-11-22\n{';'.join(COLUMNS)}\n"


@pytest.fixture
def row():
    return SimpleNamespace(number=new_number(), amount=600_000)


def test_a_whole_list_is_read(row):
    found = parse(list_of(line(row, "DIJADWALKAN"), line(
        SimpleNamespace(number=new_number(), amount=5), "GAGAL", note="Nama; berbeda").replace(
            "Nama; berbeda", '"Nama; berbeda"')))
    assert (len(found.reports), found.total) == (2, 600_005)
    assert (found.reports[0].number, found.reports[0].state) == (row.number, PLANNED)
    assert found.reports[1].note == "Nama; berbeda"


def test_line_ends_of_windows_make_no_difference(row):
    body = list_of(line(row, "TERSALURKAN"))
    text = body.rpartition(b"KONTROL")[0].replace(b"\n", b"\r\n").decode()
    assert parse(sealed(text, 1, 600_000)).reports[0].state == DISBURSED


@pytest.mark.parametrize(("change", "words"), [
    (lambda body: body[:-10], "atau hilang"),
    (lambda body: body.rpartition(b"KONTROL")[0], "terpotong"),
    (lambda body: body.replace(b"600000", b"900000", 1), "ada yang berubah"),
    (lambda body: body.replace(b"DIJADWALKAN", b"TERSALURKAN"), "ada yang berubah"),
    (lambda body: b"", "terpotong"), (lambda body: b"\xff" * 40, "terpotong")])
def test_what_was_cut_off_or_altered_is_refused(row, change, words):
    with pytest.raises(Unusable, match=words):
        parse(change(list_of(line(row, "DIJADWALKAN"))))


def _lines(*lines):
    return sealed(HEAD + "".join(f"{one}\n" for one in lines), len(lines), 600_000 * len(lines))


@pytest.mark.parametrize(("make", "words"), [
    (lambda good: sealed("HASIL-BAYAR;1;x\n", 0, 0), "bukan hasil bantuan"),
    (lambda good: sealed("HASIL-BANTUAN;1;2026-13-01\n", 0, 0), "Baris 1"),
    (lambda good: sealed("HASIL-BANTUAN;1;2026-11-22\nnomor;status\n", 0, 0), "Baris 2"),
    (lambda good: sealed(HEAD, 0, 0), "KONTROL tidak sama"),
    (lambda good: sealed(f"{HEAD}{good}\n", 2, 600_000), "KONTROL tidak sama"),
    (lambda good: sealed(f"{HEAD}{good}\n", 1, 1), "KONTROL tidak sama"),
    (lambda good: _lines(good, good), "sudah ada di baris 3"),
    (lambda good: _lines(good.replace("DIJADWALKAN", "DITETAPKAN")), "Baris 3: statusnya"),
    (lambda good: _lines(good.replace("DIJADWALKAN", "GAGAL")), "catatan belum diisi"),
    (lambda good: _lines(good.replace("2026-11-22", "22-11-2026")), "Baris 3: tanggalnya"),
    (lambda good: _lines(good.replace("600000", "0600000")), "jumlahnya tidak terbaca"),
    (lambda good: _lines("X" + good[1:]), "nomor atau jumlahnya"),
    (lambda good: _lines(good + "x" * 201), "catatan terlalu panjang"),
    (lambda good: _lines(good + ";x"), "berisi 6 kolom"),
    (lambda good: _lines(good + '"x'), "Baris 3"),
    (lambda good: b"x" * (4 * 1024 * 1024 + 1), "terlalu besar")])
def test_what_is_no_such_list_is_named_by_its_line(row, make, words):
    with pytest.raises(Unusable, match=words):
        parse(make(line(row, "DIJADWALKAN")))


def test_a_list_that_would_hold_everybody_up_is_to_be_parted():
    lines = [line(SimpleNamespace(number=new_number(), amount=1), "PENGECEKAN")
             for _ in range(MOST_LINES + 1)]
    with pytest.raises(Unusable, match="Bagi"):
        parse(list_of(*lines))


def test_the_moves_are_those_of_the_rules():
    assert set(MOVES) == {*ASSISTANCE_STATES}
    assert all(DISBURSED in MOVES[state] for state in MOVES if state not in (DISBURSED, FAILED))
    assert MOVES[DISBURSED] == ()
    assert MOVES[FAILED] == (PLANNED,)
    assert not any(GRANTED in after for after in MOVES.values())


@pytest.mark.parametrize("state", [state for state in ASSISTANCE_STATES if state != GRANTED])
@pytest.mark.parametrize("name", ["M" * 80, "Ñandú Żółw €" * 6, "BSU"])
def test_every_sms_fits(state, name):
    row = SimpleNamespace(programme=SimpleNamespace(name=name), amount=10 ** 12)
    told = changed(row, state, date(2026, 9, 30), "x" * 200)
    assert len(gsm_text(told["sms"])) <= 160
    assert len(told["email"][0]) <= 200
