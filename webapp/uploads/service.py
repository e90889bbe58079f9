"""Lists of leavers: taken in, started, discarded. Each function is one transaction."""

from datetime import timedelta
from hashlib import sha256

from webapp import audit, vault
from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.db import write_transaction
from webapp.documents import store
from webapp.formats import one_line
from webapp.models.uploads import APPLICABLE, DONE, READY, RUNNING, Upload, UploadRow

LONGEST_NAME = 120
SAME_FOR = timedelta(minutes=10)     # a line that was lost is back by then, or the clerk gave up


class Outdated(Exception):
    """The list was changed after it was shown; nothing was done."""


def take_in(company, user, body, name, now, *, event=Event.UPLOADED):
    """Keep a file as it came. Returns its ``Upload``; the check follows in the background.

    The bytes are written before the row: a row never points at nothing. The same file again from
    the same clerk is the list it has become, while that is as it was checked: the answer was lost,
    or the button pressed twice.

    :param body: its bytes, at most ``spreadsheets.MAX_FILE_BYTES``.
    :param name: as the browser gave it.
    :param event: as what it is recorded: somebody uploaded it, unless it was made here.
    """
    upload = Upload(company=company, uploaded_by=user, uploaded_at=now,
                    digest=vault.current().index(sha256(body).hexdigest(),
                                                  "upload.digest"))
    upload.name = one_line(name.replace("\\", "/").rpartition("/")[2])[:LONGEST_NAME] or "berkas"
    store.put(upload, body)
    with write_transaction():
        locked(user.id)     # two presses at once, one after the other
        before = _same_just_before(upload)
        if not before:
            upload.save(force_insert=True)
            audit.record(event, chain=audit.company_chain(company), actor=user,
                         subject=upload.public_id, now=now, size=len(body))
    if before:
        store.delete(upload)
    return before or upload


def _same_just_before(upload):
    newest = (Upload.select()
              .where(Upload.company == upload.company, Upload.digest == upload.digest,
                     Upload.uploaded_by == upload.uploaded_by)
              .order_by(Upload.id.desc()).first())
    if (newest and newest.name == upload.name and not newest.started_at
            and newest.uploaded_at > upload.uploaded_at - SAME_FOR
            and not UploadRow.select().where(UploadRow.upload == newest,
                                             UploadRow.version > 1).exists()):
        return newest
    return None


def start(upload, user, *, version, now):
    """Let what can be applied be applied in the background. The same again changes nothing, however
    late it comes.

    :param version: of the list as it was shown.
    :raises Outdated: it is another one by now, or nothing of it can be applied.
    """
    with write_transaction():
        started = (Upload.update(state=RUNNING, started_by=user, started_at=now, finished_at=None,
                                 started_version=version, leased_until=None,
                                 version=Upload.version + 1)
                   .where(Upload.id == upload.id, Upload.state << (READY, DONE),
                          Upload.version == version).execute())
        if not started:
            return _started_before(upload, version)
        count = UploadRow.select().where(UploadRow.upload == upload,
                                         UploadRow.state << APPLICABLE).count()
        if not count:
            raise Outdated
        audit.record(Event.UPLOAD_STARTED, chain=audit.company_chain(upload.company), actor=user,
                     subject=upload.public_id, now=now, rows=count)
    return None


def _started_before(upload, version):
    fresh = Upload.get_or_none(Upload.id == upload.id)
    if fresh and fresh.state in (READY, DONE) and fresh.started_version != version:
        raise Outdated


def discard(upload, user, *, version, now):
    """Delete a list that was never started, with its rows and its file.

    :param version: of the list as it was shown.
    :raises Outdated: it was changed, or started.
    """
    with write_transaction():
        if not (Upload.delete().where(Upload.id == upload.id, Upload.version == version,
                                      Upload.started_at.is_null()).execute()):
            raise Outdated
        audit.record(Event.UPLOAD_DISCARDED, chain=audit.company_chain(upload.company), actor=user,
                     subject=upload.public_id, now=now)
    store.delete(upload)
