"""Telling the sides of a case, inside the transaction of what they are told."""

from webapp.companies.queries import clerks_of
from webapp.messages import outbox


def tell_worker(case, kind, now, *, sms, email):
    """Tell the worker a case is about.

    :param email: (subject, body); the greeting and the farewell are added here.
    """
    outbox.tell(worker=case.worker, kind=f"case:{kind}", about=case.public_id, now=now, sms=sms,
                email=_letter(case.worker.name, email))


def tell_company(case, kind, now, email):
    """Tell everybody who acts for the case's company, by e-mail."""
    outbox.tell_all([outbox.Letter(None, clerk, case.public_id, email=_letter(clerk.name, email))
                     for clerk in clerks_of(case.company)], kind=f"case:{kind}", now=now)


def _letter(name, email):
    subject, body = email
    return subject, f"Halo {name},\n\n{body}\n\nPurna\n"
