"""A row of a list as the page shows it: each cell with what is to be said of it. Pure."""

from dataclasses import dataclass
from datetime import datetime

from webapp.formats import Malformed, printable
from webapp.models.uploads import APPLIED
from webapp.uploads.kinds import Kind, kind_of
from webapp.uploads.leaver_list import LABELS, read_reason, spoken

SHOWN = ("kpj", "name", "reason", "last_day")      # columns of the table; others only with a note
LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell: what it says now, what the file said, and a sentence about it."""

    label: str
    text: str
    was: str
    note: str
    owner: str = ""         # of our own: whose KPJ it is, where the file does not say


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
    changed_at: datetime | None
    is_applied: bool

    @property
    def is_suggestion_said(self) -> bool:
        """Whether the sentence beside a cell names what is suggested."""
        return any(self.suggested in cell.note for cell in self.cells.values())


def line_of(row, columns) -> Line:
    """A row as the page shows it.

    :param columns: {field: position} of the file.
    """
    content = row.content
    now, was = texts_of(content, columns), original_texts(content, columns)
    owner = _owner(row, now)
    cells = {field: ShownCell(LABELS[field], _shown(field, now[field]),
                              _shown(field, was[field]) if field in content["typed"] else "",
                              content["notes"].get(field, ""),
                              owner if field == _owner_place(columns) else "")
             for field in columns}
    return Line(
        number=row.number, version=row.version,
        kind=kind_of(row.state, has_membership=row.membership_id is not None,
                     end=row.deactivation.state if row.deactivation_id else ""),
        cells={field: cells[field] for field in SHOWN if field in cells},
        more=tuple(cell for field, cell in cells.items() if field not in SHOWN and cell.note),
        suggested=content["suggested"], changed_by=content.get("by", ""),
        changed_at=datetime.fromisoformat(content["at"]) if "at" in content else None,
        is_applied=row.state == APPLIED)


def original_texts(content, columns) -> dict[str, str]:
    """{field: text} as the file has it."""
    cells = content["cells"]
    return {field: cells[place] if place < len(cells) else ""
            for field, place in columns.items()}


def texts_of(content, columns) -> dict[str, str]:
    """{field: text} as the clerk left it."""
    return original_texts(content, columns) | content["typed"]


def as_filled_in(content, columns) -> dict[str, str]:
    """The same as the fields of a form show it, and send it back where nobody touches them."""
    return _in_fields(texts_of(content, columns))


def typed_in(content, columns, texts) -> dict[str, str]:
    """{field: text} of what clerks put in place of cells, now that a form came back with texts.

    What came back as it was shown is no correction, though the cell may say it otherwise.
    """
    shown, original = as_filled_in(content, columns), _in_fields(original_texts(content, columns))
    as_before = {field: text for field, text in content["typed"].items()
                 if texts[field] == shown[field]}
    return as_before | {field: text for field, text in texts.items()
                        if text not in (shown[field], original[field])}


def _owner(row, texts):
    """Whom a row means that names nobody itself."""
    if row.membership_id is None or texts.get("name", "").strip():
        return ""
    return row.membership.worker.name


def _owner_place(columns):
    return "name" if "name" in columns else "kpj"


def _in_fields(texts):
    """Fields of one line hold no line break; a reason that is understood stands as its code."""
    filled = {field: ("\n" if field == "note" else " ").join(printable(text).splitlines()).strip()
              for field, text in texts.items()}
    try:
        return filled | {"reason": read_reason(filled["reason"])}
    except Malformed:
        return filled


def _shown(field: str, text: str) -> str:
    text = spoken(text) if field == "reason" else text
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN - 1] + "…"
