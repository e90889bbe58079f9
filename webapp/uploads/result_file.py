"""What became of each row of a list, as a file: the rows as they came, and what happened to them.

Every cell is text, so that nothing in it is a formula and no number loses a zero.
"""

import json

from peewee import JOIN

from webapp import text_sheet
from webapp.clock import day_of
from webapp.formats import show_date
from webapp.models.deactivations import DISPUTED, RESTORED, SCHEDULED, UNDONE, Deactivation
from webapp.models.receipts import Receipt
from webapp.models.uploads import (
    APPLIED,
    BAD,
    REFUSED,
    SKIPPED,
    VALID,
    WARNED,
    UploadRow,
)
from webapp.receipts.signing import show_number
from webapp.uploads.leaver_list import LABELS, spoken

# "Keterangan" alone would be their own note, if this file is uploaded in turn.
OURS = ("Baris", "Hasil", "Tanda terima", "Keterangan hasil")
PAGE = 100                # a row has up to 64.000 characters

_WORDS = {VALID: "Belum diterapkan", WARNED: "Belum diterapkan", BAD: "Keliru",
          SKIPPED: "Dilewati", REFUSED: "Ditolak", APPLIED: "Nonaktif"}
# Of a row that was applied, what became of it later.
_LATER = {SCHEDULED: "Terjadwal", UNDONE: "Dibatalkan", DISPUTED: "Disanggah",
          RESTORED: "Dipulihkan"}


def name_of(upload):
    """What the file is called: as the one that was uploaded, and whose it is."""
    stem = upload.name.rpartition(".")[0] or upload.name
    return f"{stem} - hasil.xlsx"


def build(upload):
    """The bytes of an XLSX file: the original cells of each row, then ours, with its number in the
    file that came.

    :param upload: one whose columns were understood.
    """
    headers = json.loads(upload.headers or "[]")
    earlier = _earlier(headers)
    kept = [place for place in range(max(len(headers), _widest(upload))) if place not in earlier]
    rows = ([*_cells(row.content["cells"], kept), str(row.number), *_outcome(row)]
            for row in _rows_of(upload))
    return text_sheet.write("Hasil", [*_cells(headers, kept), *OURS], rows)


def _earlier(headers):
    """The places of our own columns, where the file is a result that was uploaded again."""
    last = max((place for place, header in enumerate(headers) if header), default=-1)
    places = range(last + 1 - len(OURS), last + 1)
    return places if tuple(headers[place] for place in places if place >= 0) == OURS else ()


def _widest(upload):
    """How many cells the widest row has: some stand right of the last header."""
    return max((len(row.content["cells"]) for row in _rows_of(upload)), default=0)


def _cells(cells, kept):
    return [cells[place] if place < len(cells) else "" for place in kept]


def _outcome(row):
    """The cells of ours that say what happened."""
    made = row.deactivation if row.deactivation_id else None
    words = _LATER.get(made.state, _WORDS[APPLIED]) if made else _WORDS[row.state]
    number = show_number(made.receipt.number) if made else ""
    return words, number, " ".join([*_repaired(row.content), *_remarks(row, made)])


def _repaired(content):
    """What a clerk put in place of cells."""
    for field, typed in content["typed"].items():
        text = spoken(typed) if field == "reason" else typed
        yield f"{LABELS[field]} diubah menjadi {text}."


def _remarks(row, made):
    """Sentences on what happened, and what was to be said of the row."""
    if made:
        yield f"Hari kerja terakhir {show_date(made.last_day)}."
        if made.is_late:
            yield "Dilaporkan terlambat."
        if made.state == UNDONE:
            yield f"Dibatalkan pada {show_date(day_of(made.undone_at))}: {made.undo_reason}"
    for field, sentence in row.content["notes"].items():
        yield f"{LABELS.get(field, '')}: {sentence}".removeprefix(": ")
    if row.state == BAD and "kpj" in row.content["suggestion"]:     # of others the sentence says it
        yield f"Mungkin maksud Anda {row.content['suggested']}."


def _rows_of(upload):
    """The rows in their order, a page at a time: ten thousand need not be in memory at once."""
    after = 0
    while True:
        page = list(UploadRow.select(UploadRow, Deactivation, Receipt)
                    .join(Deactivation, JOIN.LEFT_OUTER)
                    .join(Receipt, JOIN.LEFT_OUTER, attr="receipt")
                    .where(UploadRow.upload == upload, UploadRow.number > after)
                    .order_by(UploadRow.number).limit(PAGE))
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].number
