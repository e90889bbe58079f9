"""Telling people about programmes, inside the transaction of what they are told."""

from webapp.messages.outbox import Letter, tell_all


def letter(applicant, worker, *, sms, email):
    """What one applicant is told: a ``Letter`` with greeting and farewell.

    :param email: (subject, body).
    """
    subject, body = email
    return Letter(worker, None, applicant.public_id, sms,
                  (subject, f"Halo {worker.name},\n\n{body}\n\nPurna\n"))


def tell(applicant, worker, kind, now, words):
    """Tell one applicant.

    :param words: as ``messages`` has them.
    """
    tell_all([letter(applicant, worker, **words)], kind=f"programme:{kind}", now=now)
