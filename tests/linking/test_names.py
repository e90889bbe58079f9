"""Two spellings of one name, and of two."""

import pytest

from webapp.linking.names import is_same_name


@pytest.mark.parametrize(("one", "other"), [
    ("Siti Rahayu", "SITI RAHAYU"), ("Siti Rahayu", "Rahayu Siti"), ("Siti Rahayu", " siti rahayu"),
    ("Siti Rahayu", "Siti Rahayu, S.E., M.M."), ("Siti Rahayu", "Hj. Siti Rahayu S.Pd"),
    ("Siti Rahayu", "Dra. Hj. Siti Rahayu"), ("Siti Rahayu", "Siti Rahayu, S. E."),
    ("Siti Rahayu", "Ny. Siti Rahayu"), ("Siti Rahayu", "Sîti Rahayú"),
    ("Nur'aini", "Nuraini"), ("Nur’aini", "Nur`Aini"), ("Nur Aini", "Nuraini"),
    ("Abdul-Rahman", "Abdul Rahman"), ("Abdurrahman", "Abdur Rahman"),
    ("M. Rizki", "M.Rizki"), ("Bambang Rahardjo, Ir.", "Ir. Bambang Rahardjo"),
    ("Dr. Ir. H. Joko", "Joko"), ("I Made Wirawan", "I MADE WIRAWAN"), ("Bapak", "bapak")])
def test_these_are_one(one, other):
    assert is_same_name(one, other)
    assert is_same_name(other, one)


@pytest.mark.parametrize(("one", "other"), [
    ("Siti Rahayu", "Siti"), ("Siti Rahayu", "Siti Aminah"), ("Siti Rahayu", "Sity Rahayu"),
    ("Siti Rahayu", "Siti Rahayu Dewi"), ("Siti Siti", "Siti"), ("Siti", ""), ("", ""),
    ("...", "..."), ("Bapak", "Ibu"), ("M. Rizki", "Muhammad Rizki"), ("Ani", "Ina")])
def test_these_are_two(one, other):
    assert not is_same_name(one, other)
    assert not is_same_name(other, one)


def test_a_long_name_is_compared_to_its_end():
    words = [f"kata{letter}" for letter in "abcdefghij"]
    assert is_same_name(" ".join(words), " ".join(reversed(words)))
    assert not is_same_name(" ".join(words), " ".join([*words[:-1], "lain"]))
