"""Handing in papers of a case and taking them back.

The case's row is locked while its papers change: they are counted exactly, and a case that is
decided meanwhile gets no more. The order of taking rows is everybody's: request or objection, case,
papers, audit last.
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
from webapp.models.claims import RETURNED
from webapp.models.documents import Document
from webapp.papers.kinds import KINDS
from webapp.papers.queries import (
    EVER,
    MOST_PAPERS,
    REVIEWED,
    SENT_IN,
    UNSENT,
    number_of_files,
    paper_like,
    taken_back_from,
    takes,
)
from webapp.rate_limit import Limit, count_try
from webapp.receipts.signing import show_number

# A file is read in a child process, of which there are few: nobody takes them all day. Three whole
# cases an hour are more than anybody hands in.
FILES_OF_PERSON = Limit("papers", 60, timedelta(hours=1))
SAME_FILE = ("Berkas ini sama dengan yang dikirim sebelumnya. Unggah foto atau berkas yang sudah "
             "diperbaiki.")
TOO_MANY = f"Sudah ada {MOST_PAPERS} berkas, itu yang paling banyak."


class CaseOver(Exception):
    """The case was decided or withdrawn: its papers stay as they are."""


class AlreadySent(Exception):
    """Others act on what was handed in by now: it stays."""


def add(case, side, user, kind, body, name, now):
    """Clean and keep a file as a paper of a case. The same file again is the same paper; as another
    kind it is refused.

    :param kind: a code of ``kinds.KINDS``.
    :raises webapp.documents.cleaning.Refused: with the sentence for the person.
    :raises CaseOver: it can take none any more.
    :raises AlreadySent: it takes none of this kind now.
    :raises webapp.rate_limit.TooMany: this person has handed in too many of late.
    """
    count_try(FILES_OF_PERSON, user.public_id.hex, now)
    document, harmless = documents.cleaned_document(body, name, user, now=now)
    store.put(document, harmless)     # before the row: it never points at nothing
    try:
        with write_transaction():
            paper = _take_up(case, side, user, kind, document, now)
    except BaseException:
        documents.discard(document)
        raise
    if paper.document_id != document.id:
        documents.discard(document)     # the same file is here already
    return paper


def remove(paper, side, user, now):
    """Take one's own side's paper back, with its file. Doing it twice changes nothing.

    :param paper: with its document.
    :raises CaseOver: it belongs to what was decided.
    :raises AlreadySent: it belongs to what was sent.
    """
    with write_transaction():
        since = _hold(paper.case, side)
        if since is None or paper.added_at < since:
            raise AlreadySent
        is_gone = Paper.delete().where(Paper.id == paper.id, Paper.side == side).execute()
        if is_gone:
            Document.delete().where(Document.id == paper.document_id).execute()
            _changed(Event.PAPER_REMOVED, paper.case, user, now, paper)
    if is_gone:
        store.delete(paper.document)


def note_reading(paper, user, now):
    """Record that somebody of the worker's or the company's side opened a paper."""
    with write_transaction():
        _record(Event.PAPER_READ, paper.case, user, now, paper)


def note_look(person, paper, officer, now):
    """Record that an officer opened a paper, among the looks at whom it is about.

    :param person: a ``branch.people.Person``; None for somebody without an account.
    """
    subject = person.public_id if person else paper.case.public_id
    with write_transaction():
        audit.record(Event.PAPER_READ, chain=audit.ACCOUNTS, actor=officer, subject=subject,
                     now=now, case=show_number(paper.case.number), paper=paper.kind,
                     side=paper.side, id=paper.public_id.hex)


def _take_up(case, side, user, kind, document, now):
    """The paper of a document that is stored: the one there is with this content, or a new one."""
    since = _hold(case, side)
    if not takes(case, side, kind):
        raise AlreadySent
    paper = paper_like(case, side, document.digest)
    is_sent = paper and (since is None or paper.added_at < since)
    if paper and paper.kind == kind:
        if is_sent and since is not None:     # it was sent back: another one is wanted
            raise Refused(SAME_FILE)
        return paper
    if paper:     # one file proves one thing; nobody's paper becomes another without their say
        instead = "" if is_sent else ", atau hapus dulu yang itu"
        raise Refused(f"Berkas ini sudah ada di sini sebagai {KINDS[paper.kind].label}. Pilih "
                      f"berkas lain{instead}.")
    if number_of_files(case) >= MOST_PAPERS:
        raise Refused(TOO_MANY)
    document.save(force_insert=True)
    paper = Paper.create(case=case, kind=kind, document=document, side=side, added_by=user,
                         added_at=now)
    _changed(Event.PAPER_ADDED, case, user, now, paper, size=document.size)
    return paper


def _hold(case, side):
    """Lock the case until the transaction ends; it is not over. Returns from when on what the side
    handed in may be taken back, as ``taken_back_from`` says."""
    if side != AT_BRANCH:
        _hold_unsent(case)
    held = (Case.update(version=Case.version)
            .where(Case.id == case.id, Case.closed_at.is_null()).execute())
    if not held:
        raise CaseOver
    return EVER if side == AT_BRANCH else taken_back_from(case, side)


def _hold_unsent(case):
    """Lock the request, objection, claim or switch of the case, if what was handed in with it may
    change."""
    table = SENT_IN.get(case.kind)
    if table is None:
        return
    states = (*UNSENT[case.kind], RETURNED) if case.kind in REVIEWED else UNSENT[case.kind]
    table.update(version=table.version).where(table.case == case, table.state << states).execute()


def _changed(event, case, actor, now, paper, **details):
    """Record it; whoever decides on an older page is told, unless it is a paper of the branch."""
    if paper.side != AT_BRANCH:
        Case.update(version=Case.version + 1).where(Case.id == case.id).execute()
    _record(event, case, actor, now, paper, **details)


def _record(event, case, actor, now, paper, **details):
    audit.record(event, chain=chain_of(case), actor=actor, subject=paper.public_id, now=now,
                 case=show_number(case.number), paper=paper.kind, side=paper.side, **details)
