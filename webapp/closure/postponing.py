"""A closure that could not go on for a while: its owner gets the time back."""

from webapp.models.accounts import WAITING, Closure


def postpone(user, by):
    """Let the closure that waits end so much later; inside the act's transaction, which has locked
    the user.

    :param by: a ``timedelta``.
    :returns: when it is due now, or None where none waits.
    """
    waiting = Closure.get_or_none(Closure.user == user, Closure.state == WAITING)
    if waiting is None:
        return None
    due_at = waiting.due_at + by
    Closure.update(due_at=due_at).where(Closure.id == waiting.id).execute()
    return due_at
