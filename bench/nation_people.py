"""Who a nation is made of, region by region, as lines for COPY: the same ones every time.

A region has 200 companies of very different sizes and 50.000 workers, of whom every fourth has an
account. Everything is made by the application's models, sealed by its vault.
"""

from datetime import timedelta
from functools import cache
from uuid import UUID

from webapp import audit, audit_seal, clock
from webapp.audit import Act, Event
from webapp.demo.data import LARGEST, generated
from webapp.models.accounts import Agreement
from webapp.models.audit import AuditChain, AuditEntry
from webapp.models.companies import Company, CompanyClerk
from webapp.models.people import EMPLOYER, WORKER, User
from webapp.models.workers import Membership, MembershipWord, Worker
from webapp.workers.name_search import name_words
from webapp.workers.service import name_key

SIZES = (10_000, *[2_000] * 9, *[400] * 40, *[40] * 150)     # a region's companies
COMPANIES, WORKERS = len(SIZES), sum(SIZES)
WITH_ACCOUNT = 4                  # every so many
USERS = COMPANIES + WORKERS // WITH_ACCOUNT
FIRST_SERIAL = 3 * LARGEST        # the demo cast's companies have those before
BRANCHES = 2                      # of a region
FIRST_BRANCH = 2                  # the head office is the first
SPREAD = (0x9E3779B97F4A7C15F39CC0605CEDC835 // 16) * 16 + 1     # ends as the number does
OF_COMPANY, OF_WORKER, OF_MEMBERSHIP = 16, 32, 48
FIRST_CHAIN = 1000               # of companies; those of accounts are there before
DAYS = 180                        # that the audit trail tells of
PER_COMPANY = 250                 # entries of a company's chain
OF_COMPANIES = (Event.DEACTIVATION_FILED, Event.DEACTIVATION_EFFECTIVE, Event.UPLOADED,
                Event.DOCUMENT_READ, Event.REQUEST_APPROVED)
OF_ACCOUNTS = (Event.SIGNED_IN, Event.SIGNED_IN, Event.SIGNED_OUT, Event.IDENTITY_PROVEN,
               Event.CASE_SEEN)


class Somebody:
    """Who acted, as far as the trail wants to know."""

    def __init__(self, number):
        self.public_id = public_id(number)


def public_id(number, kind=0):
    """A row's public id: any other looks as if by chance."""
    return UUID(int=(number * SPREAD + kind) & (1 << 128) - 1)


class Region:
    """One region's rows.

    :param number: from 0.
    :param words: ids of name words.
    :param password_hash: everybody's.
    """

    def __init__(self, number, words, password_hash, terms):
        self.number, self.words, self.terms = number, words, terms
        self.password_hash, self.now = password_hash, clock.now()
        self.began = self.now - timedelta(days=DAYS)
        self.paid = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)

    def companies(self):
        """For each company a dict of tables and their rows."""
        at = self.number * WORKERS
        for place, size in enumerate(SIZES):
            yield self._company(self.number * COMPANIES + place + 1, place, at, size)
            at += size

    def _company(self, number, place, first, size):
        company = Company(
            id=number, public_id=public_id(number, OF_COMPANY), npp=f"NN{number:06}",
            name=f"PT Nusantara {number}", city="Jakarta", created_at=self.began,
            branch=FIRST_BRANCH + self.number * BRANCHES + place % BRANCHES)
        clerk = self._user(self.number * USERS + place + 1, EMPLOYER, f"Petugas {number}",
                           email=f"hrd{number}@nusantara.example")
        rows = {Company: [company], User: [clerk], Agreement: [],
                CompanyClerk: [CompanyClerk(id=number, company=number, user=clerk.id)],
                Worker: [], Membership: [], MembershipWord: []}
        for at, person in enumerate(_people(first, size), first):
            self._add_worker(rows, number, at, person)
        rows[Agreement] = [self._agreement(user) for user in rows[User] if user.is_worker]
        rows[AuditChain], rows[AuditEntry] = self._chain(company, clerk)
        return rows

    def _add_worker(self, rows, company, at, person):
        number, user = at + 1, None
        if at % WITH_ACCOUNT == 0:
            place = at % WORKERS // WITH_ACCOUNT
            user = self._user(self.number * USERS + COMPANIES + place + 1, WORKER, person.name,
                              email=person.email, phone=person.phone, nik=person.nik,
                              birth_date=person.birth_date)
            rows[User].append(user)
        worker = Worker(id=number, public_id=public_id(number, OF_WORKER), name=person.name,
                        birth_date=person.birth_date, created_at=self.began,
                        user=user and user.id)
        worker.nik, worker.phone, worker.email = person.nik, person.phone, person.email
        rows[Worker].append(worker)
        rows[Membership].append(Membership(
            id=number, public_id=public_id(number, OF_MEMBERSHIP), company=company, worker=number,
            kpj=person.kpj, started_on=person.start_date, position=person.position,
            wage=person.wage, contributed_until=self.paid, name_key=name_key(person.name)))
        rows[MembershipWord] += [MembershipWord(company=company, word=self.words[word],
                                                membership=number)
                                 for word in name_words(person.name)]

    def _user(self, number, role, name, **proven):
        user = User(id=number, public_id=public_id(number), role=role, name=name,
                    password_hash=self.password_hash, created_at=self.began)
        for field, value in proven.items():
            setattr(user, field, value)
        return user

    def _agreement(self, user):
        return Agreement(id=user.id, user=user.id, version=self.terms.version,
                         language=self.terms.language, digest=self.terms.digest,
                         agreed_at=self.began, address="127.0.0.1")

    def _chain(self, company, clerk):
        number = FIRST_CHAIN + company.id
        chain = Chain(number, audit.company_chain(company))
        step = timedelta(days=DAYS) / PER_COMPANY
        entries = [chain.entry((company.id - 1) * PER_COMPANY + place + 1, Act(
            OF_COMPANIES[place % len(OF_COMPANIES)], clerk,
            public_id((company.id * 31 + place) % WORKERS + 1, OF_MEMBERSHIP),
            {"number": f"{place:012}"}), self.began + place * step)
            for place in range(PER_COMPANY)]
        return [chain.row()], entries


class Chain:
    """One chain of the audit trail as it grows."""

    def __init__(self, number, name):
        self.number, self.name, self.sequence, self.head = number, name, 0, ""

    def entry(self, number, act, at):
        """The next entry, sealed as the application seals it."""
        sealed, = audit_seal.sealed([act], chain=self.name, after=self.sequence, head=self.head,
                               now=at)
        self.sequence, self.head = sealed["sequence"], sealed["mac"]
        return AuditEntry(id=number, chain=self.number, **sealed)

    def row(self):
        """The chain itself, where it stands now."""
        return AuditChain(id=self.number, name=self.name, sequence=self.sequence, head=self.head)


def account_entries(chains, first, count, users):
    """Entries about accounts, in the order of time, to several chains in turn.

    :param chains: ``Chain`` objects; those with a number in their name.
    :param first: the id of the first one, and how many there are of these chains.
    :param users: how many there are.
    """
    all_of_them = len(audit.OF_ACCOUNTS) - 1
    began, step = clock.now() - timedelta(days=DAYS), timedelta(days=DAYS) / count
    for turn in range(count // all_of_them):
        for chain in chains:
            part = int(chain.name.partition(":")[2])
            place = turn * all_of_them + part
            somebody = Somebody((turn * 7919 % (users // all_of_them)) * all_of_them + part)
            yield chain.entry(first + place, Act(
                OF_ACCOUNTS[turn % len(OF_ACCOUNTS)], somebody, somebody.public_id,
                {"browser": "Chrome di Android"}), began + place * step)


def _people(first, size):
    """So many generated people, whatever ten thousand of them they stand in."""
    at, last = FIRST_SERIAL + first, FIRST_SERIAL + first + size
    while at < last:
        number, start = divmod(at, LARGEST)
        stop = min(LARGEST, start + last - at)
        yield from generated(number, start, stop, _today())
        at += stop - start


@cache
def _today():
    return clock.today()
