"""Read a list of who is paid for until when, row by row, without touching anything."""

from dataclasses import dataclass
from datetime import date

from webapp.formats import Malformed, parse_kpj
from webapp.list_header import Columns, RefusedRow
from webapp.months import parse_paid_until
from webapp.workers.worker_list import WORDS as WORKER_WORDS

LABELS = {"kpj": "KPJ", "paid_until": "Iuran Terakhir"}
COLUMNS = Columns(LABELS, {name: WORKER_WORDS[name] for name in LABELS}, required=tuple(LABELS))


@dataclass(frozen=True, slots=True)
class PaidRow:
    """Until which month a card is paid for; the month by its first day."""

    row_number: int
    kpj: str
    paid_until: date


def check_contribution_list(rows, today):
    """Find the header among rows, and return an iterator that judges those below it.

    :param rows: as ``spreadsheets.read_sheet`` gives them.
    :param today: the date in Jakarta: nobody is paid for beyond this month.
    :raises webapp.list_header.UnusableColumns: at once, where the header row cannot be used.
    """
    header = COLUMNS.find(rows)
    return (_read(number, cells, header.columns, today) for number, cells in header.filled())


def _read(number, cells, columns, today):
    try:
        kpj = parse_kpj(cells["kpj"])
    except Malformed as problem:
        return RefusedRow(number, columns["kpj"], problem.sentence)
    try:
        return PaidRow(number, kpj, parse_paid_until(cells["paid_until"], today))
    except Malformed as problem:
        return RefusedRow(number, columns["paid_until"], problem.sentence)
