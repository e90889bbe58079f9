"""Handing in papers of a case and taking them back; originals shown at the counter.

The case's row is locked while its papers change: they are counted exactly, and a case that is
decided meanwhile gets no more. The order of taking rows is everybody's: case, papers, audit last.
"""

from datetime import timedelta

from webapp import audit
from webapp.audit import Event
from webapp.cases.service import chain_of
from webapp.db import write_transaction
from webapp.documents import service as documents
from webapp.documents import store
from webapp.documents.cleaning import Refused
from webapp.models.cases import AT_BRANCH, Case, Paper
from webapp.models.documents import Document
from webapp.papers.queries import MOST_PAPERS, number_of_files, original_of, paper_like
from webapp.rate_limit import Limit, count_try
from webapp.receipts.signing import show_number

# A file is read in a child process, of which there are few: nobody takes them all day. Three whole
# cases an hour are more than anybody hands in.
FILES_OF_PERSON = Limit("papers", 60, timedelta(hours=1))
TOO_MANY = (f"Sudah ada {MOST_PAPERS} berkas, itu yang paling banyak. Hapus dulu yang tidak "
            "perlu.")


class CaseOver(Exception):
    """The case was decided or withdrawn: its papers stay as they are."""


def add(case, side, user, kind, body, name, now):
    """Clean and keep a file as a paper of a case. The same file again is the same paper.

    :param kind: a code of ``kinds.KINDS``.
    :raises webapp.documents.cleaning.Refused: with the sentence for the person.
    :raises CaseOver: it can take none any more.
    :raises webapp.rate_limit.TooMany: this person has handed in too many of late.
    """
    count_try(FILES_OF_PERSON, user.public_id.hex, now)
    document, harmless = documents.cleaned_document(body, name, user, now=now)
    store.put(document, harmless)     # before the row: it never points at nothing
    try:
        with write_transaction():
            paper = _take_up(case, side, user, kind, document, now)
    except (CaseOver, Refused):
        store.delete(document)
        raise
    if paper.document_id != document.id:
        store.delete(document)     # the same file is here already
    return paper


def remove(paper, side, user, now):
    """Take one's own side's paper back, with its file. Doing it twice changes nothing.

    :param paper: with its document.
    :raises CaseOver: it belongs to what was decided.
    """
    with write_transaction():
        _hold(paper.case)
        is_gone = Paper.delete().where(Paper.id == paper.id, Paper.side == side).execute()
        if is_gone:
            Document.delete().where(Document.id == paper.document_id).execute()
            _record(Event.PAPER_REMOVED, paper.case, user, now, paper)
    if is_gone and paper.document_id:
        store.delete(paper.document)


def show_original(case, kind, officer, now):
    """Record that an original was shown at the counter. Doing it twice changes nothing.

    :raises CaseOver: as ``add``.
    """
    with write_transaction():
        _hold(case)
        paper = original_of(case, kind)
        if not paper:
            paper = Paper.create(case=case, kind=kind, side=AT_BRANCH, added_by=officer,
                                 added_at=now)
            _record(Event.ORIGINAL_SHOWN, case, officer, now, paper)
    return paper


def unshow(case, kind, officer, now):
    """It was not shown after all.

    :raises CaseOver: as ``add``.
    """
    paper = original_of(case, kind)
    if paper:
        remove(paper, AT_BRANCH, officer, now)


def note_reading(paper, user, now):
    """Record that somebody opened a paper."""
    with write_transaction():
        _record(Event.PAPER_READ, paper.case, user, now, paper)


def _take_up(case, side, user, kind, document, now):
    """The paper of a document that is stored: the one there is with this content, or a new one."""
    _hold(case)
    paper = paper_like(case, side, document.digest)
    if paper and paper.kind == kind:
        return paper
    if paper:     # it was handed in as something else by mistake
        Paper.update(kind=kind).where(Paper.id == paper.id).execute()
        paper.kind = kind
    else:
        if number_of_files(case) >= MOST_PAPERS:
            raise Refused(TOO_MANY)
        document.save(force_insert=True)
        paper = Paper.create(case=case, kind=kind, document=document, side=side, added_by=user,
                             added_at=now)
    _record(Event.PAPER_ADDED, case, user, now, paper, size=document.size)
    return paper


def _hold(case):
    """Lock the case until the transaction ends; it is not over."""
    held = (Case.update(version=Case.version)
            .where(Case.id == case.id, Case.closed_at.is_null()).execute())
    if not held:
        raise CaseOver


def _record(event, case, actor, now, paper, **details):
    audit.record(event, chain=chain_of(case), actor=actor, subject=paper.public_id, now=now,
                 case=show_number(case.number), paper=paper.kind, side=paper.side, **details)
