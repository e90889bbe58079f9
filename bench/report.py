"""Figures against their bars, and the table that shows them."""

import operator
from dataclasses import dataclass

NOT_MORE, NOT_LESS, EQUAL = "≤", "≥", "="
HOLDS = {NOT_MORE: operator.le, NOT_LESS: operator.ge, EQUAL: operator.eq}
WIDTHS = (66, 24, 22)


@dataclass(frozen=True)
class Figure:
    """One measured number. Without a bar it is there to compare others with."""

    name: str
    measured: float
    unit: str = ""
    bar: float | None = None
    sense: str = NOT_MORE
    remark: str = ""

    @property
    def passed(self):
        """Whether the bar holds; None without one."""
        return None if self.bar is None else HOLDS[self.sense](self.measured, self.bar)


@dataclass(frozen=True)
class Absent:
    """Something that could not be measured here, and why; no failure."""

    name: str
    remark: str


def table(figures):
    """The lines of the table: figure, measured, bar, passed or NOT."""
    yield _line("figure", "measured", "bar", "")
    yield "-" * (sum(WIDTHS) + 10)
    for figure in figures:
        if isinstance(figure, Absent):
            yield _line(figure.name, figure.remark, "", "")
            continue
        shown = f"{show(figure.measured)} {figure.unit}".strip()
        bar = "" if figure.bar is None else f"{figure.sense} {show(figure.bar)} {figure.unit}"
        verdict = {None: "", True: "passed", False: "NOT"}[figure.passed]
        yield _line(figure.name, shown, bar, f"{verdict}  {figure.remark}")


def show(number):
    """A number with the decimals that tell something."""
    if isinstance(number, int) or number >= 1000:
        return f"{number:,.0f}".replace(",", ".")
    return f"{number:.{1 if number >= 10 else 2 if number >= 0.1 else 4}f}"


def _line(*cells):
    padded = [cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=False)]
    return "  ".join([*padded, *cells[len(WIDTHS):]]).rstrip()
