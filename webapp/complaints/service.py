"""Sending a complaint and answering in it; what an office does is ``complaint_desk.service``.

Files are cleaned and stored before the transaction that takes them up, and let go of when it does
not. The order in which rows are taken is everybody's: complaint, case, papers, messages, audit
last.
"""

from dataclasses import dataclass
from datetime import timedelta

from peewee import IntegrityError

from webapp import audit
from webapp.audit import Event
from webapp.cases import deadlines
from webapp.cases import service as cases
from webapp.cases.service import CaseChanged
from webapp.clock import day_of
from webapp.complaints import messages
from webapp.complaints.queries import complaint_in, complaint_with, unanswered
from webapp.complaints.states import hold, move
from webapp.complaints.telling import tell_reporter
from webapp.db import write_transaction
from webapp.documents import service as documents
from webapp.documents import store
from webapp.documents.cleaning import Refused
from webapp.models.blocks import AWAITING_REPORTER, DECIDED, REVIEWED, Complaint
from webapp.models.cases import AT_BRANCH, AT_WORKER, COMPLAINT, Case, Paper
from webapp.models.documents import Document
from webapp.papers.kinds import OTHER
from webapp.papers.queries import MOST_PAPERS, number_of_files
from webapp.parameters import rules_on
from webapp.rate_limit import Limit, count_try
from webapp.receipts.letters import new_secret
from webapp.receipts.signing import show_number

# Phones of one operator share an address; this keeps a machine from filling the queue.
FROM_ADDRESS = Limit("complaint-address", 60, timedelta(hours=1))
SENT = Limit("complaints", 5, timedelta(days=1))     # of one account
ANSWERED = Limit("complaints-answered", 20, timedelta(hours=1))     # in one complaint
MOST_FILES = 3     # with one form

__all__ = ["CaseChanged", "MOST_FILES", "Refused", "Report", "SentOtherwise", "answer",
           "return_unanswered", "send"]


class SentOtherwise(Exception):
    """This form was sent before with other content, which stays as it was sent."""


@dataclass(frozen=True)
class Report:
    """What somebody complains about.

    :param subject: in words.
    :param branch: the number of the office that is asked.
    :param block: the ``Block`` it is about, or None.
    :param name: of whoever has no account, with phone, email or both; else None.
    """

    subject: str
    story: str
    branch: int
    block: object = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None


def send(report, user, *, key, files, address, now):
    """Open a ticket. Sent twice, it is the same one; with other content it is not.

    :param user: whose account it is, or None.
    :param key: as ``queries.key_of`` makes it.
    :param files: pairs of (bytes, name), at most ``MOST_FILES``.
    :param address: the network address it comes from.
    :returns: the ``Complaint``.
    :raises Refused: a file cannot be taken; the sentence says why.
    :raises SentOtherwise: this form was sent before, with other content.
    :raises webapp.rate_limit.TooMany: too often from there, or by this person.
    """
    found = complaint_with(key)
    if found and not files:
        return _same(found, report, [])
    count_try(FROM_ADDRESS, address, now)
    kept = _stored(files, user, now)
    try:
        if found:
            return _same(found, report, kept)
        with write_transaction():
            return _opened(report, user, key, kept, now)
    except IntegrityError:     # the other press was faster
        found = complaint_with(key)
        if not found:
            raise
        return _same(found, report, kept)
    finally:
        _discard(kept)     # what no complaint took up


def answer(complaint, user, text, files, now):
    """The person writes: an answer to what the office asked, or something more. The same again,
    from a button pressed twice, changes nothing; with another file, the file is taken.

    :param user: who writes, or None without an account.
    :raises Refused: :raises webapp.rate_limit.TooMany: as ``send`` does.
    :raises CaseChanged: it was decided meanwhile.
    """
    case = complaint.case
    if not files and cases.has_just_said(case, user, text, now):
        return
    count_try(ANSWERED, case.public_id.hex, now)
    kept = _stored(files, user, now)
    try:
        with write_transaction():
            _take_answer(complaint, user, text, kept, now)
    finally:
        _discard(kept)     # what the case did not take up


def return_unanswered(now):
    """Give back to the office what was asked and not answered in time. Runs by itself; each one is
    its own transaction.

    :returns: how many went back.
    """
    return sum(_return(number, now) for (number,) in list(unanswered(day_of(now))))


def _opened(report, user, key, kept, now):
    today = day_of(now)
    until = deadlines.complaint_until(today, rules_on(today))
    case = cases.open_case(COMPLAINT, branch=report.branch, opened_by=user, holder=AT_BRANCH,
                           due_on=until, now=now, user=user)
    complaint = Complaint(case=case, user=user, block=report.block, sent_at=now, key=key)
    complaint.subject, complaint.story = report.subject, report.story
    complaint.name, complaint.phone, complaint.email = report.name, report.phone, report.email
    complaint.secret = new_secret()
    complaint.save(force_insert=True)
    if user:     # after the row, whose key lets the same press count once
        count_try(SENT, user.public_id.hex, now)
    _attach(case, kept, user, now)
    told = (messages.received(case, until) if user
            else messages.received_with(case, until, complaint.secret))
    tell_reporter(complaint, "received", now, **told)
    _record(Event.COMPLAINT_SENT, complaint, user, now, until=until.isoformat(), files=len(kept))
    return complaint


def _take_answer(complaint, user, text, kept, now):
    fresh, case = hold(complaint), complaint.case
    if fresh.state in DECIDED:
        raise CaseChanged
    is_said = cases.has_just_said(case, user, text, now)
    if is_said:
        kept = _others_than_in(case, kept)
        if not kept:
            return
    if number_of_files(case) + len(kept) > MOST_PAPERS:
        raise Refused(f"Sudah ada {number_of_files(case)} berkas. Paling banyak {MOST_PAPERS}.")
    if fresh.state == AWAITING_REPORTER:
        move(fresh, fresh.version, REVIEWED)
        cases.hand_on(case.id, AT_BRANCH, _promise(now), now)
    if not is_said:
        cases.say(case.id, AT_WORKER, user, text, now)
    _attach(case, kept, user, now)
    if user:
        cases.forget_typed(case, user)
    _record(Event.COMPLAINT_ANSWERED, complaint, user, now, files=len(kept))


def _return(number, now):
    with write_transaction():
        fresh = hold(Complaint(id=number))
        case = Case.get_by_id(fresh.case_id)
        if fresh.state != AWAITING_REPORTER or case.due_on >= day_of(now):
            return 0
        until = _promise(now)
        move(fresh, fresh.version, REVIEWED)
        cases.hand_on(case.id, AT_BRANCH, until, now)
        complaint = complaint_in(case)
        tell_reporter(complaint, "unanswered", now, **messages.unanswered(complaint.case, until))
        _record(Event.COMPLAINT_UNANSWERED, complaint, None, now, until=until.isoformat())
    return 1


def _promise(now):
    today = day_of(now)
    return deadlines.complaint_until(today, rules_on(today))


def _stored(files, user, now):
    """Harmless forms of these files, in the store: their documents, without rows yet."""
    kept = []
    try:
        for body, name in files:
            document, harmless = documents.cleaned_document(body, name, user, now=now)
            kept.append(document)
            store.put(document, harmless)
    except store.StoreTrouble:     # nor would it delete: ``documents.sweep`` will
        raise
    except BaseException:
        _discard(kept)
        raise
    return kept


def _same(found, report, kept):
    """The complaint that was found, if it says what this report says."""
    said = (found.subject, found.story, found.case.branch_id, found.block_id, found.name,
            found.phone, found.email)
    if said != (report.subject, report.story, report.branch, report.block and report.block.id,
                report.name, report.phone, report.email) or _others_than_in(found.case, kept):
        raise SentOtherwise
    return found


def _others_than_in(case, kept):
    """Those of the documents that the person did not hand in with this case before."""
    there = {digest for (digest,) in Document.select(Document.digest).join(
        Paper, on=Paper.document == Document.id).where(
        Paper.case == case, Paper.side == AT_WORKER).tuples()}
    return [document for document in kept if document.digest not in there]


def _attach(case, kept, user, now):
    for document in kept:
        document.save(force_insert=True)
        Paper.create(case=case, kind=OTHER, document=document, side=AT_WORKER, added_by=user,
                     added_at=now)


def _discard(kept):
    """Let go of the bytes of those that have no row."""
    for document in kept:
        documents.discard(document)


def _record(event, complaint, actor, now, **details):
    subject = complaint.user.public_id if complaint.user_id else complaint.case.public_id
    audit.record(event, chain=audit.ACCOUNTS, actor=actor, subject=subject, now=now,
                 number=show_number(complaint.case.number), **details)
