"""Taking in a list of what became of assistance: all of it or nothing, and once.

Rows are taken in everybody's order: assistance, messages, audit last.
"""

from dataclasses import dataclass

from peewee import IntegrityError

from webapp import audit
from webapp.assistance import messages
from webapp.assistance.disbursement_list import parse
from webapp.assistance.queries import (
    dead_among,
    last_listed,
    numbered,
    revoked_among,
    shut_out_among,
)
from webapp.assistance.service import BLOCKED_NOTE, CHANGED_NOTE, DIED_NOTE
from webapp.assistance.states import MOVES, OF_THE_REVOKED
from webapp.audit import Act, Event
from webapp.bank_file import Unusable
from webapp.clock import day_of, start_of
from webapp.db import write_transaction
from webapp.formats import show_date, show_rupiah
from webapp.holds.queries import held_until, held_users, is_stopped
from webapp.messages.outbox import Letter, tell_all
from webapp.models.programmes import (
    DISBURSED,
    HELD,
    PLANNED,
    Assistance,
    AssistanceStep,
    DisbursementFile,
)
from webapp.prepared import add_all, prepared
from webapp.receipts.signing import show_number


class TakenBefore(Exception):
    """The very same list was taken in before; nothing was changed."""


class Illegal(Exception):
    """Some lines cannot be: ``sentences`` names each; nothing was changed."""

    def __init__(self, sentences):
        super().__init__(sentences)
        self.sentences = sentences


@dataclass(frozen=True)
class Taken:
    """What a list changed.

    :param held: sentences about what was scheduled and waits, by line.
    """

    changed: int
    unchanged: int
    total: int
    held: tuple


@dataclass(frozen=True)
class _Waiting:
    """To whom nothing is sent now: numbers of users whose payments are held, of workers who died,
    of users who may not sign in. All as of when the rows were locked: who blocks or reports
    somebody meanwhile finds what was scheduled."""

    held: frozenset
    dead: frozenset
    shut_out: frozenset


@dataclass(frozen=True)
class _Change:
    """One line as it is carried out."""

    row: Assistance
    state: str
    scheduled_on: object
    paid_on: object
    note: str
    waits_until: str = ""
    line: int = 0
    is_of_dead: bool = False


def take_list(body, now):
    """Take in a list: one transaction.

    :param body: its bytes.
    :returns: ``Taken``.
    :raises Unusable: :raises Illegal: it is refused whole; :raises TakenBefore: as it says.
    """
    found = parse(body)
    if _is_taken(found):
        raise TakenBefore
    try:
        with write_transaction():
            DisbursementFile.create(digest=found.digest, taken_at=now, count=len(found.reports),
                                    total=found.total)
            changes = _changes(found, now)
            _carry_out(changes, now)
            taken = Taken(len(changes), len(found.reports) - len(changes), found.total,
                          tuple(_said(one) for one in changes if one.waits_until))
            _record(changes, taken, found.made_on, now)
    except IntegrityError:
        if _is_taken(found):     # by another process, at this moment
            raise TakenBefore from None
        raise
    return taken


def _is_taken(found):
    return DisbursementFile.select().where(DisbursementFile.digest == found.digest).exists()


def _changes(found, now):
    """What each line changes; a line that says what is known already changes nothing.

    :raises Illegal: some lines cannot be.
    """
    rows, today = numbered([one.number for one in found.reports]), day_of(now)
    held = {number for (number,) in held_users(now).tuples()}
    revoked, listed = revoked_among(rows.values()), last_listed(rows.values())
    dead = dead_among([row.worker_id for row in rows.values()])
    shut_out = shut_out_among([row.worker.user_id for row in rows.values()])
    faults = [fault for one in found.reports
              if (fault := _fault(one, rows.get(one.number), found, today)
                  or _out_of_turn(one, rows[one.number], revoked)
                  or _outdated(one, rows[one.number], found, listed))]
    if faults:
        raise Illegal(faults)
    pairs = [(one, rows[one.number]) for one in found.reports]
    waiting = _Waiting(frozenset(held), frozenset(dead), frozenset(shut_out))
    changes = [(one, _change(one, row, waiting, now)) for one, row in pairs]
    return [change for one, change in changes if not _is_so_already(one, change)]


def _fault(report, row, found, today):
    """Why a line cannot be, or None."""
    if row is None:
        return f"Baris {report.line}: bantuan {show_number(report.number)} tidak ada."
    if report.amount != row.amount:
        return (f"Baris {report.line}: jumlahnya {show_rupiah(report.amount)}, seharusnya "
                f"{show_rupiah(row.amount)}.")
    if report.state != PLANNED and not day_of(row.granted_at) <= report.day <= today:
        return (f"Baris {report.line}: tanggalnya {show_date(report.day)}, sebelum bantuan "
                "ditetapkan atau sesudah hari ini.")
    if report.state == PLANNED and report.day < found.made_on:
        return (f"Baris {report.line}: dijadwalkan {show_date(report.day)}, sebelum berkas ini "
                "dibuat.")
    return None


def _out_of_turn(report, row, revoked):
    """Why a line cannot follow what is known, or None.

    :param revoked: as ``revoked_among`` gives it.
    """
    if _is_known(report, row):
        return None
    revoked_at = revoked.get(row.applicant_id)
    if revoked_at is None:
        if report.state in MOVES[row.state]:
            return None
        return (f"Baris {report.line}: bantuan {show_number(report.number)} tidak bisa dari "
                f"{row.state} menjadi {report.state}.")
    if report.state in OF_THE_REVOKED.get(row.state, ()) and report.day < day_of(revoked_at):
        return None
    return (f"Baris {report.line}: penerima bantuan {show_number(report.number)} dicabut "
            f"{show_date(day_of(revoked_at))}. Sejak itu tidak ada lagi yang dikirim kepadanya.")


def _outdated(report, row, found, listed):
    """Why a line is older than what is known, or None. That money arrived is never old.

    :param listed: as ``last_listed`` gives it.
    """
    last = listed.get(row.id)
    if (last is None or found.made_on >= last or report.state == DISBURSED
            or _is_known(report, row)):
        return None
    return (f"Baris {report.line}: bantuan {show_number(report.number)} sudah berubah menurut "
            f"berkas {show_date(last)}, yang lebih baru.")


def _is_known(report, row):
    """Whether a line says what is so already."""
    day = {PLANNED: row.scheduled_on, DISBURSED: row.paid_on}.get(row.state, report.day)
    return (report.state, report.day) == (row.state, day)


def _is_so_already(report, change):
    """Whether nothing changes: what is to wait was scheduled for that day, and waits since then."""
    if not change.waits_until:
        return _is_known(report, change.row)
    return (change.row.state, change.row.scheduled_on) == (HELD, change.scheduled_on)


def _change(report, row, waiting, now):
    is_of_dead = row.worker_id in waiting.dead
    if report.state == PLANNED:
        until, note = _hindrance(row.worker, report.day, waiting, now)
        if until:
            return _Change(row, HELD, report.day, None, note, until, report.line, is_of_dead)
    return _Change(row, report.state, report.day if report.state == PLANNED else row.scheduled_on,
                   report.day if report.state == DISBURSED else None, report.note,
                   is_of_dead=is_of_dead)


def _hindrance(worker, day, waiting, now):
    """What payments to somebody wait for on a day, and the note that says so; or two empty ones."""
    if worker.id in waiting.dead:
        return ": penerimanya dilaporkan meninggal", DIED_NOTE
    if worker.user_id in waiting.shut_out:
        return " sampai akunnya tidak diblokir lagi", BLOCKED_NOTE
    until = _held_beyond(worker.user, day, now) if worker.user_id in waiting.held else ""
    return until, CHANGED_NOTE.format(until)


def _held_beyond(user, day, now):
    """Until when payments to somebody are held, in words, if that is after a day begins; or
    empty."""
    if is_stopped(user):
        return " sampai Anda datang ke kantor cabang"
    until = held_until(user, now)
    return f" sampai {show_date(day_of(until))}" if until and until > start_of(day) else ""


def _carry_out(changes, now):
    for one in changes:
        _set.execute(one.row.id, one.state, one.scheduled_on, one.paid_on)
    add_all(AssistanceStep, [{"assistance": one.row.id, "state": one.state, "at": now,
                              "note": one.note} for one in changes])
    tell_all([_letter(one) for one in changes if not one.is_of_dead], kind="assistance:changed",
             now=now)


@prepared
def _set(row, state, scheduled_on, paid_on):
    return (Assistance.update(state=state, version=Assistance.version + 1,
                              scheduled_on=scheduled_on, paid_on=paid_on)
            .where(Assistance.id == row))


def _letter(change):
    row = change.row
    words = messages.changed(row, change.state, change.paid_on or change.scheduled_on, change.note)
    subject, body = words["email"]
    return Letter(row.worker, None, row.public_id, words["sms"],
                  (subject, f"Halo {row.worker.name},\n\n{body}\n\nPurna\n"))


def _record(changes, taken, made_on, now):
    acts = [Act(Event.ASSISTANCE_CHANGED, None, one.row.worker.public_id,
                {"number": show_number(one.row.number), "programme": one.row.programme.name,
                 "state": one.state, "amount": one.row.amount}) for one in changes]
    acts.append(Act(Event.ASSISTANCE_IMPORTED, None, None,
                    {"made_on": made_on.isoformat(), "changed": taken.changed,
                     "unchanged": taken.unchanged, "total": taken.total}))
    audit.record_all(acts, chain=audit.ACCOUNTS, now=now)


def _said(change):
    return (f"Baris {change.line}: bantuan {show_number(change.row.number)} dijadwalkan "
            f"{show_date(change.scheduled_on)}, tetapi menunggu{change.waits_until}. Dicatat "
            f"{HELD}.")


__all__ = ["Illegal", "Taken", "TakenBefore", "Unusable", "take_list"]
