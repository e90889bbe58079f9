"""Fills a new house as an operator would: schema, cast, one large company, some workers' accounts.

``python -m tests.faults.population WORKERS`` with the house's environment.
"""

import sys
from functools import cache

from tests.conftest import settle
from webapp import clock, create_app, parameters, passwords
from webapp.companies.service import add_company
from webapp.db import database, ensure_connection, write_transaction
from webapp.demo.data import generated
from webapp.demo.people import CAST, COMPANIES, PASSWORD
from webapp.models.companies import CompanyClerk
from webapp.models.people import WORKER, User
from webapp.models.workers import Worker
from webapp.operation import migrations
from webapp.workers.service import Outcome, take_in_list

ACCOUNTS = 100     # of the first workers in the list


def populate(workers):
    """The whole of it."""
    create_app()
    ensure_connection()
    migrations.runner(database.obj).up()
    parameters.load_shipped()
    companies = {npp: add_company(npp, name, city=city, now=clock.now())
                 for npp, name, city, _ in COMPANIES}
    _add_cast(companies)
    maju = companies["JJ010001"]
    rows = list(generated(0, 0, workers, clock.today()))
    assert not list(take_in_list(maju, rows, now=clock.now(), outcome=Outcome()))
    with write_transaction():
        for row in rows[:ACCOUNTS]:
            _add_account(row)
    database.close()


def _add_account(row):
    """A worker of the list who has registered: phone and e-mail are proven."""
    user = User(name=row.name, role=WORKER, password_hash=_password_hash(),
                created_at=clock.now(), birth_date=row.birth_date, claimed_kpj=row.kpj)
    user.phone, user.email, user.nik = row.phone, row.email, row.nik
    user.save(force_insert=True)
    Worker.update(user=user).where(Worker.nik.matches(row.nik)).execute()
    settle(user, clock.now())


@cache
def _password_hash():
    return passwords.hash_password(PASSWORD)


def _add_cast(companies):
    for email, name, role, npps, _ in CAST:
        user = User(name=name, role=role, password_hash=_password_hash(),
                    created_at=clock.now())
        user.email = email
        user.save(force_insert=True)
        for npp in npps:
            CompanyClerk.create(user=user, company=companies[npp])
        settle(user, clock.now())


if __name__ == "__main__":
    populate(int(sys.argv[1]))
