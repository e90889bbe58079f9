"""Finding a worker: by card number from its start, by NIK, by name with one typing error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.workers.name_search import deletions, is_one_error_apart, name_words
from webapp.workers.queries import found_in


def names(company, term):
    return [row.worker.name for row in found_in(company, term)[0]]


@pytest.mark.parametrize(("term", "found"), [
    ("30145274512", ["Siti Rahayu"]),
    ("3014527", ["Agus Setiawan", "Bambang Rahardjo", "Siti Aminah", "Siti Rahayu"]),
    ("301 452-74512", ["Siti Rahayu"]),
    ("4110", ["Dewi Sartika Rahayu"]),
    ("0145274512", []),                                    # not from the start
    ("3171064508900001", ["Siti Rahayu"]),
    ("3171 0645 0890 0001", ["Siti Rahayu"]),
    ("3171064508900002", []),
    ("Siti Rahayu", ["Siti Rahayu"]),
    ("rahayu siti", ["Siti Rahayu"]),
    ("RAHAYU", ["Dewi Sartika Rahayu", "Siti Rahayu"]),
    ("Sity Rahayu", ["Siti Rahayu"]),
    ("siti rahay", ["Siti Rahayu"]),
    ("stii", ["Siti Aminah", "Siti Rahayu"]),
    ("bambang rahardo", ["Bambang Rahardjo"]),
    ("raharjo", ["Bambang Rahardjo"]),
    ("sitti rahayyu", ["Siti Rahayu"]),
    ("siti r", ["Siti Rahayu"]),
    ("d s", ["Dewi Sartika Rahayu"]),
    ("b", ["Bambang Rahardjo"]),
    ("siti budi", []),
    ("Rahmat", []),                                        # works elsewhere
    ("20000000017", []),
    ("%", []), ("_", []), ("''", []), ("*", []), ("😀", []),
])
def test_a_term_finds_whom_people_mean(cast, term, found):
    assert names(cast.maju, term) == found


def test_names_as_typed_come_before_guesses(cast):
    assert found_in(cast.maju, "siti")[2] is False
    assert found_in(cast.maju, "sity")[2] is True


@given(st.text("abc", min_size=1, max_size=6), st.text("abc", min_size=1, max_size=6))
def test_one_error_apart_is_what_the_definition_says(one, other):
    letters = "abc"
    near = {one} | deletions(one)
    near |= {one[:at] + letter + one[at:] for at in range(len(one) + 1) for letter in letters}
    near |= {one[:at] + letter + one[at + 1:] for at in range(len(one)) for letter in letters}
    near |= {one[:at] + one[at + 1] + one[at] + one[at + 2:] for at in range(len(one) - 1)}
    assert is_one_error_apart(one, other) == (other in near)


@given(st.text(max_size=80))
def test_any_text_has_words_and_never_breaks(text):
    assert all(word == word.strip() and word for word in name_words(text))


def test_accents_and_apostrophes_do_not_matter():
    assert name_words("Renée D'Souza-Lim") == ["renee", "dsouza", "lim"]
