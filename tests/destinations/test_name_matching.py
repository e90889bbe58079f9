"""How far apart two names are: what makes no difference, and what does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.destinations.name_matching import distance

NAME = "Siti Rahayu"


@pytest.mark.parametrize(("person", "holder"), [
    (NAME, "SITI RAHAYU"), (NAME, "siti rahayu"), (NAME, "RAHAYU SITI"), (NAME, "Rahayu, Siti"),
    (NAME, "Sîti Rahayú"), (NAME, "H. Siti Rahayu"), (NAME, "Hj. Siti Rahayu"),
    (NAME, "Dr. Siti Rahayu"), (NAME, "dr. Siti Rahayu"), (NAME, "Ir. Siti Rahayu"),
    (NAME, "Siti Rahayu, S.H."), (NAME, "Siti Rahayu S.E., M.M."), (NAME, "Siti Rahayu S.Kom"),
    (NAME, "Drs. Siti Rahayu"), (NAME, "Dra. Hj. Siti Rahayu, S.Pd., M.Pd."),
    (NAME, "SITI  RAHAYU "), (NAME, "Siti-Rahayu"), (NAME, "SitiRahayu"), (NAME, "Siti Rahayu."),
    ("Nur'aini", "NURAINI"), ("Nur Hidayah", "NURHIDAYAH"), ("Abdurrahman", "Abdur Rahman"),
    ("Ahmad bin Yusuf", "AHMAD YUSUF"), ("Siti binti Umar", "Siti Umar"),
    ("I Made Wirawan", "MADE WIRAWAN I"), ("Bin", "BIN")])
def test_these_are_one(person, holder):
    assert distance(person, holder) == distance(holder, person) == 0


@pytest.mark.parametrize(("person", "holder", "apart"), [
    (NAME, "Siti Rahayo", 1), (NAME, "Siti Rahyu", 1), (NAME, "Siti Rahayuu", 1),
    (NAME, "Siti Rhaayu", 1), (NAME, "Sity Rahayo", 2), (NAME, "Zity Rahayu", 2),
    (NAME, "RAHAYO, SITI", 1), ("Agus Budi", "Ugus Budi", 1), ("Soekarno", "Sukarno", 2),
    ("Muhammad Rizki", "Mohammad Rizki", 1), ("Ali", "Adi", 1),
    (NAME, "Siti Nur Rahayu", 3), (NAME, "Siti", 6), (NAME, "S. Rahayu", 3),
    (NAME, "Siti Rahayu binti Ahmad", 5), ("M. Rizki", "Muhammad Rizki", 7),
    (NAME, "Bambang Rahardjo", 11), (NAME, "Сити Рахаю", 10), (NAME, "...", 10)])
def test_these_are_so_many_letters_apart(person, holder, apart):
    assert distance(person, holder) == distance(holder, person) == apart


NAMES = st.text(alphabet="abcdeéiH. ,'-", max_size=40)


@given(NAMES, NAMES)
def test_it_is_the_same_both_ways_and_nothing_for_the_same(one, other):
    assert distance(one, other) == distance(other, one) >= 0
    assert distance(one, one) == 0


@given(st.lists(st.text(alphabet="abcdefg", min_size=4, max_size=8), min_size=1, max_size=5),
       st.randoms(use_true_random=False))
def test_the_order_of_the_words_never_counts(words, dice):
    shuffled = dice.sample(words, len(words))
    assert distance(" ".join(words), " ".join(shuffled)) == 0


def test_a_name_as_long_as_a_field_takes_is_compared_at_once():
    assert distance("a b c d e f g h i " * 11, "z y x " * 33) > 0
