"""Finding objections, with their case and the deactivation they are about."""

from peewee import JOIN

from webapp.models.cases import WITHDRAWN, Case, Objection
from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.messages import SMS, Message
from webapp.models.people import User
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership, Worker
from webapp.prepared import prepared


def objection_to(deactivation):
    """The objection to a deactivation that was not withdrawn, or None."""
    return _objection_to.one(deactivation)


def objection_of(case):
    """The objection that a case is about."""
    return _objection_of.one(case)


def objections_to(deactivations):
    """The objections to these deactivations that were not withdrawn."""
    return _whole().where(Objection.deactivation << deactivations, Objection.state != WITHDRAWN)


def latest_objections(membership, most):
    """The newest objections about a membership, the newest first."""
    return _latest_objections.rows(membership, most)


def was_texted_since(case, moment):
    """Whether the worker was written an SMS about an answer in this case after a moment."""
    return (Message.select()
            .where(Message.about == case.public_id, Message.channel == SMS,
                   Message.kind == "case:objection answered", Message.created_at > moment)
            .exists())


def deactivation_about(membership, public_id):
    """A membership's filed deactivation with this id, with its receipt; or None."""
    return (Deactivation.select(Deactivation, Receipt).join(Receipt, attr="receipt")
            .where(Deactivation.membership == membership,
                   Deactivation.public_id == public_id).first())


def _whole():
    decider, filer = User.alias(), User.alias()
    return (Objection.select(Objection, Case, Worker, Company, Deactivation, Membership, Receipt,
                             decider, filer)
            .join(Case).join(Worker).switch(Case).join(Company).switch(Objection)
            .join(Deactivation).join(Membership).switch(Deactivation)
            .join(Receipt, attr="receipt").switch(Deactivation)
            .join(filer, on=(Deactivation.filed_by == filer.id), attr="filed_by").switch(Objection)
            .join(decider, JOIN.LEFT_OUTER, on=(Objection.decided_by == decider.id),
                  attr="decided_by"))


@prepared
def _objection_to(deactivation):
    return _whole().where(Objection.deactivation == deactivation, Objection.state != WITHDRAWN)


@prepared
def _latest_objections(membership, most):
    return (_whole().where(Deactivation.membership == membership)
            .order_by(Objection.id.desc()).limit(most))


@prepared
def _objection_of(case):
    return _whole().where(Objection.case == case)
