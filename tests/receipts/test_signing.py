"""Numbers and signatures that prove themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.receipts.signing import (
    ALPHABET,
    NotGenuine,
    Signer,
    new_number,
    parse_number,
    show_number,
    verify,
)

signer = Signer([b"k" * 32])


@given(st.sampled_from(["-", " ", ""]))
def test_what_is_shown_can_be_typed_back(between):
    number = new_number()
    assert parse_number(show_number(number).lower().replace("-", between)) == number


def test_letters_easily_misread_are_understood():
    number = next(found for found in iter(new_number, None) if "0" in found and "1" in found)
    assert parse_number(number.replace("0", "O").replace("1", "l")) == number


@given(st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(place, letter):
    number = new_number()
    changed = number[:place] + letter + number[place + 1:]
    assert parse_number(changed) == (number if changed == number else None)


def test_a_signed_text_verifies_with_the_published_key():
    assert verify(signer.sign("N7K4", "S••• R•••"), signer.public_pem()) == ["N7K4", "S••• R•••"]


@given(st.data())
def test_any_change_of_a_signed_text_is_noticed(data):
    text = signer.sign("N7K4-22QD-8MXT", "NONAKTIF", "2026-10-31")
    place = data.draw(st.integers(0, len(text) - 3))    # the last characters carry spare bits
    letter = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
    changed = text[:place] + letter + text[place + 1:]
    if changed != text:
        with pytest.raises(NotGenuine):
            verify(changed, signer.public_pem())


def test_another_key_does_not_verify():
    with pytest.raises(NotGenuine):
        verify(signer.sign("N7K4"), Signer([b"x" * 32]).public_pem())


def test_an_older_published_key_still_verifies():
    text = signer.sign("N7K4")
    assert verify(text, Signer([b"x" * 32, b"k" * 32]).public_pem()) == ["N7K4"]


@given(st.text())
def test_nonsense_is_refused_and_never_breaks(text):
    with pytest.raises(NotGenuine):
        verify(text, signer.public_pem())
    assert parse_number(text) is None or len(parse_number(text)) == 12
