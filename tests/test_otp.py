"""Codes that people type."""

import base64
from collections import Counter
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.formats import Malformed
from webapp.otp import (
    matching_step,
    new_code,
    new_recovery_codes,
    new_secret,
    parse_code,
    parse_recovery_code,
    provisioning_uri,
    show_code,
    show_secret,
)

NOW = datetime(2026, 11, 22, 6, 30, 10, tzinfo=UTC)
STEP = timedelta(seconds=30)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

# Appendix B of RFC 6238, SHA-1; the last six of its eight digits.
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


def typed_at(secret, moment):
    return pyotp.TOTP(secret).at(moment)


def chi_square(counts, expected):
    return sum((counts.get(sign, 0) - expected) ** 2 / expected for sign in "0123456789")


def test_ot_01_two_thousand_codes_are_six_even_digits_with_their_zeros():
    codes = [new_code() for _ in range(2000)]
    assert all(len(code) == 6 and code.isascii() and code.isdigit() for code in codes)
    assert 120 <= sum(code.startswith("0") for code in codes) <= 290
    # Nine degrees of freedom: 45 is exceeded once in a million runs.
    assert all(chi_square(Counter(code[place] for code in codes), 200) < 45 for place in range(6))
    assert len(set(codes)) > 1980


@pytest.mark.parametrize("typed", [
    "482913", "482 913", " 482913\n", "482-913", "4 8 2 9 1 3", "482–913", "482\u00a0913",
    "４８２９１３", "４８２\u3000９１３", "\u200b482913\ufeff", "482\u2011913", "٤٨٢٩١٣"])
def test_ot_17_a_code_is_understood_however_it_is_typed(typed):
    assert parse_code(typed) == "482913"


@pytest.mark.parametrize("typed", [
    None, "", "   ", "48291", "4829133", "48291a", "O82913", "482.913", "-48291", "½82913",
    "²²²²²x", "482913 482913", "\ud800"])
def test_what_is_no_code_is_refused_with_a_sentence(typed):
    with pytest.raises(Malformed) as refused:
        parse_code(typed)
    assert refused.value.sentence == "Kode terdiri dari 6 angka. Periksa lagi."


def test_a_code_is_shown_in_two_groups():
    assert show_code("482913") == "482 913"
    assert show_code("000001") == "000 001"


@given(st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_a_shown_code_reads_back(code):
    assert parse_code(show_code(code)) == code


@given(st.text())
def test_any_text_is_a_code_or_malformed(text):
    try:
        assert len(parse_code(text)) == 6
    except Malformed:
        pass


def test_ot_15_a_secret_has_160_bits_and_is_never_the_same():
    secrets = {new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert all(len(base64.b32decode(secret)) == 20 for secret in secrets)


def test_a_secret_is_shown_in_groups_that_read_back():
    secret = new_secret()
    groups = show_secret(secret).split(" ")
    assert [len(group) for group in groups] == [4] * 8
    assert "".join(groups) == secret


def test_an_authenticator_reads_the_uri():
    secret = new_secret()
    uri = provisioning_uri(secret, "siti@pekerja.example")
    assert uri.startswith("otpauth://totp/Purna:siti%40pekerja.example?")
    assert parse_qs(urlsplit(uri).query) == {"secret": [secret], "issuer": ["Purna"]}
    assert pyotp.parse_uri(uri).at(NOW) == typed_at(secret, NOW)


@pytest.mark.parametrize(("seconds", "code"), RFC_VECTORS)
def test_the_vectors_of_rfc_6238(seconds, code):
    at = datetime.fromtimestamp(seconds, UTC)
    assert matching_step(RFC_SECRET, code, at, 0) == seconds // 30


@pytest.mark.parametrize("late", [-1, 0, 1])
def test_a_clock_may_be_wrong_by_one_step(late):
    code = typed_at(RFC_SECRET, NOW + late * STEP)
    assert matching_step(RFC_SECRET, code, NOW, 0) == int(NOW.timestamp()) // 30 + late


@pytest.mark.parametrize("late", [-2, 2, -20, 2000])
def test_ot_14_a_code_of_another_time_is_refused(late):
    assert matching_step(RFC_SECRET, typed_at(RFC_SECRET, NOW + late * STEP), NOW, 0) is None


def test_ot_14_a_code_is_taken_once_and_none_before_it():
    code, earlier = typed_at(RFC_SECRET, NOW), typed_at(RFC_SECRET, NOW - STEP)
    used = matching_step(RFC_SECRET, code, NOW, 0)
    assert matching_step(RFC_SECRET, code, NOW, used) is None
    assert matching_step(RFC_SECRET, code, NOW + STEP, used) is None
    assert matching_step(RFC_SECRET, earlier, NOW, used) is None
    assert matching_step(RFC_SECRET, typed_at(RFC_SECRET, NOW + STEP), NOW, used) == used + 1


def test_ot_14_a_code_that_two_steps_share_is_taken_once():
    shared, between = "768734", 61331810     # the same digits one step before and one after
    at = datetime.fromtimestamp(between * 30, UTC)
    used = matching_step(RFC_SECRET, shared, at, 0)
    assert used == between + 1
    assert matching_step(RFC_SECRET, shared, at + STEP, used) is None


def test_a_code_of_another_secret_is_refused():
    theirs = [typed_at(new_secret(), NOW) for _ in range(20)]
    assert sum(matching_step(RFC_SECRET, code, NOW, 0) is not None for code in theirs) <= 1


def test_a_code_of_an_authenticator_may_be_typed_with_spaces():
    code = typed_at(RFC_SECRET, NOW)
    assert matching_step(RFC_SECRET, f" {show_code(code)}", NOW, 0)


@given(st.one_of(st.none(), st.text()))
def test_garbage_matches_no_step(typed):
    step = matching_step(RFC_SECRET, typed, datetime(2027, 1, 1, tzinfo=UTC), 0)
    assert step is None or parse_code(typed)


def test_ot_16_ten_recovery_codes_of_eighty_bits():
    codes = new_recovery_codes()
    assert len(codes) == len(set(codes)) == 10
    assert not set(codes) & set(new_recovery_codes())
    for code in codes:
        assert [len(group) for group in code.split("-")] == [4] * 4
        assert set(code) <= set(LETTERS + "-")
        assert parse_recovery_code(code) == code


def test_recovery_codes_use_every_letter():
    drawn = Counter("".join("".join(new_recovery_codes()) for _ in range(100)))
    del drawn["-"]
    assert set(drawn) == set(LETTERS)
    assert max(drawn.values()) < 700     # 500 each, give or take
    assert min(drawn.values()) > 350


@pytest.mark.parametrize("typed", [
    "7K2M-9QXA-B41V-01PE", "7k2m9qxab41v01pe", " 7k2m 9qxa b41v 01pe ", "7K2M–9QXA–B41V–01PE",
    "7K2M-9QXA-B4IV-OLPE", "7k2m-9qxa-b4lu-oipe", "７Ｋ２Ｍ９ＱＸＡＢ４１Ｖ０１ＰＥ"])
def test_a_recovery_code_is_understood_however_it_is_typed(typed):
    assert parse_recovery_code(typed) == "7K2M-9QXA-B41V-01PE"


@pytest.mark.parametrize("typed", [
    None, "", "7K2M-9QXA-B41V", "7K2M-9QXA-B41V-01PE-7", "7K2M-9QXA-B41V-01P!", "482913",
    "7K2M-9QXA-B41V-01Pß"])
def test_what_is_no_recovery_code_is_refused_with_a_sentence(typed):
    with pytest.raises(Malformed) as refused:
        parse_recovery_code(typed)
    assert refused.value.sentence.startswith("Kode pemulihan terdiri dari 16 huruf dan angka.")


@given(st.text())
def test_any_text_is_a_recovery_code_or_malformed(text):
    try:
        code = parse_recovery_code(text)
    except Malformed:
        return
    assert parse_recovery_code(code) == code
