"""The place after a row of the queue, as a link carries it. Pure."""

from datetime import date

from webapp.paging import id_in


def mark_of(case):
    """The mark of a case that waits."""
    return f"{case.due_on.isoformat()}.{case.id}"


def mark_in(text):
    """(due day, id) of a mark. Raises ``ValueError`` for what is none."""
    day, _, number = text.partition(".")
    found = date.fromisoformat(day), id_in(number)
    if found[1] is None:
        raise ValueError(text)
    return found
