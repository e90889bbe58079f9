"""Which cases a member of staff may act on: never one's own (reliability AZ-13)."""

from webapp.models.cases import RECOVERY
from webapp.models.people import MANAGER, SUPERVISOR, User
from webapp.models.workers import Worker
from webapp.prepared import prepared

SENIORS = (SUPERVISOR, MANAGER)


def is_own(worker, officer, account=None):
    """Whether somebody is this member of staff.

    :param worker: a ``Worker``, or None.
    :param officer: a ``User``.
    :param account: the person's ``User``, where it is known; else the worker's.
    """
    return officer.id in accounts_of(worker, account)


def accounts_of(worker, account=None):
    """The numbers of all accounts of one person, a set: the worker's, and those with the same NIK,
    as a company reported it or as they say.

    :param worker: :param account: as ``is_own`` has them.
    """
    account = account or (worker and worker.user)
    worker = worker or (account and Worker.get_or_none(Worker.user == account))
    theirs = {account.id} if account else set()
    for nik in {row.nik for row in (worker, account) if row and row.nik}:
        theirs.update(row.id for row in _accounts_saying.rows(User.nik.digest(nik)))
        theirs.update(row.user_id for row in _accounts_of_worker.rows(Worker.nik.digest(nik)))
    return theirs


def workers_of(account):
    """The numbers of all workers who are this person, a set: linked with an account of theirs, or
    with the same NIK.

    :param account: a ``User``.
    """
    accounts = list(User.select().where(User.id << list(accounts_of(None, account))))
    linked = list(Worker.select().where(Worker.user << accounts))
    theirs = {row.id for row in linked}
    for nik in {row.nik for row in (*accounts, *linked) if row.nik}:
        theirs.update(row.id for row in Worker.select(Worker.id).where(Worker.nik.matches(nik)))
    return theirs


@prepared
def _accounts_saying(nik):
    return User.select(User.id).where(User.nik_index == nik)


@prepared
def _accounts_of_worker(nik):
    return Worker.select(Worker.user).where(Worker.nik_index == nik, Worker.user.is_null(False))


def may_take(case, officer):
    """Whether an officer may take a case of the queue: a recovery is decided by a supervisor."""
    return case.kind != RECOVERY or officer.role in SENIORS
