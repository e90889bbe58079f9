"""What waits at the branch, and whom it is asked about."""

from peewee import fn

from webapp.audit import Event
from webapp.models.accounts import ASKED, Recovery
from webapp.models.audit import AuditEntry
from webapp.models.companies import Company
from webapp.models.deactivations import REQUESTED, Correction, Deactivation
from webapp.models.people import CLOSED, User
from webapp.models.workers import Membership, Worker


def waiting_corrections():
    """Correction requests nobody has decided, oldest first."""
    return (Correction.select(Correction, Deactivation, Membership, Worker, Company)
            .join(Deactivation).join(Membership).join(Worker)
            .switch(Deactivation).join(Company)
            .where(Correction.state == REQUESTED)
            .order_by(Correction.requested_at, Correction.id))


def waiting_recoveries():
    """Recoveries nobody has decided, with whose they are and who asked, oldest first."""
    officer = User.alias()
    return (Recovery.select(Recovery, User, officer)
            .join(User, on=(Recovery.user == User.id))
            .switch(Recovery).join(officer, on=(Recovery.asked_by == officer.id))
            .where(Recovery.state == ASKED)
            .order_by(Recovery.asked_at, Recovery.id))


def person_with(public_id):
    """An account by its public id; None when there is none."""
    return User.get_or_none(User.public_id == public_id)


def accounts_with(number):
    """Everybody whose NIK or card this is, or who says so: several may claim one NIK.

    :param number: 8 to 16 digits.
    """
    # One look-up for each index: an OR over them would read every account.
    theirs = (Worker.select(Worker.user).where(Worker.nik.matches(number))
              | Worker.select(Worker.user).join(Membership).where(Membership.kpj == number)
              | User.select(User.id).where(User.nik.matches(number))
              | User.select(User.id).where(User.claimed_kpj == number))
    return (User.select().where(User.id << theirs, User.state != CLOSED)
            .order_by(User.id).limit(20))


def is_known_worker(number):
    """Whether a company reported somebody with this NIK or card."""
    return (Worker.select().where(Worker.nik.matches(number)).exists()
            or Membership.select().where(Membership.kpj == number).exists())


def linked_among(users):
    """The ids of those whose memberships are connected with their accounts, a set."""
    rows = Worker.select(Worker.user).where(Worker.user << [user.id for user in users])
    return {row.user_id for row in rows}


def last_sign_ins(users):
    """When each of them signed in last, by public id; who never did is missing."""
    latest = (AuditEntry.select(AuditEntry.subject, fn.MAX(AuditEntry.at))
              .where(AuditEntry.kind == str(Event.SIGNED_IN),
                     AuditEntry.subject << [user.public_id for user in users])
              .group_by(AuditEntry.subject))
    return dict(latest.tuples())


def worker_of(user):
    """The worker whose account this is, or None."""
    return Worker.get_or_none(Worker.user == user)


def nik_of(user):
    """The NIK a company reported, else the one the person gave; None without either."""
    worker = worker_of(user)
    return worker.nik if worker else user.nik


def is_same_person(one, other):
    """Whether two accounts are one person's: staff may be workers too."""
    return one.id == other.id or (nik_of(one) is not None and nik_of(one) == nik_of(other))


def memberships_of(worker):
    """A worker's memberships with their companies, newest first."""
    return (Membership.select(Membership, Company).join(Company)
            .where(Membership.worker == worker).order_by(Membership.started_on.desc()))
