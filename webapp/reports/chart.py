"""Where the parts of a chart go: scales, ticks, bars, labels. Pure, and without a word of markup.

Across, everything is in percent, and down in pixels: so a chart fills the width it gets while its
letters and bars keep a size that can be read, on a phone and on paper.
"""

from typing import NamedTuple

from webapp.formats import show_count

MOST_TICKS = 4          # lines across
MOST_LABELS = 4         # below: more would touch one another at 360 px
HEAD, PLOT, FOOT = 16, 160, 22     # pixels above the bars, of the highest, below them
BAR_SHARE = .72         # of the room that a bar has
_EDGE = 8               # percent: a label nearer to the side is set from there, not centred
ROW, ROW_BAR = 46, 16   # pixels of a line of a lying chart, and of its bar


class Bar(NamedTuple):
    """A rectangle: x and width in percent, y and height in pixels."""

    series: int
    x: float
    y: float
    width: float
    height: float


class Line(NamedTuple):
    """A number in few letters at the left, and whether a line goes across from it."""

    y: float
    text: str
    is_drawn: bool = True


class Label(NamedTuple):
    """Words at a place; ``anchor`` as SVG has it."""

    x: float
    y: float
    text: str
    anchor: str


class Chart(NamedTuple):
    """All that is drawn; height in pixels."""

    height: int
    lines: list
    bars: list
    labels: list


def columns(labels, series):
    """Standing bars, the values of the series on top of one another.

    :param labels: for below the bars.
    :param series: lists of values, one for each label; whole numbers from 0.
    """
    steps = ticks(max(map(sum, zip(*series, strict=True)), default=0))
    pixels = PLOT / steps[-1]
    base, room = HEAD + PLOT, 100 / max(len(labels), 1)
    bars = []
    for place, values in enumerate(zip(*series, strict=True)):
        below = base
        for number, value in enumerate(values):
            if value:
                height = value * pixels
                below -= height
                bars.append(_bar(number, room * (place + (1 - BAR_SHARE) / 2), below,
                                 room * BAR_SHARE, height))
    lines = [Line(round(base - value * pixels, 1), short(value)) for value in steps]
    return Chart(base + FOOT, lines, bars, list(_below(labels, room, base + FOOT - 6)))


def rows(labels, series):
    """Lying bars, each under its words and beside its number, the values of the series one after
    the other.

    :param labels: :param series: as for ``columns``.
    """
    totals = [sum(values) for values in zip(*series, strict=True)]
    percent = 100 / max([*totals, 1])
    bars, said, numbers = [], [], []
    for place, values in enumerate(zip(*series, strict=True)):
        said.append(Label(0, place * ROW + 16, labels[place], "start"))
        numbers.append(Line(place * ROW + 22 + ROW_BAR / 2, short(totals[place]), False))
        x = 0
        for number, value in enumerate(values):
            if value:
                bars.append(_bar(number, x, place * ROW + 22, value * percent, ROW_BAR))
                x += value * percent
    return Chart(len(totals) * ROW, numbers, bars, said)


def ticks(most):
    """The numbers beside the lines across, from 0 to one that is not below ``most``: whole, round,
    and few."""
    step, factors = 1, (2, 2.5, 2)      # 1, 2, 5, 10, 20, 50 …
    turn = 0
    while step * MOST_TICKS < most:
        step = int(step * factors[turn % 3])
        turn += 1
    count = max(1, -(-most // step))
    return [step * number for number in range(count + 1)]


def short(number):
    """A round number for the side of a chart: 5.000, 50 rb, 2,5 jt."""
    for size, word in ((10**6, "jt"), (10**3, "rb")):
        if number >= size and number >= 10**4:
            return f"{number / size:g} {word}".replace(".", ",")
    return show_count(number)


def _bar(series, x, y, width, height):
    return Bar(series, round(x, 2), round(y, 1), round(width, 2), round(height, 1))


def _below(labels, room, y):
    """As many of the labels as fit, counted from the last one: that is now."""
    every = -(-len(labels) // MOST_LABELS) or 1
    for place, text in enumerate(labels):
        if (len(labels) - 1 - place) % every == 0:
            x = room * (place + .5)
            anchor = "start" if x < _EDGE else "end" if x > 100 - _EDGE else "middle"
            yield Label({"start": 0, "end": 100}.get(anchor, round(x, 2)), y, text, anchor)
