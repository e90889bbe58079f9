"""A session whose person proved to be the one again."""

from webapp import sessions


class SessionOver(Exception):
    """The session ended meanwhile: what was about to be done in it is not done."""


def renewed(session, now):
    """The session's new cookie value, the proof in it fresh; inside a write transaction.

    :raises SessionOver: so that the transaction undoes what stands before this.
    """
    token = sessions.renew(session, now)
    if not token:
        raise SessionOver
    return token
