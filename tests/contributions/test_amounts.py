"""What is paid a month: every tier at both its edges, the discount by sector and month."""

from datetime import date

import pytest

from tests.eligibility.asking import rules
from webapp.contributions.amounts import (
    discount_ends,
    lowest,
    monthly,
    months_from,
    of_months,
)
from webapp.contributions.tiers import tier_of, tiers_on
from webapp.months import months_before

MONTH = date(2025, 11, 1)     # without any discount
# Research/domain.md §3: where each tier begins and its base, in thousands of rupiah.
TIERS = """0 1000, 1100 1200, 1300 1400, 1500 1600, 1700 1800, 1900 2000, 2100 2200, 2300 2400,
2500 2600, 2700 2950, 3200 3450, 3700 3950, 4200 4450, 4700 4950, 5200 5450, 5700 5950, 6200 6450,
6700 6950, 7200 7450, 7700 7950, 8200 8700, 9200 9700, 10200 10700, 11200 11700, 12200 12700,
13200 13700, 14200 14700, 15200 15700, 16200 16700, 17200 17700, 18200 18700, 19200 19700,
20200 20700"""
EDGES = [tuple(1000 * int(number) for number in pair.split()) for pair in TIERS.split(",")]


def test_there_are_33_tiers():
    assert [(tier.starts_at, tier.base) for tier in tiers_on(MONTH)] == EDGES
    assert len(EDGES) == 33


@pytest.mark.parametrize(("place", "edge"), list(enumerate(EDGES)))
def test_each_tier_begins_where_the_one_before_ends(place, edge):
    starts_at, base = edge
    below = EDGES[place - 1][1] if place else base
    assert tier_of(starts_at, MONTH).base == base
    assert tier_of(max(starts_at - 1, 0), MONTH).base == below
    parts = monthly(starts_at, True, "lainnya", MONTH, rules(MONTH))
    assert parts == (base // 100, 6800, base // 50, 0)
    assert parts.amount == base * 3 // 100 + 6800


@pytest.mark.parametrize(("income", "base"), [
    (1_099_000, 1_000_000), (1_099_001, 1_000_000), (1_099_999, 1_000_000), (1_100_000, 1_200_000),
    (20_199_999, 19_700_000), (20_200_000, 20_700_000), (10**12, 20_700_000)])
def test_no_income_falls_into_a_hole(income, base):
    assert tier_of(income, MONTH).base == base


@pytest.mark.parametrize(("has_savings", "month", "amount"), [
    (False, date(2025, 12, 1), 16_800), (True, date(2025, 12, 1), 36_800),
    (False, date(2026, 11, 1), 8_400), (True, date(2026, 11, 1), 28_400),
    (False, date(2027, 1, 1), 16_800), (True, date(2027, 1, 1), 36_800)])
def test_the_lowest_tier_in_other_work(has_savings, month, amount):
    assert monthly(0, has_savings, "lainnya", month, rules(month)).amount == amount


def test_the_least_anybody_pays_is_said_without_the_discount():
    for month in (date(2025, 12, 1), date(2026, 11, 1)):
        assert lowest(rules(month)) == (16_800, 36_800)


@pytest.mark.parametrize(("sector", "first", "after"), [
    ("transportasi", date(2026, 1, 1), date(2027, 4, 1)),
    ("lainnya", date(2026, 4, 1), date(2027, 1, 1))])
def test_half_of_jkk_and_jkm_is_remitted_in_these_months_alone(sector, first, after):
    for month in months_from(date(2025, 10, 1), 22):
        parts = monthly(4_000_000, True, sector, month, rules(month))
        assert parts[:3] == (39_500, 6_800, 79_000)
        assert parts.discount == (23_150 if first <= month < after else 0), month
    assert discount_ends(sector, first, rules) == after
    assert discount_ends(sector, months_before(after, 1), rules) == after
    assert discount_ends(sector, after, rules) is None


def test_several_months_are_the_sum_of_each():
    parts = of_months(0, False, "lainnya", date(2026, 11, 1), 3, rules)
    assert (parts.discount, parts.amount) == (16_800, 8_400 + 8_400 + 16_800)


@pytest.mark.parametrize("edge", EDGES)
def test_no_part_of_todays_table_needs_rounding(edge):
    month = date(2026, 11, 1)
    parts = monthly(edge[0], True, "lainnya", month, rules(month))
    assert (edge[1] % 100, (parts.jkk + parts.jkm) % 2) == (0, 0)


def test_what_does_not_divide_is_rounded_in_the_persons_favour():
    odd = rules(date(2026, 11, 1), **{"bpu.jkm_rupiah": 6801, "bpu.jht_permille": 19})
    parts = monthly(2_800_000, True, "lainnya", date(2026, 11, 1), odd)
    assert parts == (29_500, 6_801, 56_050, 18_151)
    odd = rules(date(2026, 11, 1), **{"bpu.jkk_permille": 7, "bpu.discount_percent.lainnya": 33})
    parts = monthly(0, False, "lainnya", date(2026, 11, 1), odd)
    assert (parts.jkk, parts.discount, parts.amount) == (7_000, 4_554, 9_246)
