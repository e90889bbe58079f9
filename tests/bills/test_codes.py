"""Payment codes: digits with a check digit, no two alike."""

import pytest

from webapp.bills.codes import is_code, new_code, show_code


def test_a_code_is_sixteen_digits_and_fits_its_check_digit():
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 16 and is_code(code) for code in codes)
    assert show_code("1234567890123456") == "1234 5678 9012 3456"


def test_one_mistyped_digit_shows():
    code = new_code()
    for place in range(16):
        other = str((int(code[place]) + 1) % 10)
        assert not is_code(code[:place] + other + code[place + 1:])


@pytest.mark.parametrize("text", ["", "1", "1234567890123", "x" * 16, "١" * 16, " " * 16])
def test_what_is_no_code_is_none(text):
    assert not is_code(text)
