"""Lists shown a page at a time, newest first; a link carries the id that the next page is below."""


def id_in(text):
    """An id as a link carries it; None for what no column could hold."""
    return int(text) if len(text) < 18 and text.isdecimal() else None


def page_of(query, row_id, before, size):
    """(up to ``size`` rows of a query, the newest first; whether there are older ones), a pair.

    :param row_id: the column of the rows' ids.
    :param before: the id of the last row of the page before, or None for the first page.
    """
    if before:
        query = query.where(row_id < before)
    rows = list(query.order_by(row_id.desc()).limit(size + 1))
    return rows[:size], len(rows) > size
