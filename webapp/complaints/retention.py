"""Erasing tickets of people without an account: nobody else knows them, and nothing rests on
them."""

from webapp import audit
from webapp.audit import Event
from webapp.db import write_transaction
from webapp.documents import store
from webapp.models.blocks import Complaint
from webapp.models.cases import Case, CaseVisit, Paper, Statement
from webapp.models.documents import Document
from webapp.models.messages import Message
from webapp.receipts.signing import show_number

AT_ONCE = 200


def erase_old(before, now):
    """Erase tickets without an account that were decided before a moment: what was written, the
    contact, the files, and to whom messages about them went. What was decided, when and by whom
    stays in the audit trail. Each is its own transaction.

    :returns: how many were erased.
    """
    old = (Complaint.select(Complaint.id, Complaint.case)
           .where(Complaint.user.is_null(), Complaint.decided_at < before)
           .order_by(Complaint.id).limit(AT_ONCE))
    return sum(_erase(complaint, now) for complaint in list(old))


def _erase(complaint, now):
    with write_transaction():
        if not Complaint.delete().where(Complaint.id == complaint.id).execute():
            return 0     # another process was faster
        case = complaint.case
        files = list(Document.select().join(Paper).where(Paper.case == case))
        for table in (Statement, Paper, CaseVisit):
            table.delete().where(table.case == case).execute()
        Document.delete().where(Document.id << [file.id for file in files]).execute()
        Case.delete().where(Case.id == case.id).execute()
        (Message.update(recipient_sealed=None, body_sealed=None)
         .where(Message.about == case.public_id).execute())
        audit.record(Event.COMPLAINT_ERASED, chain=audit.ACCOUNTS, actor=None,
                     subject=case.public_id, now=now, number=show_number(case.number),
                     files=len(files))
    for file in files:
        store.delete(file)
    return 1
