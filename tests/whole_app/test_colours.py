"""Every text is readable in both themes, and the assets stay light enough for a slow line."""

import gzip
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
CSS = (STATIC / "app.css").read_text()

GROUNDS = ("paper", "wash", "brand-tint", "info-tint", "good-tint", "warning-tint", "danger-tint")
# What is written on what. A new colour must be listed here or in NEVER_TEXT.
TEXT_ON = {
    "ink": GROUNDS,
    "quiet": GROUNDS,
    "brand": GROUNDS,
    "danger": ("paper", "wash", "danger-tint"),
    "warning": ("paper", "wash", "warning-tint"),
    "good": ("paper", "wash", "good-tint"),
    "info": ("paper", "wash", "info-tint"),
    "on-action": ("action",),
    "on-danger": ("danger-fill",),
}
# Borders of inputs, filled buttons and the focus ring: WCAG 1.4.11 asks 3:1 of these.
SHAPE_ON = {
    "edge": ("paper", "wash"),
    "focus": GROUNDS,
    "action": ("paper", "wash"),
    "danger-fill": ("paper", "wash"),
}
NEVER_TEXT = {"line"}


def _themes():
    screen = CSS.split("@media print")[0]
    light, dark = re.findall(r":root \{(.*?)\}", screen, re.S)
    colours = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in (light, dark)]
    return {"light": colours[0], "dark": colours[1]}


THEMES = _themes()


def _luminance(colour):
    """Relative luminance of ``#rrggbb``, from WCAG 2.2."""
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _pairs(table):
    return [(theme, front, ground) for theme in THEMES
            for front, grounds in table.items() for ground in grounds]


@pytest.mark.parametrize(("theme", "text", "ground"), _pairs(TEXT_ON))
def test_text_stands_out_from_its_ground(theme, text, ground):
    assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize(("theme", "shape", "ground"), _pairs(SHAPE_ON))
def test_edges_and_focus_ring_can_be_seen(theme, shape, ground):
    assert contrast(THEMES[theme][shape], THEMES[theme][ground]) >= 3


def test_the_measure_itself_tells_black_from_grey():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_has_a_measured_place(theme):
    listed = set(TEXT_ON) | set(SHAPE_ON) | set(GROUNDS) | NEVER_TEXT
    assert set(THEMES[theme]) == listed


def test_colours_are_named_once_and_used_by_name():
    rules = re.sub(r":root \{.*?\}", "", CSS, flags=re.S)
    # The white behind a QR code is what scanners need, in both themes.
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", rules)) <= {"#fff"}


def test_nothing_is_fetched_by_the_stylesheet():
    assert not re.search(r"@import|url\(|@font-face", CSS)


def test_stylesheet_and_script_are_small():
    assert len(gzip.compress(CSS.encode(), 9)) <= 8 * 1000
    script = (STATIC / "app.js").read_bytes()
    assert len(gzip.compress(script, 9)) <= 2400     # quality.md §1 allows 3 kB
