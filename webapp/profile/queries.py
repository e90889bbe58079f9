"""What Profil asks."""

from webapp.audit import OF_ACCOUNTS, Event
from webapp.models.audit import AuditChain, AuditEntry
from webapp.models.people import ACTIVE, Session, User
from webapp.models.workers import Worker
from webapp.paging import page_of
from webapp.profile.history import happening

PAGE = 30


def history_page(user, before=None):
    """(up to ``PAGE`` ``Happening``s of an account, newest first, and whether there are more).

    :param before: the id of the last entry of the page before, or None.
    """
    rows, has_more = page_of(_entries_about(user), AuditEntry.id, before, PAGE)
    return _happenings(user, rows), has_more


def whole_history(user):
    """Every ``Happening`` of an account, newest first."""
    return _happenings(user, list(_entries_about(user).order_by(AuditEntry.id.desc())))


def looks_at(user):
    """When somebody of the staff opened this person's data, newest first."""
    kinds = [str(event) for event in (Event.PERSON_SEEN, Event.CASE_SEEN, Event.PAPER_READ,
                                      Event.AUDIT_SEEN)]
    seen = _entries_about(user).where(AuditEntry.kind << kinds)
    return _happenings(user, list(seen.order_by(AuditEntry.id.desc())))


def own_session(user, public_id):
    """A session, if it is this user's."""
    return (Session.select(Session, User).join(User)
            .where(Session.public_id == public_id, Session.user == user).first())


def is_due_for_reminder(months, cutoff):
    """The condition that somebody asked to be reminded so often, and that the password and the
    last reminder are from before ``cutoff``."""
    is_old = (User.password_changed_at < cutoff) | (
        User.password_changed_at.is_null() & (User.created_at < cutoff))
    return ((User.reminder_months == months) & (User.state == ACTIVE)
            & User.password_hash.is_null(False) & is_old
            & (User.reminded_at.is_null() | (User.reminded_at < cutoff)))


def personal_words(user):
    """What a password of this person must not contain, as ``password_rules`` takes it."""
    worker = Worker.get_or_none(Worker.user == user)
    return (user.name, user.nik, user.claimed_kpj, user.phone, user.email, user.unproven,
            *((worker.name, worker.nik) if worker else ()))


def _entries_about(user):
    """What happened to an account, and before there was one, to the worker whose it is."""
    workers = Worker.select(Worker.public_id).join(User).where(User.public_id == user.public_id)
    subjects = [user.public_id, *(worker.public_id for worker in workers)]
    return (AuditEntry.select().join(AuditChain)
            .where(AuditChain.name << OF_ACCOUNTS, AuditEntry.subject << subjects))


def _happenings(user, entries):
    others = {entry.actor for entry in entries} - {None, user.public_id}
    names = {row.public_id: row.name for row in
             User.select(User.public_id, User.name).where(User.public_id << list(others))}
    return [happening(entry, user, names) for entry in entries]
