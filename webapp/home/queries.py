"""What Beranda and Pesan ask."""

from peewee import fn

from webapp.messages.queries import STILL_SENDING
from webapp.models.cases import Statement
from webapp.models.companies import Company
from webapp.models.messages import SENT, WAITING, Message
from webapp.models.workers import Membership, Worker
from webapp.paging import page_of
from webapp.prepared import prepared


def worker_of(user):
    """The worker whose account this is, or None while it is linked to nobody."""
    return _worker_of.one(user)


@prepared
def _worker_of(user):
    return Worker.select().where(Worker.user == user)


def memberships_of_worker(worker):
    """A person's memberships with their companies, newest first."""
    return (Membership.select(Membership, Company).join(Company)
            .where(Membership.worker == worker).order_by(Membership.started_on.desc()))


def messages_to(user, worker, now, size, before=None):
    """(up to ``size`` messages that were really sent to an account, or are being sent, the newest
    first; whether there are older ones).

    :param worker: the ``Worker`` whose account it is, or None.
    :param before: the id of the last message of the page before, or None.
    """
    theirs = Message.user == user
    if worker:
        theirs |= Message.worker == worker
    is_being_sent = (Message.state == WAITING) & (Message.created_at > now - STILL_SENDING)
    sent = Message.select().where(theirs, (Message.state == SENT) | is_being_sent)
    return page_of(sent, Message.id, before, size)


def last_sides(cases):
    """Which side wrote last in each of these cases: dict by the case's number."""
    newest = (Statement.select(fn.MAX(Statement.id)).where(Statement.case << cases)
              .group_by(Statement.case))
    return dict(Statement.select(Statement.case, Statement.side)
                .where(Statement.id << newest).tuples())
