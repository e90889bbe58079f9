"""Acts on one account, one after another."""

from webapp.db import is_sqlite
from webapp.models.people import User
from webapp.prepared import prepared


def locked(user_id):
    """The ``User`` as it is now, locked until the write transaction ends.

    Whoever locks other rows of the account too (codes, sessions) locks it first: two acts that
    take them in another order would each wait for the other. Rows that merely refer to the
    account can be written meanwhile.
    """
    user = _held.one(user_id)
    if user is None:
        raise User.DoesNotExist
    return user


@prepared
def _held(user_id):
    rows = User.select().where(User.id == user_id)
    return rows if is_sqlite() else rows.for_update("FOR NO KEY UPDATE")
