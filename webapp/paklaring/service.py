"""The work letter (paklaring): approved once by the company, then unchanged."""

from webapp import audit
from webapp.audit import Event
from webapp.db import write_transaction
from webapp.models.deactivations import WorkLetter


class AlreadyApproved(Exception):
    """It was approved before, perhaps by a colleague; it stays as it is."""


def letter_of(deactivation):
    """The letter that a deactivation produced, or None."""
    return WorkLetter.get_or_none(WorkLetter.deactivation == deactivation)


def approve(letter, user, *, company, now, **answers):
    """Approve a letter with its last details (position, number, signatory, signatory_title).

    :raises AlreadyApproved: and nothing changes.
    """
    with write_transaction():
        changed = (WorkLetter.update(approved_by=user, approved_at=now, **answers)
                   .where(WorkLetter.id == letter.id, WorkLetter.approved_at.is_null()).execute())
        if not changed:
            raise AlreadyApproved
        audit.record(Event.WORK_LETTER_APPROVED, chain=audit.company_chain(company), actor=user,
                     subject=letter.deactivation.public_id, now=now)
