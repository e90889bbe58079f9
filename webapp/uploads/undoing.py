"""Taking a whole list back: decided at once, done in the background like applying.

An upload that is undone has ``finished_at`` again once the last of its rows is. Rows that were
undone alone before, that are disputed or claimed on, or whose window had closed are left as they
are.
"""

from datetime import timedelta
from functools import reduce
from operator import or_

from peewee import JOIN

from webapp import audit
from webapp.audit import Event
from webapp.clock import day_of, start_of
from webapp.db import left_by_others, write_transaction
from webapp.deactivation.claimed import has_no_granted_claim
from webapp.deactivation.many import undo_all
from webapp.deactivation.service import UNDOABLE, AlreadyUndone, Conflict, TooLate
from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.parameters import Parameter
from webapp.models.people import User
from webapp.models.uploads import APPLIED, CANCELLED, DONE, Upload, UploadRow
from webapp.models.workers import Membership, Worker
from webapp.uploads.service import Outdated
from webapp.uploads.turns import are_rested, in_turn

CHUNK = 20      # as in applying


def undo(upload, user, reason, *, version, now):
    """Take back all that this list did; its rows follow in the background. Doing it again with
    the same reason changes nothing.

    :param upload: with its company.
    :param version: of the list as it was shown.
    :raises TooLate: no row of it can be taken back any more.
    :raises AlreadyUndone: it was taken back with another reason.
    :raises Conflict: it has not been applied, or is being applied now.
    :raises Outdated: it was changed after it was shown: more would be taken back than was said.
    """
    with write_transaction():
        changed = (Upload.update(state=CANCELLED, undone_by=user, undone_at=now,
                                 undo_reason=reason, finished_at=None, leased_until=None,
                                 version=Upload.version + 1)
                   .where(Upload.id == upload.id, Upload.state == DONE,
                          Upload.version == version).execute())
        if not changed:
            _undone_before(upload, reason)
            return
        count = undoable(upload, now).count()
        if not count:
            raise TooLate
        audit.record(Event.UPLOAD_UNDONE, chain=audit.company_chain(upload.company), actor=user,
                     subject=upload.public_id, now=now, rows=count)


def undo_some(now):
    """Take back a few rows of each list that is being undone, in turn. Returns whether there were
    any."""
    waiting = (Upload.select(Upload, Company, User).join(Company).switch(Upload)
               .join(User, on=Upload.undone_by)
               .where(Upload.state == CANCELLED, Upload.finished_at.is_null(), are_rested(now))
               .order_by(Upload.id))
    return in_turn(list(waiting), _undo_chunk, now)


def undoable(upload, moment):
    """The rows that can be taken back, or whose taking back was decided at a moment and is still
    to be done."""
    return (UploadRow.select().join(Deactivation)
            .where(UploadRow.upload == upload, UploadRow.state == APPLIED,
                   Deactivation.state << UNDOABLE, has_no_granted_claim(),
                   _filed_in_the_window(day_of(moment))))


def _filed_in_the_window(today):
    """Whether what was filed can be undone today, by the rules of the day of its filing."""
    values = list(Parameter.select(Parameter.valid_from, Parameter.value)
                  .where(Parameter.name == "deactivation.undo_days", Parameter.valid_from <= today)
                  .order_by(Parameter.valid_from).tuples())
    ends = [*(begin for begin, _ in values[1:]), today + timedelta(days=1)]
    windows = [(max(begin, today - timedelta(days=int(days))), end)
               for (begin, days), end in zip(values, ends, strict=True)]
    filed = Deactivation.filed_at
    return reduce(or_, [(filed >= start_of(first)) & (filed < start_of(end))
                        for first, end in windows if first < end])


def _undone_before(upload, reason):
    fresh = Upload.get_or_none(Upload.id == upload.id)
    if fresh and fresh.state == DONE:
        raise Outdated
    if not fresh or fresh.state != CANCELLED:
        raise Conflict
    if fresh.undo_reason != reason:
        raise AlreadyUndone


def _undo_chunk(upload, now):
    """Whether there was something to do."""
    with write_transaction():
        rows = list(_next_rows(upload))
        if not rows:
            return _finish(upload, now)
        undo_all([row.deactivation for row in rows], upload.undone_by,
                 reason=upload.undo_reason, company=upload.company, now=now)
    return True


def _next_rows(upload):
    """The window is that of the moment at which the clerk decided."""
    rows = (undoable(upload, upload.undone_at)
            .select(UploadRow, Deactivation, Membership, Worker, User)
            .join(Membership).join(Worker).join(User, JOIN.LEFT_OUTER)
            .order_by(UploadRow.number).limit(CHUNK))
    return left_by_others(rows)


def _finish(upload, now):
    """Whether this process finished it: none of its rows waits, nor is in another's hands."""
    if undoable(upload, upload.undone_at).exists():
        return False
    return bool(Upload.update(finished_at=now, version=Upload.version + 1)
                .where(Upload.id == upload.id, Upload.state == CANCELLED,
                       Upload.finished_at.is_null()).execute())
