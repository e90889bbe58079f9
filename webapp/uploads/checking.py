"""Checking a file in the background: read in a bounded child, judged row by row, kept by chunks.

A check that was interrupted begins again once its lease has run out; its earlier rows go first.
"""

import json
import os
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice

from webapp import clock, parameters, vault
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.documents import store
from webapp.formats import is_blank
from webapp.list_header import UnusableColumns
from webapp.models.uploads import (
    CHECKING,
    READY,
    UNUSABLE,
    UPLOADED,
    Upload,
    UploadRow,
)
from webapp.prepared import add_all
from webapp.spreadsheets import DAMAGED, UnreadableSheet, read_sheet
from webapp.uploads import people
from webapp.uploads.judging import Judge
from webapp.uploads.leaver_list import COLUMNS, is_header_again, read_leaver

MOST_ROWS = 10_000        # product.md 2.2
CHUNK = 500
LEASE = timedelta(seconds=90)
MOST_SUGGESTIONS = 300    # more mistyped numbers than that are another company's list

NO_ROWS = "Berkas ini tidak berisi pekerja di bawah baris judulnya. Isi, lalu unggah lagi."
TOO_MANY_ROWS = ("Berkas ini lebih dari 10.000 baris. Bagi menjadi beberapa berkas, "
                 "lalu unggah satu per satu.")


class Interrupted(Exception):
    """Somebody else took the check over."""


def check_next(now):
    """Check one file that waits, if any. Returns whether there was one.

    :raises webapp.documents.store.StoreTrouble: the file cannot be had now; its lease runs out.
    """
    upload = _take(now)
    if upload is None:
        return False
    try:
        with _as_file(store.get(upload)) as path:
            problem = _check(upload, path, now)
    except (UnreadableSheet, UnusableColumns) as unusable:
        problem = unusable.sentence
    except (FileNotFoundError, vault.Unreadable):
        problem = DAMAGED
    except Interrupted:
        return True
    _finish(upload, problem)
    return True


def _take(now):
    """The oldest file that nobody checks, leased and without the rows of an earlier try; or
    None."""
    waits = (Upload.state == UPLOADED) | ((Upload.state == CHECKING) & (Upload.leased_until < now))
    oldest = Upload.select(Upload.id).where(waits).order_by(Upload.id).limit(1).scalar()
    if oldest is None:
        return None
    with write_transaction():
        taken = list(Upload.update(state=CHECKING, leased_until=now + LEASE,
                                   version=Upload.version + 1)
                     .where(Upload.id == oldest, waits).returning(Upload).execute())
        if taken:
            UploadRow.delete().where(UploadRow.upload == oldest).execute()
    return taken[0] if taken else None


@contextmanager
def _as_file(body):
    """A path where a child process finds these bytes; they are never on a disk in clear."""
    number = os.memfd_create("upload")
    try:
        with open(number, "wb", closefd=False) as file:
            file.write(body)
        yield f"/proc/{os.getpid()}/fd/{number}"
    finally:
        os.close(number)


def _check(upload, path, now):
    """Judge and keep every row. Returns what is wrong with the file, or nothing."""
    today, known, count = day_of(now), {}, 0
    header = COLUMNS.find(read_sheet(path))
    judge = Judge(known.get, _Likely(upload.company_id), rules=parameters.rules_on(today),
                  today=today)
    _keep_header(upload, header)
    rows = _rows_of(header)
    while chunk := list(islice(rows, CHUNK)):
        count += len(chunk)
        if count > MOST_ROWS:
            return TOO_MANY_ROWS
        known.clear()
        known.update(people.people_with(upload.company_id, [
            leaver.values["kpj"] for _, leaver in chunk if "kpj" in leaver.values]))
        _keep(upload, [_row(upload, row, leaver, judge.judge(row.number, leaver))
                       for row, leaver in chunk])
    return "" if count else NO_ROWS


def _rows_of(header):
    """(row, what it says) of each that says anything."""
    for row in header.rows:
        cells = header.cells_of(row)
        if not all(is_blank(cell) for cell in cells.values()) and not is_header_again(cells):
            yield row, read_leaver(cells)


class _Likely:
    """Whom a row seems to mean; asked a few hundred times at most."""

    def __init__(self, company):
        self._company, self._left = company, MOST_SUGGESTIONS

    def __call__(self, values):
        self._left -= 1
        return people.likely(self._company, values) if self._left >= 0 else None


def _row(upload, row, leaver, verdict):
    kept = UploadRow(upload=upload.id, number=row.number, state=verdict.state,
                     membership=verdict.membership_id, reason=leaver.values.get("reason", ""),
                     last_day=leaver.values.get("last_day"))
    kept.said = json.dumps({
        "cells": [as_text(cell) for cell in row.cells], "typed": {}, "notes": verdict.notes,
        "suggestion": verdict.suggestion, "suggested": verdict.suggested,
        "note": leaver.values.get("note", "")})
    return kept.__data__


def as_text(cell):
    """A cell as people write it."""
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else str(cell)


def _keep_header(upload, header):
    upload.headers = json.dumps([as_text(cell) for cell in header.cells])
    columns = {field: place for place, field in header.positions.items()}
    _change(upload, columns=json.dumps(columns), headers_sealed=upload.headers_sealed)


def _keep(upload, rows):
    with write_transaction():
        _change(upload, leased_until=clock.now() + LEASE)
        add_all(UploadRow, rows)


def _finish(upload, problem):
    with write_transaction():
        _change(upload, state=UNUSABLE if problem else READY, problem=problem, leased_until=None)
        if problem:
            UploadRow.delete().where(UploadRow.upload == upload.id).execute()


def _change(upload, **fields):
    """Change the upload while its check is ours. Raises ``Interrupted``."""
    with write_transaction():
        if not (Upload.update(**fields)
                .where(Upload.id == upload.id, Upload.state == CHECKING,
                       Upload.version == upload.version).execute()):
            raise Interrupted
