"""Questions about deactivations."""

from webapp.models.deactivations import DRAFT, STANDING, Correction, Deactivation
from webapp.models.documents import Document
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership, Worker


def deactivations_of(company):
    """A company's deactivations with membership and worker."""
    return (Deactivation.select(Deactivation, Membership, Worker)
            .join(Membership).join(Worker)
            .where(Deactivation.company == company))


def drafts_of(company, user):
    """The drafts that a clerk of a company has begun; a filed one still answers to its id."""
    return deactivations_of(company).where(Deactivation.drafted_by == user)


def filed_of(company):
    """A company's deactivations that were filed."""
    return deactivations_of(company).where(Deactivation.state != DRAFT)


def draft_for(membership, user):
    """The draft this clerk began for this membership, or None."""
    return Deactivation.get_or_none(Deactivation.membership == membership,
                                    Deactivation.drafted_by == user, Deactivation.state == DRAFT)


def standing_for(membership):
    """The deactivation of a membership that was filed and not taken back, or None."""
    return Deactivation.get_or_none(Deactivation.membership == membership,
                                    Deactivation.state << STANDING)


def history_of(membership):
    """All filed deactivations of a membership with their receipts, newest first."""
    return (Deactivation.select(Deactivation, Receipt).join(Receipt)
            .where(Deactivation.membership == membership, Deactivation.state != DRAFT)
            .order_by(Deactivation.filed_at.desc()))


def standing_among(memberships):
    """Of these memberships, the standing deactivation of each: dict by membership id."""
    ids = [membership.id for membership in memberships]
    rows = (Deactivation.select().where(Deactivation.membership << ids,
                                        Deactivation.state << STANDING))
    return {row.membership_id: row for row in rows}


def open_correction(deactivation):
    """The correction request that waits at the branch, or None."""
    return Correction.get_or_none(Correction.deactivation == deactivation)


def documents_uploaded_by(user, company):
    """Papers that a clerk handed in for a company."""
    return Document.select().where(Document.uploaded_by == user, Document.company == company)
