"""The place after a row of the queue."""

from datetime import date
from types import SimpleNamespace

import pytest

from webapp.branch.marks import mark_in, mark_of


def test_a_mark_comes_back_as_it_was():
    case = SimpleNamespace(due_on=date(2026, 11, 24), id=71)
    assert mark_in(mark_of(case)) == (date(2026, 11, 24), 71)


@pytest.mark.parametrize("text", ["", "x", "2026-11-24", "2026-11-24.", "2026-11-24.x",
                                  "2026-13-01.1", "2026-11-24.1.1", "2026-11-24.-1",
                                  "2026-11-24." + "9" * 18])
def test_anything_else_is_none(text):
    with pytest.raises(ValueError, match=r".*"):
        mark_in(text)
