"""A session that goes on: its person proved to be the one again, or acts in it."""

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


def still_open(session, now):
    """Make sure, until the transaction ends, that the session an act is done in has not ended.

    The user is locked before: whoever ends the session waits, or was first.

    :raises SessionOver: as above.
    """
    if not sessions.touch(session, now):
        raise SessionOver
