"""Whom news of a claim goes to: its worker; of a claim for somebody who died, the heir."""

from datetime import timedelta

from webapp.cases.telling import tell_worker
from webapp.messages import outbox
from webapp.models.claims import BY_HEIRS, Heir
from webapp.models.messages import SMS

KEPT_FOR = timedelta(hours=72)


def heir_of(claim):
    """The ``Heir`` who makes a claim, or None where the worker does."""
    return Heir.get_or_none(Heir.claim == claim.id) if claim.kind == BY_HEIRS else None


def tell_claimant(claim, kind, now, *, sms, email):
    """Tell whoever made a claim, inside the transaction of what it tells about. Nobody writes to
    the dead; an heir has a phone alone.

    :param claim: with its case and worker.
    :param sms: the text, or None where the matter is not worth one.
    :param email: (subject, body), as ``cases.telling`` takes it.
    """
    if claim.kind != BY_HEIRS:
        tell_worker(claim.case, kind, now, sms=sms, email=email)
        return
    heir = heir_of(claim)
    if heir and sms:
        outbox.write_to(SMS, heir.phone, kind=f"case:{kind}", about=claim.case.public_id, now=now,
                        text=sms, expires_in=KEPT_FOR)
