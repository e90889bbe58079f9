"""Agreeing to a version of Syarat dan Ketentuan."""

from webapp import audit, sessions
from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.db import write_transaction
from webapp.models.accounts import Agreement
from webapp.models.people import NEEDS_TERMS


def agree(session, terms, *, address, now):
    """The person of this session agrees; the session goes on. Twice is the same as once.

    :param terms: the ``versions.Terms`` that was shown.
    :param address: of the network from where.
    """
    with write_transaction():
        user = locked(session.user_id)
        go_on(session)
        note_agreement(user, version=terms.version, language=terms.language, digest=terms.digest,
                       agreed_at=now, address=address, now=now)


def go_on(session):
    """Let a session that waited for an agreement do everything."""
    with write_transaction():
        sessions.leave_stage(session, NEEDS_TERMS)


def note_agreement(user, *, version, language, digest, agreed_at, address, now):
    """Write an agreement down, once for each person and version; inside a write transaction.

    :param digest: SHA-256 of the text that was shown.
    :param agreed_at: when the box was ticked; an account may begin some minutes later.
    """
    written = (Agreement.insert(user=user, version=version, language=language, digest=digest,
                                agreed_at=agreed_at, address=address)
               .on_conflict_ignore().returning(Agreement.id).execute())
    if list(written):
        audit.record(Event.TERMS_AGREED, chain=audit.ACCOUNTS, actor=user, subject=user.public_id,
                     now=now, version=version, language=language, digest=digest)
