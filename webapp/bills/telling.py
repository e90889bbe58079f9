"""Telling whoever has a bill, inside the transaction of what is told."""

from webapp.messages import outbox


def tell(worker, bill, kind, now, *, sms, email):
    """Tell a worker about a bill or about the membership it is of.

    :param bill: a ``Bill`` or an ``OwnMembership``: what has a public id.
    :param email: (subject, body); the greeting and the farewell are added here.
    """
    subject, body = email
    outbox.tell(worker=worker, kind=f"bill:{kind}", about=bill.public_id, now=now, sms=sms,
                email=(subject, f"Halo {worker.name},\n\n{body}\n\nPurna\n"))
