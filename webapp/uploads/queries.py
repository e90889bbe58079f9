"""Questions about uploaded lists."""

import json

from peewee import JOIN, fn

from webapp.audit import Event, company_chain
from webapp.models.audit import AuditChain, AuditEntry
from webapp.models.deactivations import UNDONE, Deactivation
from webapp.models.people import User
from webapp.models.uploads import APPLICABLE, Upload, UploadRow
from webapp.models.workers import Membership, Worker
from webapp.uploads.kinds import CARRIED_OUT, TAKEN_BACK, kind_of
from webapp.uploads.preview import ACTIVE_AGAIN

PAGE, ROWS_PAGE = 10, 25


def uploads_of(company):
    """A company's lists with who uploaded, started and undid them; ``is_from_radar`` where nobody
    uploaded them."""
    starter, undoer = User.alias(), User.alias()
    listed = AuditEntry.select().where(AuditEntry.subject == Upload.public_id,
                                       AuditEntry.kind == Event.RADAR_LISTED)
    return (Upload.select(Upload, User, starter.id, starter.name, undoer.id, undoer.name,
                          fn.EXISTS(listed).alias("is_from_radar"))
            .join(User, on=Upload.uploaded_by).switch(Upload)
            .join(starter, JOIN.LEFT_OUTER, on=(Upload.started_by == starter.id),
                  attr="started_by").switch(Upload)
            .join(undoer, JOIN.LEFT_OUTER, on=(Upload.undone_by == undoer.id), attr="undone_by")
            .where(Upload.company == company))


def upload_of(company, public_id):
    """The company's list with this id, or None."""
    return uploads_of(company).where(Upload.public_id == public_id).first()


def was_discarded(company, public_id):
    """Whether the company had a list with this id and deleted it."""
    return (AuditEntry.select().join(AuditChain)
            .where(AuditEntry.subject == public_id, AuditEntry.kind == Event.UPLOAD_DISCARDED,
                   AuditChain.name == company_chain(company)).exists())


def same_before(upload):
    """The newest earlier upload of the very same file, or None."""
    return (uploads_of(upload.company_id)
            .where(Upload.digest == upload.digest, Upload.id < upload.id)
            .order_by(Upload.id.desc()).first())


def counts_of(uploads, ends):
    """{id of the upload: {kind: how many rows}} of several lists at once.

    :param ends: what became of what they applied, as ``ends_of`` gave it just before.
    """
    knows = UploadRow.membership.is_null(False)
    rows = (UploadRow.select(UploadRow.upload, UploadRow.state, knows, fn.COUNT(UploadRow.id))
            .where(UploadRow.upload << [upload.id for upload in uploads])
            .group_by(UploadRow.upload, UploadRow.state, knows).tuples())
    counts = {upload.id: {} for upload in uploads}
    for number, state, has_membership, count in rows:
        kind = kind_of(state, has_membership=bool(has_membership))
        counts[number][kind] = counts[number].get(kind, 0) + count
    for number, states in ends.items():
        if states.get(UNDONE):
            counts[number][CARRIED_OUT] -= states[UNDONE]
            counts[number][TAKEN_BACK] = states[UNDONE]
    return counts


def columns_of(upload):
    """{field: position} of a list's columns."""
    return json.loads(upload.columns)


def rows_page(upload, kind, after):
    """(up to a page of a list's rows of one kind, in the order of the file; whether more follow).

    :param after: the number of the last row of the page before, or None.
    """
    rows = _of_kind(_with_deactivation(upload), kind)
    if after:
        rows = rows.where(UploadRow.number > after)
    found = list(rows.order_by(UploadRow.number).limit(ROWS_PAGE + 1))
    return found[:ROWS_PAGE], len(found) > ROWS_PAGE


def after_before(upload, kind, after):
    """What ``after`` is for the page before; None where that is the first."""
    rows = _of_kind(_with_deactivation(upload).select(UploadRow.number), kind)
    return (rows.where(UploadRow.number <= after)
            .order_by(UploadRow.number.desc()).offset(ROWS_PAGE).limit(1).scalar())


def _of_kind(rows, kind):
    rows = rows.where(UploadRow.state == kind.state)
    if kind.is_undone is not None:
        rows = rows.where(Deactivation.state == UNDONE if kind.is_undone
                          else Deactivation.state != UNDONE)
    if kind.has_left is None:
        return rows
    return rows.where(UploadRow.membership.is_null(not kind.has_left))


def row_of(upload, number):
    """A list's row with this number, or None."""
    return _with_deactivation(upload).where(UploadRow.number == number).first()


def _with_deactivation(upload):
    return (UploadRow.select(UploadRow, Deactivation.id, Deactivation.public_id,
                             Deactivation.state, Membership.id, Worker.id, Worker.name)
            .join(Deactivation, JOIN.LEFT_OUTER).switch(UploadRow)
            .join(Membership, JOIN.LEFT_OUTER).join(Worker, JOIN.LEFT_OUTER)
            .where(UploadRow.upload == upload))


def planned_days(upload):
    """(last working day, how many rows) of what would be applied."""
    return list(applicable(upload).select(UploadRow.last_day, fn.COUNT(UploadRow.id))
                .group_by(UploadRow.last_day).tuples())


def applicable(upload):
    """The rows that would be applied."""
    return UploadRow.select().where(UploadRow.upload == upload, UploadRow.state << APPLICABLE)


def active_again(upload):
    """The rows whose deactivations were taken back."""
    return (UploadRow.select().join(Deactivation)
            .where(UploadRow.upload == upload, Deactivation.state << ACTIVE_AGAIN))


def count_reachable(rows):
    """How many of the workers whom rows mean can be told."""
    can_be_told = (Worker.phone_sealed.is_null(False) | Worker.email_sealed.is_null(False)
                   | User.phone_sealed.is_null(False) | User.email_sealed.is_null(False))
    return (rows.switch(UploadRow).join(Membership).join(Worker).join(User, JOIN.LEFT_OUTER)
            .where(can_be_told).count())


def ends_of(uploads):
    """{id of the upload: {state of a deactivation: how many of its rows}} of several lists."""
    rows = (UploadRow.select(UploadRow.upload, Deactivation.state, fn.COUNT(UploadRow.id))
            .join(Deactivation).where(UploadRow.upload << [upload.id for upload in uploads])
            .group_by(UploadRow.upload, Deactivation.state).tuples())
    ends = {upload.id: {} for upload in uploads}
    for number, state, count in rows:
        ends[number][state] = count
    return ends
