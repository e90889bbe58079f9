"""Who is paid for until when, taken in; a list of leavers made of those who are not."""

from itertools import islice

from webapp import audit, text_sheet
from webapp.audit import Event
from webapp.db import write_transaction
from webapp.deactivation.reasons import REASONS
from webapp.formats import show_date
from webapp.list_header import RefusedRow
from webapp.models.workers import Membership
from webapp.months import last_day_of, show_month
from webapp.radar.contribution_list import LABELS as PAID_LABELS
from webapp.uploads import service as uploads
from webapp.uploads.checking import MOST_ROWS
from webapp.uploads.leaver_list import LABELS

CHUNK = 500      # rows in one transaction: others wait some tens of milliseconds at most
COLUMNS = ("kpj", "name", "reason", "last_day", "note")
NOT_THERE = "KPJ ini tidak ada dalam daftar tenaga kerja perusahaan ini. Periksa lagi nomornya."


class Outcome:
    """What became of a list of contributions, by cards."""

    def __init__(self):
        self.changed, self.unchanged, self.refused = 0, 0, 0


class NobodyChosen(Exception):
    """None of the chosen workers is on the radar any more."""


def take_in_contributions(company, rows, *, now, outcome):
    """Note until when the workers of a list are paid for. Fills ``outcome``; yields the rows that
    are refused.

    A card that stands there several times, as in a list by months, is paid for until the latest.
    Nothing is written before the last row was read; what is there already is left as it is.

    :param rows: ``PaidRow`` and ``RefusedRow`` of ``contribution_list``.
    """
    paid = {}
    for row in rows:
        if isinstance(row, RefusedRow):
            outcome.refused += 1
            yield row
        elif row.kpj not in paid or paid[row.kpj].paid_until < row.paid_until:
            paid[row.kpj] = row
    left = iter(paid.values())
    while chunk := {row.kpj: row for row in islice(left, CHUNK)}:
        yield from _take_in_chunk(company, chunk, now, outcome)


def _take_in_chunk(company, paid, now, outcome):
    """One transaction. Returns the rows whose card is nobody's here."""
    with write_transaction():
        found = list(Membership.select(Membership.id, Membership.kpj, Membership.contributed_until)
                     .where(Membership.company == company, Membership.kpj << list(paid)))
        by_month = {}
        for one in found:
            month = paid[one.kpj].paid_until
            if one.contributed_until != month:
                by_month.setdefault(month, []).append(one.id)
        for month, numbers in sorted(by_month.items()):
            (Membership.update(contributed_until=month)
             .where(Membership.id << numbers).execute())
        changed = sum(map(len, by_month.values()))
        if changed:
            audit.record(Event.CONTRIBUTIONS_IMPORTED, chain=audit.company_chain(company),
                         actor=None, subject=company.public_id, now=now, workers=changed)
    strangers = paid.keys() - {one.kpj for one in found}
    outcome.changed += changed
    outcome.unchanged += len(found) - changed
    outcome.refused += len(strangers)
    return [RefusedRow(row.row_number, PAID_LABELS["kpj"], NOT_THERE)
            for row in paid.values() if row.kpj in strangers]


def prepare_list(company, user, chosen, *, reason, today, now):
    """Make a list of leavers as if a clerk had uploaded it: checked, shown and started like one.
    Returns its ``Upload``; the same one when the same was prepared just before.

    Their last working day is taken to be the last one of the last month that was paid; the clerk
    can put it right in the list.

    :param chosen: memberships of the company, with their workers, in order.
    :param reason: the code of one that may be used in bulk.
    :param today: the date in Jakarta, for the list's name.
    :raises NobodyChosen: there are none.
    """
    rows = [_row(membership, reason) for membership in chosen.limit(MOST_ROWS)]
    if not rows:
        raise NobodyChosen
    body = text_sheet.write("Daftar", [LABELS[name] for name in COLUMNS], rows)
    return uploads.take_in(company, user, body, f"Tanpa iuran {show_date(today)}.xlsx", now,
                           event=Event.RADAR_LISTED)


def _row(membership, reason):
    month = membership.contributed_until
    return (membership.kpj, membership.worker.name, REASONS[reason].label,
            f"{last_day_of(month):%d/%m/%Y}", f"Iuran terakhir {show_month(month)}")
