"""Questions about uploaded lists."""

import json

from peewee import JOIN, fn

from webapp.models.deactivations import UNDONE, Deactivation
from webapp.models.people import User
from webapp.models.uploads import APPLICABLE, Upload, UploadRow
from webapp.models.workers import Membership, Worker
from webapp.uploads.kinds import kind_of

PAGE, ROWS_PAGE = 10, 25


def uploads_of(company):
    """A company's lists with who uploaded, started and undid them."""
    starter, undoer = User.alias(), User.alias()
    return (Upload.select(Upload, User, starter.id, starter.name, undoer.id, undoer.name)
            .join(User, on=Upload.uploaded_by).switch(Upload)
            .join(starter, JOIN.LEFT_OUTER, on=(Upload.started_by == starter.id),
                  attr="started_by").switch(Upload)
            .join(undoer, JOIN.LEFT_OUTER, on=(Upload.undone_by == undoer.id), attr="undone_by")
            .where(Upload.company == company))


def upload_of(company, public_id):
    """The company's list with this id, or None."""
    return uploads_of(company).where(Upload.public_id == public_id).first()


def same_before(upload):
    """The newest earlier upload of the very same file, or None."""
    return (uploads_of(upload.company_id)
            .where(Upload.digest == upload.digest, Upload.id < upload.id)
            .order_by(Upload.id.desc()).first())


def counts_of(uploads):
    """{id of the upload: {kind: how many rows}} of several lists at once."""
    knows = UploadRow.membership.is_null(False)
    rows = (UploadRow.select(UploadRow.upload, UploadRow.state, knows, fn.COUNT(UploadRow.id))
            .where(UploadRow.upload << [upload.id for upload in uploads])
            .group_by(UploadRow.upload, UploadRow.state, knows).tuples())
    counts = {upload.id: {} for upload in uploads}
    for number, state, has_membership, count in rows:
        kind = kind_of(state, has_membership=bool(has_membership))
        counts[number][kind] = counts[number].get(kind, 0) + count
    return counts


def columns_of(upload):
    """{field: position} of a list's columns."""
    return json.loads(upload.columns)


def rows_page(upload, kind, after):
    """(up to a page of a list's rows of one kind, in the order of the file; whether more follow).

    :param after: the number of the last row of the page before, or None.
    """
    rows = _with_deactivation(upload).where(UploadRow.state == kind.state)
    if kind.has_left is not None:
        rows = rows.where(UploadRow.membership.is_null(not kind.has_left))
    if after:
        rows = rows.where(UploadRow.number > after)
    found = list(rows.order_by(UploadRow.number).limit(ROWS_PAGE + 1))
    return found[:ROWS_PAGE], len(found) > ROWS_PAGE


def row_of(upload, number):
    """A list's row with this number, or None."""
    return _with_deactivation(upload).where(UploadRow.number == number).first()


def _with_deactivation(upload):
    return (UploadRow.select(UploadRow, Deactivation.id, Deactivation.public_id,
                             Deactivation.state)
            .join(Deactivation, JOIN.LEFT_OUTER).where(UploadRow.upload == upload))


def planned_days(upload):
    """(last working day, how many rows) of what would be applied."""
    return list(_applicable(UploadRow.select(UploadRow.last_day, fn.COUNT(UploadRow.id)), upload)
                .group_by(UploadRow.last_day).tuples())


def count_reachable(upload):
    """How many of those who would be ended can be told."""
    can_be_told = (Worker.phone_sealed.is_null(False) | Worker.email_sealed.is_null(False)
                   | User.phone_sealed.is_null(False) | User.email_sealed.is_null(False))
    rows = (UploadRow.select().join(Membership).join(Worker).join(User, JOIN.LEFT_OUTER)
            .where(can_be_told))
    return _applicable(rows, upload).count()


def count_undone(upload):
    """How many of a list's deactivations were taken back."""
    return (UploadRow.select().join(Deactivation)
            .where(UploadRow.upload == upload, Deactivation.state == UNDONE).count())


def _applicable(rows, upload):
    return rows.where(UploadRow.upload == upload, UploadRow.state << APPLICABLE)
