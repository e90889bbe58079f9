"""The field's formats, typed by people and mangled by spreadsheets."""

import datetime
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.formats import (
    MONTHS,
    Malformed,
    kpj_warnings,
    mask_email,
    mask_kpj,
    mask_name,
    mask_nik,
    mask_phone,
    nik_warnings,
    parse_date,
    parse_division,
    parse_email,
    parse_kpj,
    parse_nik,
    parse_npp,
    parse_phone,
    parse_rupiah,
    show_date,
    show_phone,
    show_rupiah,
)

NIK = "3171014808850001"
PARSERS = [
    parse_nik,
    parse_kpj,
    parse_npp,
    parse_division,
    parse_phone,
    parse_email,
    parse_date,
    parse_rupiah,
]
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.dates(),
    st.text("0123456789.,-/+eE Rp", max_size=20),
)


def refusal(parse, value):
    with pytest.raises(Malformed) as refused:
        parse(value)
    return refused.value.sentence


@pytest.mark.parametrize(
    ("typed", "nik"),
    [
        (NIK, NIK),
        (" 3171 0148 0885 0001 ", NIK),
        ("3171.0148.0885-0001", NIK),
        ("'3171014808850001", NIK),
        ("3171014808850001\u200b", NIK),
        ("\u00a03171014808850001", NIK),
    ],
)
def test_nik_is_read(typed, nik):
    assert parse_nik(typed) == nik


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "NIK belum diisi"),
        (None, "NIK belum diisi"),
        ("   ", "NIK belum diisi"),
        ("317101480885000", "15 angka"),
        ("31710148088500011", "17 angka"),
        (317101480885000, "15 angka"),
        ("317101480885000A", "huruf"),
        ("317101480885000/", "tanda"),
        ("３１７１０１４８０８８５０００１", "bukan angka"),
        ("3,17E+15", "diubah oleh Excel menjadi 3,17E+15. Ketik lagi 16 angka NIK, atau"),
        ("3.17101e15", "diubah oleh Excel menjadi 3.17101e15"),
        (3171014808850000, "hanya menyimpan 15 angka"),
        (3171014808850001.0, "hanya menyimpan 15 angka"),
        (True, "bukan NIK"),
        (date(2020, 1, 1), "bukan NIK"),
        (float("nan"), "bukan NIK"),
        (float("inf"), "bukan NIK"),
        (-5, "bukan NIK"),
        (1.5, "bukan NIK"),
        ("9" * 5000, "terlalu panjang"),
    ],
)
def test_nik_is_refused(cell, words):
    assert words in refusal(parse_nik, cell)


@pytest.mark.parametrize(
    ("nik", "birth_date", "count"),
    [
        ("3171011708850001", date(1985, 8, 17), 0),
        ("3171015708850001", date(1985, 8, 17), 0),  # a woman: day plus 40
        ("3171011708050001", date(2005, 8, 17), 0),
        ("3171011708050001", date(1905, 8, 17), 0),  # the century is not in it
        ("3171011708850001", date(1985, 8, 18), 1),
        ("3171019913850001", date(1985, 8, 17), 1),  # no such date inside
        ("0071011708850001", date(1985, 8, 17), 1),  # no such province
        ("6571011708850001", date(1985, 8, 17), 0),  # North Kalimantan, newer than the library
        ("9671011708850001", date(1985, 8, 17), 0),  # Southwest Papua, newer still
        ("0071011808850001", date(1985, 8, 17), 2),
    ],
)
def test_inside_of_a_nik_only_warns(nik, birth_date, count):
    assert len(nik_warnings(parse_nik(nik), birth_date)) == count


@pytest.mark.parametrize(
    ("cell", "kpj"),
    [
        ("13882338316", "13882338316"),
        (" 1388 3316171", "13883316171"),
        ("03620048157", "03620048157"),
        ("12345678", "12345678"),
        ("1234567890123456", "1234567890123456"),
        (13882338316, "13882338316"),
        (13882338316.0, "13882338316"),
    ],
)
def test_kpj_is_read(cell, kpj):
    assert parse_kpj(cell) == kpj


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "KPJ belum diisi"),
        ("ABC12345678", "huruf"),
        ("1234567", "7 angka"),
        ("12345678901234567", "17 angka"),
        ("1,23457E+10", "menjadi 1,23457E+10. Ketik lagi nomor KPJ"),
        (3620048157, "KPJ ini 10 angka, biasanya 11 angka. Excel membuang angka 0 di depan."),
        (3620048157.0, "membuang angka 0"),
        (1234567890123450, "hanya menyimpan 15 angka"),
        ("38593997503.0", "tanda"),  # a dot left out would make twelve digits of it
    ],
)
def test_kpj_is_refused(cell, words):
    assert words in refusal(parse_kpj, cell)


def test_short_kpj_in_a_text_cell_only_warns():
    assert "10 angka" in kpj_warnings(parse_kpj("3620048157"))[0]
    assert kpj_warnings("13882338316") == []


def test_npp_and_division_become_upper_case():
    assert parse_npp(" jj-01 0001") == "JJ010001"
    assert parse_division("a1") == "A1"
    assert parse_division(1) == "1"


@pytest.mark.parametrize("typed", ["", "JJ01", "J" * 21, "JJ/10001", "JJÉ10001"])
def test_npp_is_refused(typed):
    assert "NPP" in refusal(parse_npp, typed)


@pytest.mark.parametrize(
    "cell",
    [
        "081234567890",
        "0812-3456-7890",
        "(0812) 3456 7890",
        "6281234567890",
        "+62 812 3456 7890",
        "+62 0812 3456 7890",
        "006281234567890",
        "81234567890",
        "'081234567890",
        81234567890,
        81234567890.0,
        6281234567890,
    ],
)
def test_phone_becomes_international(cell):
    assert parse_phone(cell) == "+6281234567890"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "belum diisi"),
        ("08123", "tidak dikenali"),
        ("0812345678901234", "kurang atau lebih"),
        ("0812 3456 7890 / 0813 3456 7890", "satu nomor"),
        ("0812-TELEPON", "tidak dikenali"),
        ("+65 6123 4567", "bukan nomor Indonesia"),
        ("8,12346E+10", "tidak dikenali"),
        ("٠٨١٢٣٤٥٦٧٨٩٠", "tidak dikenali"),
    ],
)
def test_phone_is_refused(cell, words):
    assert words in refusal(parse_phone, cell)


def test_email_is_read():
    assert parse_email(" Siti.Rahayu@Pekerja.EXAMPLE ") == "siti.rahayu@pekerja.example"


@pytest.mark.parametrize(("phone", "shown"), [
    ("+6281300000360", "0813 0000 0360"), ("+628123456789", "0812 3456 789"),
    ("+6281234567890", "0812 3456 7890"), ("+62215551234", "(021) 5551234")])
def test_a_phone_is_shown_as_people_write_it(phone, shown):
    assert show_phone(phone) == shown
    assert parse_phone(shown) == phone


@pytest.mark.parametrize("typed", ["", "siti", "siti@", "siti@contoh", "a b@contoh.id", 5, True])
def test_email_is_refused(typed):
    assert "nama@contoh.co.id" in refusal(parse_email, typed)


@pytest.mark.parametrize(
    "cell",
    [
        "17-08-2025",
        "17/08/2025",
        "17.8.2025",
        "17 08 2025",
        "2025-08-17",
        "2025/08/17",
        "2025-08-17 00:00:00",
        "2025-08-17T00:00:00",
        "17 Agustus 2025",
        "17 agt 2025",
        "17-Agu-2025",
        "17-Aug-2025",
        "17 AGUSTUS, 2025",
        " 17  Agustus  2025 ",
        date(2025, 8, 17),
        datetime.datetime(2025, 8, 17, 9, 30),  # noqa: DTZ001  # cells know no zone
    ],
)
def test_date_is_read(cell):
    parsed = parse_date(cell)
    assert parsed == date(2025, 8, 17)
    assert type(parsed) is date


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "Tanggal belum diisi"),
        ("31/02/1988", "Tidak ada tanggal 31 Februari 1988"),
        ("29/02/2025", "Tidak ada tanggal 29 Februari 2025"),
        ("00/01/2025", "Tidak ada tanggal 0 Januari"),
        ("12/13/1990", "Tidak ada bulan 13"),
        ("2025-00-01", "Tidak ada bulan 0"),
        ("17 Augustinus 2025", "Tidak ada bulan augustinus"),
        ("17/08/90", "tahun dengan 4 angka"),
        ("17-Agu-90", "tahun dengan 4 angka"),
        ("17/08/0202", "Tahun 202"),
        ("17/08/20255", "tidak dikenali"),
        ("17/08-2025", "tidak dikenali"),
        ("kemarin", "tidak dikenali"),
        ("١٧/٠٨/٢٠٢٥", "tidak dikenali"),
        (45886, "tersimpan sebagai angka"),
        (45886.0, "tersimpan sebagai angka"),
        (date(1899, 12, 31), "Tahun 1899"),
        (True, "bukan Tanggal"),
    ],
)
def test_date_is_refused(cell, words):
    assert words in refusal(parse_date, cell)


@pytest.mark.parametrize(
    "cell",
    [
        "5000000",
        "5.000.000",
        "5.000.000,00",
        "5.000.000,-",
        "Rp 5.000.000,00",
        "Rp5.000.000",
        "Rp. 5.000.000",
        "rp 5 000 000",
        "IDR 5000000",
        "5,000,000",
        "5,000,000.00",
        "5000000.0",
        "5000000,00",
        "\u00a05.000.000 ",
        5000000,
        5000000.0,
    ],
)
def test_rupiah_is_read(cell):
    parsed = parse_rupiah(cell)
    assert parsed == 5_000_000
    assert type(parsed) is int


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "belum diisi"),
        ("Rp", "tidak dikenali"),
        ("-5000", "tidak dikenali"),
        ("+5000", "tidak dikenali"),
        ("5e6", "diubah oleh Excel"),
        ("5E+06", "diubah oleh Excel"),
        ("5.00.000", "tidak dikenali"),
        ("5.000.0000", "tidak dikenali"),
        ("5.000.00", "tidak dikenali"),
        ("5,000", "tidak dikenali"),
        ("5.000,50", "tanpa sen"),
        ("5 juta", "tidak dikenali"),
        ("５０００", "tidak dikenali"),
        ("Rp Rp 5000", "tidak dikenali"),
        (5000.5, "tanpa sen"),
        (-1, "kurang dari nol"),
        (float("nan"), "kurang dari nol"),
        (float("inf"), "tanpa sen"),
        ("1" + "0" * 15, "terlalu besar"),
        (1e15, "terlalu besar"),
        (True, "bukan Jumlah uang"),
        (date(2025, 8, 17), "bukan Jumlah uang"),
    ],
)
def test_rupiah_is_refused(cell, words):
    assert words in refusal(parse_rupiah, cell)


def test_dates_and_amounts_are_shown_in_indonesian():
    assert show_date(date(2025, 8, 17)) == "17 Agustus 2025"
    assert show_date(date(2026, 5, 1)) == "1 Mei 2026"
    assert show_rupiah(1_250_000) == "Rp1.250.000"
    assert show_rupiah(0) == "Rp0"
    assert show_rupiah(-1_000) == "-Rp1.000"


def test_masks_show_only_the_ends():
    assert mask_nik("3171014808854512") == "••••••••••••4512"
    assert mask_kpj("38597664512") == "3••••••4512"
    assert mask_kpj("38594512") == "3••••••4512"
    assert mask_phone("+6281234564512") == "••••\N{NO-BREAK SPACE}••••\N{NO-BREAK SPACE}4512"
    assert mask_email("siti.rahayu@pekerja.example") == "s•••@pekerja.example"
    assert mask_name("Siti  Rahayu") == "S••• R•••"


def test_masks_of_nothing_show_nothing():
    assert mask_name("") == ""
    assert mask_phone("4512").split() == ["••••"] * 3
    assert mask_email("") == "•••@"


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_shown_and_typed_dates_are_read_back(day):
    assert parse_date(show_date(day)) == day
    assert parse_date(day.strftime("%d-%m-%Y")) == day
    assert parse_date(day.isoformat()) == day


@given(st.integers(0, 10**15 - 1))
def test_shown_and_typed_amounts_are_read_back(amount):
    assert parse_rupiah(show_rupiah(amount)) == amount
    assert parse_rupiah(str(amount)) == amount
    assert parse_rupiah(float(amount)) == amount


@given(CELLS)
@pytest.mark.parametrize("parse", PARSERS)
def test_any_cell_is_parsed_or_refused_with_a_calm_sentence(parse, cell):
    try:
        parsed = parse(cell)
    except Malformed as refused:
        sentence = refused.sentence
    else:
        assert type(parsed) in {str, int, date}
        assert parse(parsed) == parsed
        return
    assert sentence.endswith(".")


def test_every_month_is_known_by_its_name():
    assert [parse_date(f"1 {name} 2025").month for name in MONTHS] == list(range(1, 13))
