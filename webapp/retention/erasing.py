"""Deleting many rows without keeping anybody waiting."""

from webapp.db import write_transaction

CHUNK = 200     # rows in a transaction: others who write wait some milliseconds


def delete(table, condition):
    """Delete the rows of a table for which a condition holds, some at a time; returns how many.

    It is asked again as each is deleted: what somebody took up meanwhile stays.
    """
    count = 0
    due = table.select(table.id).where(condition).order_by(table.id).limit(CHUNK)
    while ids := [number for (number,) in due.clone().tuples()]:
        with write_transaction():
            count += table.delete().where(table.id << ids, condition).execute()
        if len(ids) < CHUNK:
            break
    return count
