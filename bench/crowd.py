"""Who comes: people of a house with sessions that are open already, and what they will look for."""

from dataclasses import dataclass, field
from datetime import timedelta

from peewee import fn

from bench.known_device import COOKIE
from webapp import clock, passwords, sessions
from webapp.db import write_transaction
from webapp.demo.people import PASSWORD
from webapp.models.accounts import Agreement
from webapp.models.companies import Company, CompanyClerk
from webapp.models.deactivations import Deactivation
from webapp.models.people import STAFF, WORKER, User
from webapp.models.receipts import Receipt
from webapp.models.workers import ACTIVE, Membership, Worker
from webapp.terms import versions

LEAST_DAYS = 60     # of a membership that ends


@dataclass
class Person:
    """Somebody with a browser.

    :param cookies: of the browser. :param account: what is typed to sign in.
    """

    cookies: dict
    account: str = ""
    company: str = ""
    list_path: str = ""


@dataclass
class Crowd:
    """Everybody who may come.

    :param filing: clerks of companies that people leave. :param cards: theirs, by company.
    """

    workers: list
    clerks: list
    officers: list
    accounts: list
    receipts: list
    filing: list
    cards: dict = field(default_factory=dict)


def add_accounts(count):
    """Let so many more workers of a demo have an account each."""
    now, terms = clock.now(), versions.current(clock.today())
    password_hash = passwords.hash_password(PASSWORD)
    without = Worker.select().where(Worker.user.is_null(), Worker.email_index.is_null(False))
    with write_transaction():
        for worker in list(without.order_by(Worker.id).limit(count)):
            user = User(role=WORKER, name=worker.name, birth_date=worker.birth_date,
                        password_hash=password_hash, created_at=now)
            user.nik, user.email, user.phone = worker.nik, worker.email, worker.phone
            user.save(force_insert=True)
            Agreement.create(user=user, version=terms.version, language=terms.language,
                             digest=terms.digest, agreed_at=now, address="127.0.0.1")
            Worker.update(user=user).where(Worker.id == worker.id).execute()


def gathered(app, *, workers, clerks, officers, cards):
    """A ``Crowd`` of the database the models are connected to; their sessions begin now.

    :param workers: how many of them, and of the others, at most; as many more sign in.
    :param cards: how many may leave a company.
    """
    name = app.config["COOKIE_NAMES"]["session"]
    with write_transaction():
        people = _workers(2 * workers)
        crowd = Crowd(
            workers=[Person(_cookies(name, user)) for user in people[::2]],
            clerks=[_clerk(name, row) for row in _clerks(clerks)],
            officers=[Person(_cookies(name, user)) for user in _officers(officers)],
            accounts=[Person({COOKIE: sessions.remember_device(user, "", clock.now())},
                             account=user.email) for user in people[1::2]],
            receipts=[number for (number,) in Receipt.select(Receipt.number).limit(500).tuples()],
            filing=[])
    for clerk in crowd.clerks:
        found = _cards(clerk.company, cards)
        if found:
            crowd.cards[clerk.company] = found
            crowd.filing.append(clerk)
    return crowd


def _cookies(name, user):
    return {name: sessions.begin(user, clock.now(), browser="")}


def _workers(count):
    """Spread over all of them, with an account that may do everything."""
    last = User.select(User.id).order_by(User.id.desc()).limit(1).scalar()
    step = max(1, last // (2 * count))
    return list(User.select().join(Worker).switch(User).join(Agreement)
                .where(fn.MOD(User.id, step) == 0).order_by(User.id).limit(count))


def _clerks(count):
    last = CompanyClerk.select(CompanyClerk.id).order_by(CompanyClerk.id.desc()).limit(1).scalar()
    step = max(1, last // count)
    return list(CompanyClerk.select(CompanyClerk, Company, User).join(Company)
                .switch(CompanyClerk).join(User)
                .where(fn.MOD(CompanyClerk.id, step) == 0).order_by(CompanyClerk.id).limit(count))


def _clerk(name, row):
    return Person(_cookies(name, row.user), company=row.company_id,
                  list_path=f"/perusahaan/{row.company.public_id}/tenaga-kerja")


def _officers(count):
    return list(User.select().where(User.role << STAFF).order_by(User.id).limit(count))


def _cards(company, count):
    """Workers of a company who can be deactivated."""
    rows = (Membership.select(Membership.kpj)
            .where(Membership.company == company, Membership.status == ACTIVE,
                   Membership.started_on < clock.today() - timedelta(days=LEAST_DAYS),
                   Membership.id.not_in(Deactivation.select(Deactivation.membership)))
            .order_by(Membership.public_id).limit(count))
    return [kpj for (kpj,) in rows.tuples()]

