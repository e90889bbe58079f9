"""Granting assistance to who was chosen, and ending it for who was revoked."""

from webapp.assistance.states import UNFINISHED
from webapp.db import is_sqlite
from webapp.models.programmes import DISBURSED, FAILED, GRANTED, Assistance, AssistanceStep
from webapp.prepared import add_all
from webapp.receipts.signing import new_number

REVOKED_NOTE = "Keikutsertaan dicabut."


class PaidMeanwhile(Exception):
    """The money has gone out."""


def grant(applicants, programme, now):
    """Grant these what the programme gives; a part of telling them, inside its transaction."""
    add_all(Assistance, [
        {"worker": row.worker_id, "programme": programme.id, "applicant": row.id,
         "number": new_number(), "amount": programme.grant, "granted_at": now}
        for row in applicants])
    granted = Assistance.select(Assistance.id).where(
        Assistance.applicant << [row.id for row in applicants]).tuples()
    add_all(AssistanceStep, [{"assistance": number, "state": GRANTED, "at": now}
                             for (number,) in granted])


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
