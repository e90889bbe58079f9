"""Applying what was checked: a few rows in each transaction, by any number of processes.

A row is applied in the same commit as the deactivation it makes, so that whoever is killed in
between has done a row wholly or not at all, and the next goes on with the rest.
"""

import json
import logging
from functools import partial

from peewee import JOIN, InterfaceError, OperationalError

from webapp import audit, faults, parameters, vault
from webapp.audit import Event
from webapp.clock import day_of
from webapp.db import left_by_others, write_transaction
from webapp.deactivation.last_day import last_day_fault
from webapp.deactivation.many import Leaver, file_all
from webapp.models.companies import Company
from webapp.models.people import User
from webapp.models.uploads import (
    APPLICABLE,
    APPLIED,
    DONE,
    REFUSED,
    RUNNING,
    SKIPPED,
    Upload,
    UploadRow,
)
from webapp.models.workers import Membership, Worker
from webapp.prepared import prepared
from webapp.uploads import people
from webapp.uploads.judging import ended_already
from webapp.uploads.turns import are_rested, in_turn

log = logging.getLogger(__name__)
CHUNK = 20      # rows: others who write wait twenty milliseconds or so
FAILED = "Baris ini gagal kami jalankan. Laporkan pekerja ini satu per satu."
LEFT_ALREADY = "Sudah nonaktif sebelum baris ini diterapkan. Tidak ada yang berubah."


def apply_some(now):
    """Apply a few rows of each file that was started, in turn. Returns whether there were any."""
    running = (Upload.select(Upload, Company, User).join(Company).switch(Upload)
               .join(User, on=Upload.started_by)
               .where(Upload.state == RUNNING, are_rested(now)).order_by(Upload.id))
    return in_turn(list(running), partial(_apply_chunk, CHUNK), now)


def _apply_chunk(count, upload, now):
    """Whether there was something to do. Rows at which a chunk fails are applied one by one, and
    the one that fails is refused: good rows need not wait for it."""
    taken = []
    try:
        with write_transaction():
            taken += _next_rows.rows(upload.id, count)
            if not taken:
                return _finish(upload, now)
            _apply(taken, upload, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:
        if not taken:
            raise
        if len(taken) > 1:
            return any([_apply_chunk(1, upload, now) for _ in taken])
        log.error("row %s: %s", taken[0].id, faults.described(fault))
        _refuse(taken[0])
    return True


def _apply(rows, upload, now):
    wrong = _faults(rows, day_of(now))
    fit = [row for row in rows if row.id not in wrong]
    receipts = file_all(
        [Leaver(row.membership, row.reason, row.last_day, row.content["note"]) for row in fit],
        upload.started_by, company=upload.company, now=now, rules=parameters.rules_on(day_of(now)))
    for row in fit:
        if row.membership_id in receipts:
            _mark_applied.execute(row.id, receipts[row.membership_id].deactivation_id)
    for row in rows:
        if row.id in wrong:
            _leave(row, REFUSED, wrong[row.id])
    _leave_out([row for row in fit if row.membership_id not in receipts], upload)


def _refuse(row):
    """What cannot be applied for a reason of ours is said, where the row can be read at all."""
    with write_transaction():
        try:
            _leave(row, REFUSED, {"kpj": FAILED})
        except vault.Unreadable:
            _put(row, REFUSED)


@prepared
def _next_rows(upload, count):
    rows = (UploadRow.select(UploadRow, Membership, Worker, User)
            .join(Membership).join(Worker).join(User, JOIN.LEFT_OUTER)
            .where(UploadRow.upload == upload, UploadRow.state << APPLICABLE)
            .order_by(UploadRow.number).limit(count))
    return left_by_others(rows)


def _faults(rows, today):
    """What has become wrong since the check, by the id of the row: days may have passed."""
    rules = parameters.rules_on(today)
    found = {row.id: last_day_fault(row.last_day, started_on=row.membership.started_on,
                                    name=row.membership.worker.name, today=today, rules=rules)
             for row in rows}
    return {number: {"last_day": fault} for number, fault in found.items() if fault}


@prepared
def _mark_applied(number, deactivation):
    return (UploadRow.update(state=APPLIED, deactivation=deactivation,
                             version=UploadRow.version + 1)
            .where(UploadRow.id == number))


def _leave_out(rows, upload):
    """These workers left meanwhile: say since when, or for when, as the check would."""
    known = people.people_with(upload.company_id, [row.membership.kpj for row in rows])
    for row in rows:
        said = ended_already(known[row.membership.kpj])
        _leave(row, SKIPPED if said else REFUSED, {"kpj": said or LEFT_ALREADY})


def _leave(row, state, notes):
    row.said = json.dumps(row.content | {"notes": notes})
    _put(row, state, said_sealed=row.said_sealed)


def _put(row, state, **columns):
    """Note what became of a row that waits; one that another process has applied stays so."""
    (UploadRow.update(state=state, version=UploadRow.version + 1, **columns)
     .where(UploadRow.id == row.id, UploadRow.state << APPLICABLE).execute())


def _finish(upload, now):
    """Whether this process finished it: none of its rows waits, nor is in another's hands."""
    if UploadRow.select().where(UploadRow.upload == upload,
                                UploadRow.state << APPLICABLE).exists():
        return False
    changed = (Upload.update(state=DONE, finished_at=now, version=Upload.version + 1)
               .where(Upload.id == upload.id, Upload.state == RUNNING).execute())
    if changed:
        audit.record(Event.UPLOAD_DONE, chain=audit.company_chain(upload.company), actor=None,
                     subject=upload.public_id, now=now)
    return bool(changed)
