"""Lists of leavers: taken in, started, undone. Each function is one transaction."""

from hashlib import sha256

from webapp import audit, vault
from webapp.audit import Event
from webapp.db import write_transaction
from webapp.documents import store
from webapp.formats import one_line
from webapp.models.uploads import APPLICABLE, DONE, READY, RUNNING, Upload, UploadRow

LONGEST_NAME = 120


def take_in(company, user, body, name, now):
    """Keep a file as it came. Returns its ``Upload``; the check follows in the background.

    The bytes are written before the row: a row never points at nothing.

    :param body: its bytes, at most ``spreadsheets.MAX_FILE_BYTES``.
    :param name: as the browser gave it.
    """
    upload = Upload(company=company, uploaded_by=user, uploaded_at=now,
                    digest=vault.current().index(sha256(body).hexdigest(),
                                                  "upload.digest"))
    upload.name = one_line(name.replace("\\", "/").rpartition("/")[2])[:LONGEST_NAME] or "berkas"
    store.put(upload, body)
    with write_transaction():
        upload.save(force_insert=True)
        audit.record(Event.UPLOADED, chain=audit.company_chain(company), actor=user,
                     subject=upload.public_id, now=now, size=len(body))
    return upload


class Outdated(Exception):
    """The rows were changed after they were shown; nothing was started."""


def start(upload, user, *, shown, now):
    """Let what can be applied be applied in the background. Pressing again changes nothing.

    :param shown: how many rows the page said would be applied.
    :raises Outdated: it is another number by now.
    """
    with write_transaction():
        started = (Upload.update(state=RUNNING, started_by=user, started_at=now, finished_at=None,
                                 version=Upload.version + 1)
                   .where(Upload.id == upload.id, Upload.state << (READY, DONE)).execute())
        count = UploadRow.select().where(UploadRow.upload == upload,
                                         UploadRow.state << APPLICABLE).count()
        if not started:
            return
        if count != shown:
            raise Outdated
        audit.record(Event.UPLOAD_STARTED, chain=audit.company_chain(upload.company), actor=user,
                     subject=upload.public_id, now=now, rows=count)
