"""A row of a list as the page shows it: each cell with what is to be said of it. Pure."""

from dataclasses import dataclass

from webapp.formats import Malformed
from webapp.models.uploads import APPLIED
from webapp.uploads.kinds import Kind, kind_of
from webapp.uploads.leaver_list import LABELS, read_reason

SHOWN = ("kpj", "name", "reason", "last_day")      # columns of the table; others only with a note
LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell: what it says now, what the file said, and a sentence about it."""

    label: str
    text: str
    was: str
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row."""

    number: int
    version: int
    kind: Kind
    cells: dict[str, ShownCell]
    more: tuple[ShownCell, ...]
    suggested: str
    changed_by: str
    changed_at: str
    is_applied: bool


def line_of(row, columns) -> Line:
    """A row as the page shows it.

    :param columns: {field: position} of the file.
    """
    content = row.content
    now, was = texts_of(content, columns), original_texts(content, columns)
    cells = {field: ShownCell(LABELS[field], _short(now[field]),
                              _short(was[field]) if was[field] != now[field] else "",
                              content["notes"].get(field, ""))
             for field in columns}
    return Line(
        number=row.number, version=row.version,
        kind=kind_of(row.state, has_membership=row.membership_id is not None),
        cells={field: cells[field] for field in SHOWN if field in cells},
        more=tuple(cell for field, cell in cells.items() if field not in SHOWN and cell.note),
        suggested=content["suggested"], changed_by=content.get("by", ""),
        changed_at=content.get("at", ""), is_applied=row.state == APPLIED)


def original_texts(content, columns) -> dict[str, str]:
    """{field: text} as the file has it."""
    cells = content["cells"]
    return {field: cells[place] if place < len(cells) else ""
            for field, place in columns.items()}


def texts_of(content, columns) -> dict[str, str]:
    """{field: text} as the clerk left it."""
    return original_texts(content, columns) | content["typed"]


def as_filled_in(content, columns) -> dict[str, str]:
    """The same for a form: a reason that is understood stands there as its code."""
    texts = texts_of(content, columns)
    try:
        return texts | {"reason": read_reason(texts["reason"])}
    except Malformed:
        return texts


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN - 1] + "…"
