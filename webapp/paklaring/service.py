"""The work letter (paklaring): approved once by the company, then unchanged."""

from webapp import audit
from webapp.audit import Event
from webapp.db import write_transaction
from webapp.models.deactivations import STANDING, Deactivation, WorkLetter


class NotApproved(Exception):
    """It was approved before, perhaps by a colleague, or its report was undone meanwhile."""


def approve(letter, user, *, company, now, **answers):
    """Approve a letter with its last details (position, number, signatory, signatory_title).

    :raises NotApproved: and nothing changes.
    """
    reports = Deactivation.select(Deactivation.id).where(Deactivation.state << STANDING)
    with write_transaction():
        changed = (WorkLetter.update(approved_by=user, approved_at=now, **answers)
                   .where(WorkLetter.id == letter.id, WorkLetter.approved_at.is_null(),
                          WorkLetter.deactivation << reports).execute())
        if not changed:
            raise NotApproved
        audit.record(Event.WORK_LETTER_APPROVED, chain=audit.company_chain(company), actor=user,
                     subject=letter.deactivation.public_id, now=now)
