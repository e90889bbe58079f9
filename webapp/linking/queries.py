"""Which worker an account belongs to, or could."""

from webapp.models.people import CLOSED, User
from webapp.models.workers import Worker
from webapp.prepared import prepared


def worker_linked_to(user):
    """The worker whose account this is, or None."""
    return _linked_to.one(user)


@prepared
def _linked_to(user):
    return Worker.select().where(Worker.user == user)


def worker_like(user):
    """The worker with the NIK and the birth date that an account's owner gave, or None."""
    return Worker.get_or_none(Worker.nik.matches(user.nik),
                              Worker.birth_date == user.birth_date)


def closed_accounts():
    """Accounts that are closed: a query of their ids."""
    return User.select(User.id).where(User.state == CLOSED)
