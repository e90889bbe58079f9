"""Scales, bars, labels and periods."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.reports import chart
from webapp.reports.overview import Report
from webapp.reports.periods import in_bars, period_of
from webapp.reports.sheet import build, defused

TODAY = date(2026, 11, 22)
values = st.lists(st.integers(0, 10**7), min_size=1, max_size=40)


@pytest.mark.parametrize(("most", "numbers"), [
    (0, [0, 1]), (1, [0, 1]), (4, [0, 1, 2, 3, 4]), (5, [0, 2, 4, 6]), (17, [0, 5, 10, 15, 20]),
    (100, [0, 50, 100]), (101, [0, 50, 100, 150]), (999_999, [0, 500_000, 1_000_000])])
def test_the_numbers_beside_a_chart_are_few_and_round(most, numbers):
    assert chart.ticks(most) == numbers


@pytest.mark.parametrize(("number", "shown"), [
    (0, "0"), (5_000, "5.000"), (20_000, "20 rb"), (500_000, "500 rb"), (1_000_000, "1 jt"),
    (2_500_000, "2,5 jt")])
def test_numbers_beside_a_chart_are_short(number, shown):
    assert chart.short(number) == shown


@settings(max_examples=40, deadline=None)
@given(values, st.integers(1, 4))
def test_nothing_is_drawn_outside_and_every_value_has_its_height(numbers, count):
    drawn = chart.columns([str(n) for n in range(len(numbers))], [numbers] * count)
    for bar in drawn.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= 100.01
        assert chart.HEAD - .2 <= bar.y <= bar.y + bar.height <= chart.HEAD + chart.PLOT + .2
    assert len(drawn.bars) == count * sum(n > 0 for n in numbers)
    assert len(drawn.labels) <= chart.MOST_LABELS
    assert drawn.labels[-1].text == str(len(numbers) - 1)
    lying = chart.rows([str(n) for n in numbers], [numbers] * count)
    assert all(bar.x + bar.width <= 100.1 for bar in lying.bars)


def test_stacked_bars_stand_on_one_another():
    lower, upper = chart.columns(["a"], [[3], [1]]).bars
    assert upper.y + upper.height == pytest.approx(lower.y, abs=.2)
    assert lower.height == pytest.approx(3 * upper.height, abs=.2)


@pytest.mark.parametrize(("days", "unit", "count", "first", "label"), [
    (7, "hari", 7, date(2026, 11, 16), "16 Nov"), (30, "hari", 30, date(2026, 10, 24), "24 Okt"),
    (90, "minggu", 13, date(2026, 8, 24), "24 Agu"),
    (365, "bulan", 12, date(2025, 12, 1), "Des 25")])
def test_a_longer_period_has_wider_bars(days, unit, count, first, label):
    period = period_of(days, TODAY)
    assert (period.unit, len(period.starts), period.starts[0]) == (unit, count, first)
    assert period.labels[0] == label
    assert period.bar_of(TODAY) == count - 1
    assert period.bar_of(first) == 0
    assert period.bar_of(first - timedelta(days=1)) == -1


def test_days_fall_into_their_bars_and_earlier_ones_into_none():
    period = period_of(7, TODAY)
    assert in_bars(period, {"2026-11-22": 3, "2026-11-16": 2, "2026-11-15": 9}) == [
        2, 0, 0, 0, 0, 0, 3]


def test_many_reasons_are_drawn_as_ten_and_all_stand_in_the_table():
    report = Report("x", "X", "", "Sebab", [str(n) for n in range(14)], [], {"Ditolak": [1] * 14})
    assert [label.text for label in report.chart.labels][-1] == "Sebab yang lain"
    assert report.chart.lines[-1].text == "5"
    assert len(report.rows) == 14


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\ta", "\ra"])
def test_no_cell_of_a_file_is_a_formula(text):
    assert defused(text) == f"'{text}"
    report = Report("x", "X", "", "Sebab", [text], [], {text: [3]})
    assert b";" in build(report)
    assert not any(line.startswith(text.encode()) for line in build(report)[3:].split(b"\r\n"))
