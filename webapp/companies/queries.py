"""Which companies a clerk acts for."""

from webapp.models.companies import Company, CompanyClerk
from webapp.models.people import MAY_SIGN_IN, User
from webapp.prepared import prepared


def companies_of(user):
    """The companies of a clerk, last used first."""
    return (Company.select(Company, CompanyClerk.id, CompanyClerk.used_at)
            .join(CompanyClerk, attr="clerkship")
            .where(CompanyClerk.user == user)
            .order_by(CompanyClerk.used_at.desc(nulls="LAST"), Company.name, Company.id))


@prepared
def company_of(user, public_id):
    """The company with this id, if it is the clerk's."""
    return (Company.select(Company, CompanyClerk.id, CompanyClerk.used_at)
            .join(CompanyClerk, attr="clerkship")
            .where(CompanyClerk.user == user, Company.public_id == public_id))


def companies_named(user, text):
    """Those of a clerk's companies whose name or NPP contains the text."""
    companies = companies_of(user)
    if not text:
        return companies
    return companies.where(Company.name.contains(text) | Company.npp.startswith(text))


def clerks_of(company):
    """Everybody who acts for a company and may sign in."""
    return (User.select().join(CompanyClerk).where(CompanyClerk.company == company,
                                                   User.state << MAY_SIGN_IN)
            .order_by(User.id))
