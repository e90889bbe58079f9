"""Taking papers in, and forgetting those that belong to nothing."""

import hashlib
from contextlib import suppress
from datetime import timedelta
from itertools import islice

from webapp import audit
from webapp.audit import Event
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.documents import store
from webapp.documents.cleaning import ENDINGS, cleaned
from webapp.formats import one_line
from webapp.models.cases import Paper
from webapp.models.deactivations import Deactivation
from webapp.models.documents import Document
from webapp.parameters import rules_on
from webapp.rate_limit import Limit, count_try

# One every six seconds: no clerk at a month's end is that quick.
FILES_OF_CLERK = Limit("documents", 600, timedelta(hours=1))
ORPHAN_AFTER = timedelta(days=2)
PARTS = 256     # of the store: the folders that its documents lie in
CHUNK = 200


def take_in(body, name, user, *, company, now):
    """Clean, encrypt and store a file. Returns its ``Document``.

    The bytes are written before the row: a row never points at nothing.

    :raises webapp.documents.cleaning.Refused: with the sentence for the person.
    :raises webapp.rate_limit.TooMany: this person has handed in too many of late.
    """
    count_try(FILES_OF_CLERK, user.public_id.hex, now)
    document, harmless = cleaned_document(body, name, user, company=company, now=now)
    store.put(document, harmless)
    with write_transaction():
        document.save(force_insert=True)
        audit.record(Event.DOCUMENT_STORED, chain=audit.company_chain(company), actor=user,
                     subject=document.public_id, now=now, size=document.size)
    return document


def cleaned_document(body, name, user, *, now, company=None):
    """The harmless form of a file, not stored yet: (``Document``, bytes).

    :raises webapp.documents.cleaning.Refused: with the sentence for the person.
    """
    media_type, harmless = cleaned(body, rules_on(day_of(now))["document.max_bytes"])
    document = Document(company=company, uploaded_by=user, uploaded_at=now, media_type=media_type,
                        size=len(harmless), digest=hashlib.sha256(harmless).hexdigest())
    document.label = _label(name, media_type)
    return document, harmless


def note_reading(document, user, *, company, now):
    """Record that somebody opened a paper."""
    with write_transaction():
        audit.record(Event.DOCUMENT_READ, chain=audit.company_chain(company), actor=user,
                     subject=document.public_id, now=now)


def discard(document):
    """Delete the bytes of a document that was not kept. Whether it was is asked: a transaction may
    have gone through although its answer was lost. What the store does not delete is left to
    ``sweep``."""
    if not Document.select().where(Document.public_id == document.public_id).exists():
        with suppress(store.StoreTrouble):
            store.delete(document)


def purge_orphans(now):
    """Delete documents that no deactivation and no case has taken up for two days. Returns how
    many.

    Somebody may take one up meanwhile: its bytes go only when its row went.
    """
    return sum(_purge(document) for document in list(orphans(now).limit(500)))


def orphans(now):
    """The documents that nothing has taken up for two days."""
    return Document.select().where(Document.uploaded_at < now - ORPHAN_AFTER,
                                   _belongs_to_nothing())


def sweep(now):
    """Delete bytes without a row: somebody was killed between the two. Returns how many.

    Each hour looks through one of the store's parts, so that a large store is no long work.
    """
    part = f"{int(now.timestamp()) // 3600 % PARTS:02x}"
    names, count = store.kept_in(part, before=now - ORPHAN_AFTER), 0
    while some := list(islice(names, CHUNK)):
        known = Document.select(Document.public_id).where(Document.public_id << some)
        orphans = {*some} - {name for (name,) in known.tuples()}
        for name in orphans:
            store.delete(Document(public_id=name))
        count += len(orphans)
    return count


def _belongs_to_nothing():
    in_deactivations = Deactivation.select(Deactivation.document).where(
        Deactivation.document.is_null(False))
    return (Document.id.not_in(in_deactivations)
            & Document.id.not_in(Paper.select(Paper.document)))


def _purge(document):
    with write_transaction():
        is_gone = Document.delete().where(Document.id == document.id,
                                          _belongs_to_nothing()).execute()
    if is_gone:
        store.delete(document)
    return is_gone


def _label(name, media_type):
    """The file's own name as a label: printable, short, with the ending of what it is."""
    stem = one_line(name.replace("\\", "/").rsplit("/", 1)[-1]).rsplit(".", 1)[0].strip(" .")
    return f"{stem[:80] or 'berkas'}.{ENDINGS[media_type]}"
