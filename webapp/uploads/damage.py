"""What a spreadsheet did to cells, which their texts do not show. Pure.

A card number without its zeros or a NIK without its end is known by the number cell it stands in. A
page shows texts, and reads them: there the same digits could be somebody's who has such a number.
So what is said of the cell holds until its text is changed.
"""

from collections.abc import Mapping
from datetime import date

from webapp.spreadsheets import Cell
from webapp.uploads.leaver_list import Leaver, read_leaver


def as_text(cell: Cell) -> str:
    """A cell as people write it."""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else str(cell)


def damage_to(cells: Mapping[str, Cell], leaver: Leaver) -> dict[str, str]:
    """{field: sentence} of what would not be said of the texts of these cells.

    :param leaver: what was read in the cells.
    """
    if not leaver.faults:
        return {}
    seen = read_leaver({name: as_text(cell) for name, cell in cells.items()}).faults
    return {name: fault for name, fault in leaver.faults.items() if seen.get(name) != fault}


def read_with_damage(now: Mapping[str, str], was: Mapping[str, str],
                     damage: Mapping[str, str]) -> Leaver:
    """Read texts; what was said of a cell holds where its text is as it was."""
    leaver = read_leaver(now)
    for name, fault in damage.items():
        if now.get(name) == was.get(name):
            leaver.values.pop(name, None)
            leaver.meant.pop(name, None)
            leaver.faults[name] = fault
    return leaver
