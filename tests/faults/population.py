"""Fills a new house as an operator would: schema, cast, one large company.

``python -m tests.faults.population WORKERS`` with the house's environment.
"""

import sys

from tests.conftest import settle
from webapp import clock, create_app, parameters, passwords
from webapp.companies.service import add_company
from webapp.db import database, ensure_connection
from webapp.demo.data import generated
from webapp.demo.people import CAST, COMPANIES, PASSWORD
from webapp.models.companies import CompanyClerk
from webapp.models.people import User
from webapp.operation import migrations
from webapp.workers.service import Outcome, take_in_list


def populate(workers):
    """The whole of it."""
    create_app()
    ensure_connection()
    migrations.runner(database.obj).up()
    parameters.load_shipped()
    companies = {npp: add_company(npp, name, city=city, now=clock.now())
                 for npp, name, city in COMPANIES}
    _add_cast(companies)
    maju = companies["JJ010001"]
    rows = generated(0, 0, workers, clock.today())
    assert not list(take_in_list(maju, rows, now=clock.now(), outcome=Outcome()))
    database.close()


def _add_cast(companies):
    password_hash = passwords.hash_password(PASSWORD)
    for email, name, role, npps, _ in CAST:
        user = User(name=name, role=role, password_hash=password_hash, created_at=clock.now())
        user.email = email
        user.save(force_insert=True)
        for npp in npps:
            CompanyClerk.create(user=user, company=companies[npp])
        settle(user, clock.now())


if __name__ == "__main__":
    populate(int(sys.argv[1]))
