"""Deleting many rows, or what they say, without keeping anybody waiting."""

from webapp.db import write_transaction

CHUNK = 200     # rows in a transaction: others who write wait some milliseconds


def delete(table, condition):
    """Delete the rows of a table for which a condition holds, some at a time; returns how many.

    It is asked again as each is deleted: what somebody took up meanwhile stays.
    """
    return _in_chunks(table, condition, table.delete())


def blank(table, condition, **columns):
    """Set columns of the rows for which a condition holds, which then holds no more; the same.

    :param columns: what stays of each.
    """
    return _in_chunks(table, condition, table.update(**columns))


def _in_chunks(table, condition, act):
    count = 0
    due = table.select(table.id).where(condition).order_by(table.id).limit(CHUNK)
    while ids := [number for (number,) in due.clone().tuples()]:
        with write_transaction():
            count += act.clone().where(table.id << ids, condition).execute()
        if len(ids) < CHUNK:
            break
    return count
