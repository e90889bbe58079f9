"""Checking a file in the background: read in a bounded child, judged row by row, kept by chunks.

A check that was interrupted begins again once its lease has run out; its earlier rows go first.
A list at which it fails time and again is given up.
"""

import json
import logging
import os
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from peewee import InterfaceError, OperationalError, fn

from webapp import clock, faults, parameters, vault
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
from webapp.spreadsheets import DAMAGED, Row, TooLarge, UnreadableSheet, read_sheet
from webapp.uploads import people
from webapp.uploads.damage import as_text, damage_to
from webapp.uploads.judging import Judge
from webapp.uploads.leaver_list import COLUMNS, Leaver, is_header_again, read_leaver

MOST_ROWS = 10_000        # product.md 2.2
MOST_CHECKS = 5           # a file at which as many processes failed makes the next one fail too
# Of text, in characters. A row of a payroll export has 2.000, with a hundred columns; ten thousand
# of them have 20 million.
LONGEST_ROW, MOST_TEXT = 64_000, 32_000_000
CHUNK, CHUNK_TEXT = 100, 1_000_000
LEASE, LATELY = timedelta(seconds=90), timedelta(minutes=10)
MOST_SUGGESTIONS = 300    # more mistyped numbers than that are another company's list

NO_ROWS = "Berkas ini tidak berisi pekerja di bawah baris judulnya. Isi, lalu unggah lagi."
TOO_MANY_ROWS = ("Berkas ini lebih dari 10.000 baris. Bagi menjadi beberapa berkas, "
                 "lalu unggah satu per satu.")
TOO_LARGE = ("Berkas ini terlalu besar. Bagi menjadi beberapa berkas, masing-masing paling banyak "
             "10.000 baris, lalu unggah satu per satu.")
TOO_MUCH_TEXT = ("Isi daftar ini terlalu panjang. Hapus kolom yang tidak perlu, atau bagi menjadi "
                 "beberapa berkas, lalu unggah lagi.")
GIVEN_UP = "Berkas ini gagal kami baca. Simpan ulang, lalu unggah lagi."

log = logging.getLogger(__name__)


class Interrupted(Exception):
    """Somebody else took the check over, or the list was discarded."""


class _Unusable(Exception):
    """The list cannot be taken; its text is the sentence that says why."""


def check_next(now):
    """Check one file that waits, if any. Returns whether there was one.

    A fault of ours is logged; once its lease has run out it is tried again.

    :raises webapp.documents.store.StoreTrouble: the file cannot be had now; the same.
    :raises peewee.OperationalError: the database is away or busy; the same.
    """
    upload = _take(now)
    if upload is None:
        return False
    try:
        _finish(upload, _problem_with(upload, now))
    except Interrupted:
        return True
    except (OperationalError, InterfaceError, store.StoreTrouble):
        raise
    except Exception as fault:
        log.error("check of list %s: %s", upload.id, faults.described(fault))
    return True


def _problem_with(upload, now):
    """Check the file. Returns why it cannot be used, a sentence, or None."""
    if upload.checks > MOST_CHECKS:
        return GIVEN_UP
    try:
        body = _bytes_of(upload)
    except (FileNotFoundError, vault.Unreadable):
        return DAMAGED
    try:
        with _as_file(body) as path:
            _check(upload, path, now)
    except TooLarge:
        return TOO_LARGE
    except (UnreadableSheet, UnusableColumns) as unusable:
        return unusable.sentence
    except _Unusable as unusable:
        return str(unusable)
    return None


def _bytes_of(upload):
    try:
        return store.get(upload)
    except store.StoreTrouble:     # no fault of the file's: not counted against it
        _change(upload, checks=Upload.checks - 1)
        raise


def _take(now):
    """The next file that nobody checks, leased and without the rows of an earlier try; or
    None."""
    waits = (Upload.state == UPLOADED) | ((Upload.state == CHECKING) & (Upload.leased_until < now))
    other = Upload.alias()
    # Companies take turns: who hands in many lists waits behind who hands in one.
    had_lately = other.select(fn.COUNT(other.id)).where(
        other.company == Upload.company, other.uploaded_at > now - LATELY, other.checks > 0)
    oldest = (Upload.select(Upload.id).where(waits).order_by(had_lately, Upload.id)
              .limit(1).scalar())
    if oldest is None:
        return None
    with write_transaction():
        taken = list(Upload.update(state=CHECKING, leased_until=now + LEASE,
                                   checks=Upload.checks + 1, version=Upload.version + 1)
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
    """Judge and keep every row."""
    today, known = day_of(now), {}
    header = COLUMNS.find(read_sheet(path))
    judge = Judge(known.get, _Likely(upload.company_id), index_nik=people.index_nik,
                  rules=parameters.rules_on(today), today=today)
    _keep_header(upload, header)
    for chunk in _chunks(_rows_of(header)):
        known.clear()
        known.update(people.people_with(upload.company_id, [
            row.leaver.values["kpj"] for row in chunk if "kpj" in row.leaver.values]))
        _keep(upload, [_kept(upload, row, judge.judge(row.number, row.leaver)) for row in chunk])


class _Row(NamedTuple):
    """A row: its cells as texts, what it says, and what its texts do not show (``damage_to``)."""

    number: int
    texts: list[str]
    leaver: Leaver
    damage: dict[str, str]


def _rows_of(header):
    """Each row that says anything."""
    for number, cells in header.rows:
        ours = header.cells_of(Row(number, cells))
        if not all(is_blank(cell) for cell in ours.values()) and not is_header_again(ours):
            leaver, texts = read_leaver(ours), _texts(number, cells)
            yield _Row(number, texts, leaver, damage_to(ours, leaver))


def _texts(number, cells):
    texts = [as_text(cell) for cell in cells]
    if sum(map(len, texts)) > LONGEST_ROW:
        raise _Unusable(f"Baris {number} terlalu panjang. Periksa isinya, hapus yang tidak perlu, "
                        "lalu unggah lagi.")
    return texts


def _chunks(rows):
    """The rows by so many as are little in memory."""
    chunk, text, count, total = [], 0, 0, 0
    for row in rows:
        if len(chunk) == CHUNK or text > CHUNK_TEXT:
            yield chunk
            chunk, text = [], 0
        chunk.append(row)
        length = sum(map(len, row.texts))
        text, total, count = text + length, total + length, count + 1
        if count > MOST_ROWS:
            raise _Unusable(TOO_MANY_ROWS)
        if total > MOST_TEXT:
            raise _Unusable(TOO_MUCH_TEXT)
    if not count:
        raise _Unusable(NO_ROWS)
    yield chunk


class _Likely:
    """Whom a row seems to mean; asked a few hundred times at most."""

    def __init__(self, company):
        self._company, self._left = company, MOST_SUGGESTIONS

    def __call__(self, values):
        self._left -= 1
        return people.likely(self._company, values) if self._left >= 0 else None


def _kept(upload, row, verdict):
    values = row.leaver.values
    kept = UploadRow(upload=upload.id, number=row.number, state=verdict.state,
                     membership=verdict.membership_id, reason=values.get("reason", ""),
                     last_day=values.get("last_day"))
    kept.said = json.dumps({
        "cells": row.texts, "typed": {}, "notes": verdict.notes, "damage": row.damage,
        "suggestion": verdict.suggestion, "suggested": verdict.suggested,
        "note": values.get("note", "")})
    return kept.__data__


def _keep_header(upload, header):
    upload.headers = json.dumps(_texts(header.number, header.cells))
    columns = {field: place for place, field in header.positions.items()}
    _change(upload, columns=json.dumps(columns), headers_sealed=upload.headers_sealed)


def _keep(upload, rows):
    with write_transaction():
        _change(upload, leased_until=clock.now() + LEASE)
        add_all(UploadRow, rows)


def _finish(upload, problem):
    with write_transaction():
        upload.problem = problem
        _change(upload, state=UNUSABLE if problem else READY, leased_until=None,
                problem_sealed=upload.problem_sealed)
        if problem:
            UploadRow.delete().where(UploadRow.upload == upload.id).execute()


def _change(upload, **fields):
    """Change the upload while its check is ours. Raises ``Interrupted``."""
    with write_transaction():
        if not (Upload.update(**fields)
                .where(Upload.id == upload.id, Upload.state == CHECKING,
                       Upload.version == upload.version).execute()):
            raise Interrupted
