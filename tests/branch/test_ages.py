"""Ages in words."""

from datetime import timedelta

import pytest

from webapp import clock
from webapp.branch.ages import age_in_words


@pytest.mark.parametrize(("age", "words"), [
    (timedelta(seconds=59), "baru saja"), (timedelta(minutes=1), "1 menit"),
    (timedelta(minutes=59, seconds=59), "59 menit"), (timedelta(hours=1), "1 jam"),
    (timedelta(hours=23, minutes=59), "23 jam"), (timedelta(days=1), "1 hari"),
    (timedelta(days=40), "40 hari")])
def test_the_largest_whole_unit(age, words):
    now = clock.now()
    assert age_in_words(now - age, now) == words
