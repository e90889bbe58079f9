"""The two files between Purna and the bank, as bytes."""

import hashlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.payouts.bank import lines_of, sealed
from webapp.payouts.payment_file import NotANumber, Payment, build, name_of
from webapp.payouts.result_file import Unusable, parse
from webapp.receipts.signing import new_number, show_number

NUMBER = new_number()
SHOWN = show_number(NUMBER)
FIRST, SECOND = "a" * 32, "b" * 32
PAID = [FIRST, "4250000", "BERHASIL", "BCA-1", "2026-11-22", ""]
FAILED = [SECOND, "900000", "GAGAL", "", "2026-11-22", "Rekening ditutup"]
CASE = new_number()


def payment(**other):
    return Payment(**{"id": FIRST, "amount": 4_250_000, "provider": "BCA", "number": "0034568123",
                      "holder": "SITI RAHAYU", "case_number": CASE} | other)


def test_a_payment_file_reads_as_its_format_says():
    body = build(NUMBER, date(2026, 11, 22), [payment(), payment(id=SECOND, amount=5)])
    head, columns, first, second, control = body.decode().splitlines()
    assert head == f"PURNA-BAYAR;1;{SHOWN};2026-11-22"
    assert columns == "id;jumlah;bank;rekening;nama;keterangan"
    assert first == f"{FIRST};4250000;BCA;0034568123;SITI RAHAYU;Purna {show_number(CASE)}"
    above = body[:body.rindex(b"KONTROL")]
    assert control == f"KONTROL;2;4250005;{hashlib.sha256(above).hexdigest()}"
    assert body == build(NUMBER, date(2026, 11, 22), [payment(), payment(id=SECOND, amount=5)])
    assert name_of(NUMBER) == f"purna-bayar-{SHOWN}.csv"


@pytest.mark.parametrize(("holder", "written"), [
    ("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+62", "'+62"), ("-1", "'-1"), ("@A1", "'@A1"),
    ("SITI; RAHAYU", '"SITI; RAHAYU"'), ('SITI "ITI"', '"SITI ""ITI"""'),
    ("SITI\nRAHAYU", "SITI RAHAYU"), ("\tSITI", "SITI")])
def test_a_name_is_one_field_and_no_formula(holder, written):
    body = build(NUMBER, date(2026, 11, 22), [payment(holder=holder)]).decode()
    assert f";0034568123;{written};Purna" in body
    assert len(body.splitlines()) == 4


def test_an_e_wallet_is_paid_by_the_number_people_dial():
    body = build(NUMBER, date(2026, 11, 22), [payment(provider="OVO", number="+628123456789")])
    assert ";OVO;08123456789;" in body.decode()


@pytest.mark.parametrize("number", ["", "=1+1", "12 34", "12-34", "+1555", "١٢٣"])
def test_an_account_that_is_no_number_is_not_written(number):
    with pytest.raises(NotANumber):
        build(NUMBER, date(2026, 11, 22), [payment(number=number)])


def test_a_result_is_read():
    result = parse(sealed(SHOWN, [PAID, FAILED]))
    assert result.number == NUMBER
    first, second = result.answers
    assert (first.id, first.amount, first.is_paid, first.reference, first.day) == (
        FIRST, 4_250_000, True, "BCA-1", date(2026, 11, 22))
    assert (second.is_paid, second.problem) == (False, "Rekening ditutup")


def test_line_ends_of_either_kind_will_do_where_the_bank_counted_them():
    body = sealed(SHOWN, [PAID]).decode().replace("\n", "\r\n")
    above, _, control = body.rpartition("KONTROL")
    digest = hashlib.sha256(above.encode()).hexdigest()
    body = f"{above}KONTROL{control.rpartition(';')[0]};{digest}\r\n"
    assert parse(body.encode()).answers[0].is_paid
    assert parse(body.rstrip().encode()).answers[0].is_paid


@pytest.mark.parametrize("length", range(1, 6))
def test_a_file_cut_off_after_any_line_is_refused(length):
    lines = sealed(SHOWN, [PAID, FAILED]).splitlines(keepends=True)
    assert len(lines) == 5
    cut = b"".join(lines[:length])[:None if length < 5 else -2]
    with pytest.raises(Unusable, match="terpotong|berubah"):
        parse(cut)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_byte_can_be_changed_dropped_or_added(data):
    body = sealed(SHOWN, [PAID, FAILED])
    place = data.draw(st.integers(0, len(body) - 2))     # the last is the line's end
    other = data.draw(st.binary(max_size=2).filter(lambda new: new != body[place:place + 1]))
    altered = body[:place] + other + body[place + 1:]
    if altered.strip() == body.strip() or altered.splitlines() == body.splitlines():
        return     # white space at the end says nothing
    with pytest.raises(Unusable):
        parse(altered)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_anything_else_is_refused_with_a_sentence(body):
    with pytest.raises(Unusable) as refused:
        parse(body)
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize(("line", "words"), [
    (PAID[:5], "berisi 5 kolom"), ([*PAID, ""], "berisi 7 kolom"),
    ([FIRST[1:], *PAID[1:]], "id atau jumlahnya"), ([FIRST.upper(), *PAID[1:]], "id atau"),
    ([*PAID[:1], "0", *PAID[2:]], "id atau jumlahnya"),
    ([*PAID[:1], "042", *PAID[2:]], "id atau jumlahnya"),
    ([*PAID[:3], "", *PAID[4:]], "referensi belum diisi"),
    ([*FAILED[:5], " "], "sebab belum diisi"),
    ([*FAILED[:5], "x" * 201], "sebab terlalu panjang"),
    ([*PAID[:3], "r" * 61, *PAID[4:]], "referensi terlalu panjang"),
    ([*FAILED[:5], "ditutup \u202e"], "tanda yang aneh"),
    ([*PAID[:4], "22-11-2026", ""], "tanggalnya bukan"),
    ([*PAID[:4], "20261122", ""], "tanggalnya bukan"),
    ([*PAID[:4], "2026-02-30", ""], "tanggalnya bukan")])
def test_each_line_that_cannot_be_is_named(line, words):
    with pytest.raises(Unusable, match=words) as refused:
        parse(sealed(SHOWN, [FAILED, line]))
    assert "Baris 4" in refused.value.sentence


def test_an_odd_outcome_is_named():
    body = sealed(SHOWN, [PAID]).decode().replace("BERHASIL", "MUNGKIN")
    above = body[:body.rindex("KONTROL")]
    with pytest.raises(Unusable, match="hasilnya BERHASIL atau GAGAL"):
        parse(f"{above}KONTROL;0;0;0;0;{hashlib.sha256(above.encode()).hexdigest()}".encode())


@pytest.mark.parametrize("control", ["2;4250000;0;0", "1;4250001;0;0", "0;0;1;4250000"])
def test_sums_must_be_those_of_the_lines(control):
    body = sealed(SHOWN, [PAID]).decode()
    above = body[:body.rindex("KONTROL")]
    digest = hashlib.sha256(above.encode()).hexdigest()
    with pytest.raises(Unusable, match="Jumlah pada baris KONTROL"):
        parse(f"{above}KONTROL;{control};{digest}\n".encode())


@pytest.mark.parametrize("head", ["PURNA-BAYAR;1;{}", "HASIL-BAYAR;2;{}", "HASIL-BAYAR;1;XXXX",
                                  "HASIL-BAYAR;1"])
def test_a_file_of_another_kind_is_refused(head):
    number, lines = lines_of(sealed(SHOWN, [PAID]))
    above = sealed(number, lines).decode().partition("\n")[2]
    above = head.format(SHOWN) + ";2026-11-22\n" + above[:above.rindex("KONTROL")]
    digest = hashlib.sha256(above.encode()).hexdigest()
    with pytest.raises(Unusable, match="bukan hasil pembayaran"):
        parse(f"{above}KONTROL;1;4250000;0;0;{digest}\n".encode())
