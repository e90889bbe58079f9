"""Granting assistance to who was chosen, and ending it for who was revoked."""

from webapp.assistance.states import UNFINISHED
from webapp.clock import day_of, start_of
from webapp.db import is_sqlite
from webapp.formats import show_date
from webapp.models.programmes import (
    DISBURSED,
    FAILED,
    GRANTED,
    HELD,
    PLANNED,
    Assistance,
    AssistanceStep,
)
from webapp.models.workers import Worker
from webapp.prepared import add_all
from webapp.receipts.signing import new_number

DIED_NOTE = "Penerima dilaporkan meninggal, jadi pengiriman menunggu."
CHANGED_NOTE = "Kontak atau rekening baru diganti, jadi pengiriman menunggu{}."
BLOCKED_NOTE = "Akun ini diblokir, jadi pengiriman menunggu."
REVOKED_NOTE = "Keikutsertaan dicabut."


class PaidMeanwhile(Exception):
    """The money has gone out."""


def grant(applicants, programme, now, dead):
    """Grant these what the programme gives; a part of telling them, inside its transaction.

    :param dead: the numbers of workers who died: what is granted to them waits.
    """
    add_all(Assistance, [
        {"worker": row.worker_id, "programme": programme.id, "applicant": row.id,
         "number": new_number(), "amount": programme.grant, "granted_at": now,
         "state": HELD if row.worker_id in dead else GRANTED}
        for row in applicants])
    granted = list(Assistance.select(Assistance.id, Assistance.state).where(
        Assistance.applicant << [row.id for row in applicants]).tuples())
    add_all(AssistanceStep, [{"assistance": number, "state": GRANTED, "at": now}
                             for number, _ in granted])
    add_all(AssistanceStep, [{"assistance": number, "state": HELD, "at": now, "note": DIED_NOTE}
                             for number, state in granted if state == HELD])


def hold_planned(user, until, now):
    """Let what is scheduled for somebody before a hold ends wait; a part of beginning the hold.
    Returns the numbers of the assistance."""
    note = CHANGED_NOTE.format(f" sampai {show_date(day_of(until))}")
    return _hold([row for row in _planned(Worker.user == user)
                  if start_of(row.scheduled_on) < until], note, now)


def hold_for_block(user, now):
    """Let all that is scheduled for somebody wait whose account is blocked; a part of that act.
    Returns the numbers of the assistance."""
    return _hold(_planned(Worker.user == user), BLOCKED_NOTE, now)


def hold_for_death(worker, now):
    """The same for who is reported to have died."""
    return _hold(_planned(Worker.id == worker.id), DIED_NOTE, now)


def _planned(theirs):
    """What is scheduled for somebody, locked.

    :param theirs: the condition that a worker is they.
    """
    # All that is unfinished is locked: an import may be scheduling some at this moment.
    rows = (Assistance.select().join(Worker).where(theirs, Assistance.state << UNFINISHED)
            .order_by(Assistance.id))
    rows = rows if is_sqlite() else rows.for_update('FOR NO KEY UPDATE OF "t1"')
    return [row for row in rows if row.state == PLANNED]


def _hold(rows, note, now):
    for row in rows:
        (Assistance.update(state=HELD, version=Assistance.version + 1)
         .where(Assistance.id == row.id).execute())
    add_all(AssistanceStep, [{"assistance": row.id, "state": HELD, "at": now, "note": note}
                             for row in rows])
    return [row.number for row in rows]


def has_been_paid(applicant):
    """Whether the money of somebody who was chosen has gone out."""
    return (Assistance.select().where(Assistance.applicant == applicant,
                                      Assistance.state == DISBURSED).exists())


def end_revoked(applicant, now):
    """End what somebody was granted who is revoked; a part of that act. Returns whether there was
    any.

    :raises PaidMeanwhile: a list that was taken in at this moment says that it was paid.
    """
    rows = Assistance.select().where(Assistance.applicant == applicant)
    row = (rows if is_sqlite() else rows.for_update("FOR NO KEY UPDATE")).first()
    if row is not None and row.state == DISBURSED:
        raise PaidMeanwhile
    if row is None or row.state not in UNFINISHED:
        return False
    (Assistance.update(state=FAILED, version=Assistance.version + 1)
     .where(Assistance.id == row.id).execute())
    AssistanceStep.create(assistance=row, state=FAILED, at=now, note=REVOKED_NOTE)
    return True
