"""The one guarded statement that moves what has a state and a version, for every such table."""

from webapp.cases.service import CaseChanged


class AlreadyDone(Exception):
    """This step was done before, by the same press: its result stands."""


def move_on(row, moves, version, state, **changes):
    """Move a row on, inside the act's write transaction.

    :param row: as it was read, of a table with ``state`` and ``version``.
    :param moves: where each state may lead, by state.
    :param version: of the row, as the page showed it.
    :param changes: columns that change with it.
    :raises AlreadyDone: it was moved there just so.
    :raises CaseChanged: it stands elsewhere by now, or the move is none of those.
    """
    table = type(row)
    may_come_from = [before for before, after in moves.items() if state in after]
    moved = (table.update(state=state, version=table.version + 1, **changes)
             .where(table.id == row.id, table.version == version,
                    table.state << may_come_from).execute())
    if moved:
        return
    fresh = table.get_by_id(row.id)
    if (fresh.state, fresh.version) == (state, version + 1):
        raise AlreadyDone
    raise CaseChanged


def change_in_place(row, version, **changes):
    """Change what a row says where it stands; guarded and counted like ``move_on``.

    :raises CaseChanged: it was changed or moved meanwhile.
    """
    table = type(row)
    changed = (table.update(version=table.version + 1, **changes)
               .where(table.id == row.id, table.version == version,
                      table.state == row.state).execute())
    if not changed:
        raise CaseChanged
