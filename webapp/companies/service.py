"""Companies and who acts for them."""

from datetime import timedelta

from webapp import audit
from webapp.audit import Event
from webapp.db import write_note, write_transaction
from webapp.formats import one_line
from webapp.models.companies import Company, CompanyClerk

NOTED_EVERY = timedelta(minutes=10)


class AlreadyThere(Exception):
    """A company with this NPP and division exists."""


class NoClerk(Exception):
    """A worker or somebody of the branch cannot act for a company."""


def add_company(npp, name, *, now, division="000", city="", clerks=(), branch=None):
    """Add an employer and the users who act for it.

    :param branch: that looks after it; None is the head office.

    :raises AlreadyThere: when the NPP and division are taken.
    """
    with write_transaction():
        if Company.select().where(Company.npp == npp, Company.division == division).exists():
            raise AlreadyThere(npp)
        company = Company.create(npp=npp, division=division, name=one_line(name),
                                 city=one_line(city), created_at=now, branch=branch)
        audit.record(Event.COMPANY_ADDED, chain=audit.company_chain(company), actor=None,
                     subject=company.public_id, now=now, npp=npp)
        for user in clerks:
            add_clerk(company, user, now=now)
    return company


def add_clerk(company, user, *, now):
    """Let a user act for a company. Returns False when they may already.

    :raises NoClerk: when the account is not an employer's.
    """
    if not user.is_employer:
        raise NoClerk(user.role)
    with write_transaction():
        if company.clerks.where(CompanyClerk.user == user).exists():
            return False
        CompanyClerk.create(company=company, user=user)
        audit.record(Event.CLERK_ADDED, chain=audit.company_chain(company), actor=None,
                     subject=user.public_id, now=now)
    return True


def note_use(company, user, now):
    """Remember that a clerk works for this company now; a write only every ten minutes."""
    used = company.clerkship.used_at
    if used and now - used < NOTED_EVERY:
        return
    write_note(CompanyClerk.update(used_at=now)
               .where(CompanyClerk.company == company, CompanyClerk.user == user).execute)
