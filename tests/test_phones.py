"""Codes go to mobile phones only."""

import pytest

from webapp.formats import Malformed
from webapp.phones import parse_mobile


@pytest.mark.parametrize("number", ["0812 3456 7890", "+6285678904512", "62813-0000-0360"])
def test_a_mobile_number_is_taken(number):
    assert parse_mobile(number).startswith("+628")


@pytest.mark.parametrize("number", ["021 5790 1234", "0809 1234567", "0800 1234567"])
def test_landlines_and_numbers_of_a_special_price_are_not(number):
    with pytest.raises(Malformed):
        parse_mobile(number)
