"""Nobody learns which accounts exist: not from a page, a status, a header, nor a watch.

ASVS 5.0 V6.3.8. ``make bench`` looks two hundred times.
"""

import random

import pytest

from tests.whole_app.alike import JOURNEYS, Comparison, let_register, mann_whitney

TRIES = 10
PROBABLE = 0.01     # below, a difference is hardly chance: it is looked at again
ROUNDS = 3          # one in a million is chance three times


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.__name__)
def test_v6_3_8_known_and_unknown_accounts_are_answered_alike_and_as_fast(app, cast, journey):
    let_register(TRIES)
    comparison = Comparison(app, journey)
    suspects = None
    for _ in range(ROUNDS):
        comparison.run(TRIES)
        found = {place for place, p in comparison.likeness().items() if p <= PROBABLE}
        suspects = found if suspects is None else suspects & found
        assert comparison.differences() == []
        if not suspects:
            return
    raise AssertionError(f"slower or faster for known names: {suspects}")


def test_the_comparison_sees_a_difference_of_a_tenth_and_none_where_there_is_none():
    dice = random.Random(1)
    usual = [dice.gauss(10, 1) for _ in range(60)]
    assert mann_whitney(usual, [dice.gauss(10, 1) for _ in range(60)]) > 0.05
    assert mann_whitney(usual, [dice.gauss(11, 1) for _ in range(60)]) < 0.001
    assert mann_whitney([1, 2, 2, 3], [1, 2, 2, 3]) == 1
    assert mann_whitney([1] * 9, [1] * 9) == 1
    apart = mann_whitney([1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0])
    assert apart == pytest.approx(0.0304, abs=1e-4)
