"""Questions about deactivations."""

from peewee import JOIN

from webapp.models.cases import WITHDRAWN, Case, Objection
from webapp.models.deactivations import DRAFT, REQUESTED, STANDING, Correction, Deactivation
from webapp.models.documents import Document
from webapp.models.people import User
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership, Worker
from webapp.prepared import prepared


def deactivations_of(company):
    """A company's deactivations with membership and worker."""
    return (Deactivation.select(Deactivation, Membership, Worker)
            .join(Membership).join(Worker)
            .where(Deactivation.company == company))


@prepared
def draft_of(company, user, public_id):
    """The draft with this id that a clerk began; a filed one still answers to its id."""
    return (_with_paper(deactivations_of(company))
            .where(Deactivation.drafted_by == user, Deactivation.public_id == public_id))


@prepared
def filed_of(company, public_id):
    """The company's deactivation with this id that was filed, with its receipt, its paper, who
    filed it and who undid it."""
    undoer = User.alias()
    return (_with_paper(deactivations_of(company)).switch(Deactivation)
            .join(Receipt, attr="receipt").switch(Deactivation)
            .join(User, on=Deactivation.filed_by).switch(Deactivation)
            .join(undoer, JOIN.LEFT_OUTER, on=(Deactivation.undone_by == undoer.id),
                  attr="undone_by")
            .select_extend(Receipt, User, undoer.id, undoer.name, undoer.role)
            .where(Deactivation.state != DRAFT, Deactivation.public_id == public_id))


def _with_paper(deactivations):
    """The same rows, each with the paper handed in for it, or None."""
    return (deactivations.select_extend(Document.id, Document.public_id, Document.label_sealed)
            .switch(Deactivation).join(Document, JOIN.LEFT_OUTER))


@prepared
def current_for(membership, user):
    """What concerns a clerk about a membership now: the standing deactivation, the own draft."""
    return (Deactivation.select()
            .where(Deactivation.membership == membership,
                   (Deactivation.state << STANDING)
                   | ((Deactivation.state == DRAFT) & (Deactivation.drafted_by == user))))


@prepared
def standing_for(membership):
    """The deactivation of a membership that was filed and not taken back, if any."""
    return Deactivation.select().where(Deactivation.membership == membership,
                                       Deactivation.state << STANDING)


def deaths():
    """The reports that say that somebody died and stand, also while they are disputed: a query that
    knows the membership, too."""
    return (Deactivation.select().join(Membership)
            .where(Deactivation.reason == "MGL", Deactivation.state << STANDING))


def is_dead(worker):
    """Whether one of them is about a person."""
    return deaths().where(Membership.worker == worker).exists()


def history_of(membership):
    """All filed deactivations of a membership with their receipts, newest first."""
    return (Deactivation.select(Deactivation, Receipt).join(Receipt)
            .where(Deactivation.membership == membership, Deactivation.state != DRAFT)
            .order_by(Deactivation.filed_at.desc()))


@prepared
def open_correction(deactivation):
    """The correction request that waits at the branch, if any."""
    return Correction.select().where(Correction.deactivation == deactivation,
                                     Correction.state == REQUESTED)


@prepared
def newest_correction(deactivation):
    """What the company asked the branch to put right, as it stands or was decided, with its case;
    or None."""
    return (Correction.select(Correction, Case.id, Case.due_on)
            .join(Case, JOIN.LEFT_OUTER, on=(Case.correction == Correction.id), attr="case")
            .where(Correction.deactivation == deactivation)
            .order_by(Correction.id.desc()).limit(1))


@prepared
def dispute_over(deactivation):
    """The objection to a deactivation that was sent and not withdrawn, with its case; or None."""
    return (Objection.select(Objection, Case.id, Case.public_id, Case.number, Case.due_on)
            .join(Case)
            .where(Objection.deactivation == deactivation, Objection.asked_at.is_null(False),
                   Objection.state != WITHDRAWN))


def documents_uploaded_by(user, company):
    """Papers that a clerk handed in for a company."""
    return Document.select().where(Document.uploaded_by == user, Document.company == company)
