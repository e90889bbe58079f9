"""What companies uploaded is forgotten in time: a list names many people, some of them by mistake.

Lists that never did anything go wholly. Of the others stays what became of each row: its number,
its state and its deactivation.
"""

from datetime import timedelta
from itertools import islice

from webapp import audit
from webapp.audit import Event
from webapp.db import write_transaction
from webapp.documents import store
from webapp.models.companies import Company
from webapp.models.uploads import APPLICABLE, CANCELLED, DONE, SKIPPED, Upload, UploadRow

# Lists are made once a month: whoever has not used one by then has the next one at hand.
UNUSED_FOR = timedelta(days=30)
# Companies close their books once a year; until then they ask what a list had said.
SAID_FOR = timedelta(days=365)
# Longer than any request: its row may be on the way.
ORPHAN_AFTER = timedelta(days=2)
MOST = 100                # lists at once
CHUNK = 200               # rows: others who write wait some milliseconds


def forget(now):
    """Delete and clear what is due, and bytes without a list. Returns how many of each."""
    return _delete_unused(now), _clear_said(now), _delete_orphans(now)


def _delete_unused(now):
    unused = (Upload.select(Upload, Company).join(Company)
              .where(Upload.started_at.is_null(), Upload.uploaded_at < now - UNUSED_FOR)
              .order_by(Upload.id).limit(MOST))
    return sum(_delete(upload, now) for upload in list(unused))


def _delete(upload, now):
    with write_transaction():
        is_gone = Upload.delete().where(Upload.id == upload.id,
                                        Upload.started_at.is_null()).execute()
        if is_gone:
            audit.record(Event.UPLOAD_DISCARDED, chain=audit.company_chain(upload.company),
                         actor=None, subject=upload.public_id, now=now)
    if is_gone:
        store.delete(upload)
    return is_gone


def _clear_said(now):
    said = (Upload.select()
            .where(Upload.state << (DONE, CANCELLED), Upload.finished_at < now - SAID_FOR,
                   Upload.headers_sealed.is_null(False))
            .order_by(Upload.id).limit(MOST))
    return len([_clear(upload) for upload in list(said)])


def _clear(upload):
    """The headers go last: while they stand, this is done again."""
    store.delete(upload)
    with write_transaction():     # what was never applied means nobody any more
        (UploadRow.update(state=SKIPPED, membership=None)
         .where(UploadRow.upload == upload, UploadRow.state << APPLICABLE).execute())
    while _clear_rows(upload):
        pass
    with write_transaction():
        (Upload.update(headers_sealed=None, version=Upload.version + 1)
         .where(Upload.id == upload.id).execute())


def _clear_rows(upload):
    """How many rows had something in them, up to a chunk."""
    some = (UploadRow.select(UploadRow.id)
            .where(UploadRow.upload == upload, UploadRow.said_sealed.is_null(False))
            .limit(CHUNK))
    with write_transaction():
        return (UploadRow.update(said_sealed=None, reason="", last_day=None)
                .where(UploadRow.id << some).execute())


def _delete_orphans(now):
    """Bytes whose list was never kept, or is gone: somebody was killed between the two."""
    names, count = store.kept_in(Upload.folder, before=now - ORPHAN_AFTER), 0
    while some := list(islice(names, CHUNK)):
        known = Upload.select(Upload.public_id).where(Upload.public_id << some)
        orphans = {*some} - {name for (name,) in known.tuples()}
        for name in orphans:
            store.delete(Upload(public_id=name))
        count += len(orphans)
    return count
