"""What the audit viewer shows: chains, entries, checks.

Chains of companies and matters by number are of the officer's own branch alone. The chain of
accounts and staff is one for all branches: only managers of the head office see it. The checks are
every manager's.
"""

import json
from dataclasses import dataclass

from peewee import fn

from webapp import audit
from webapp.branch.people import Person
from webapp.branch.queries import person_in
from webapp.clock import start_of
from webapp.formats import mask_name, show_count
from webapp.models.audit import AuditChain, AuditCheck, AuditEntry
from webapp.models.branches import HEAD_OFFICE
from webapp.models.cases import Case, DeactivationRequest, Objection, WalkIn
from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.people import MANAGER, User
from webapp.models.receipts import Receipt
from webapp.models.workers import Membership
from webapp.receipts.signing import show_number

PAGE = 50
CHAINS = 25
SYSTEM, ERASED = "Sistem", "Akun yang dihapus"


@dataclass(frozen=True)
class Matter:
    """What a number stands for.

    :param number: as people write it.
    :param person: the ``Person`` it is about; None for a complaint of somebody without an account.
    :param subjects: public ids of all that is a part of it and of nothing else; its own the first.
    :param case: the ``Case``, or None for a receipt.
    """

    number: str
    person: object
    subjects: tuple
    case: object = None


def may_see(officer):
    """Whether somebody of the staff may look into the trail."""
    return officer.role == MANAGER


def may_see_accounts(officer):
    """Whether a manager may look into what happened at all branches."""
    return officer.branch_id == HEAD_OFFICE


def last_checks():
    """(the last check of everything, the last of the newest entries); each may be None."""
    newest_first = AuditCheck.select().order_by(AuditCheck.id.desc())
    return [newest_first.where(AuditCheck.is_whole == is_whole).first()
            for is_whole in (True, False)]


def faults_of(check):
    """The faults that a check found: lists of chain, sequence, problem; chains in words."""
    found = json.loads(check.faults)
    names = _names_of_chains({chain for chain, *_ in found})
    return [[names.get(chain, chain), *rest] for chain, *rest in found]


def companies_page(officer, after=None):
    """(up to ``CHAINS`` pairs of company and its ``AuditChain`` or None, by number; whether more
    follow).

    :param after: the id of the last company of the page before, or None.
    """
    rows = _companies_of(officer.branch_id).where(Company.id > (after or 0))
    rows = list(rows.order_by(Company.id).limit(CHAINS + 1))
    names = [audit.company_chain(company) for company in rows]
    chains = {row.name: row for row in AuditChain.select().where(AuditChain.name << names)}
    return [(company, chains.get(name)) for company, name in zip(rows, names, strict=True)][
        :CHAINS], len(rows) > CHAINS


def company_with(officer, public_id):
    """The company with this id, if the officer's branch looks after it; else None."""
    return _companies_of(officer.branch_id).where(Company.public_id == public_id).first()


def count_of_accounts():
    """How many entries about accounts there are."""
    return (AuditChain.select(fn.SUM(AuditChain.sequence))
            .where(AuditChain.name << audit.OF_ACCOUNTS).scalar())


def account_entries(before=None, day=None):
    """(up to ``PAGE`` entries about accounts, the newest first; where the next page begins, or None
    where there are no older ones).

    :param before: where this page begins, or None.
    :param day: entries of this day and later ones are not shown; None for all.
    """
    return _page_of(audit.OF_ACCOUNTS, AuditEntry.id, AuditEntry.at, before, day)


def company_entries(company, before=None, day=None):
    """The same of a company's chain."""
    return _page_of((audit.company_chain(company),), AuditEntry.sequence, AuditEntry.sequence,
                    before, day)


def _page_of(names, place, by, before, day):
    """:param place: the column by which these entries stand in a row.
    :param by: the column whose index finds the last entry of a day. Nearly every entry is one of
        accounts, few are one company's: another for each.
    """
    chains = [row.id for row in AuditChain.select(AuditChain.id).where(AuditChain.name << names)]
    rows = AuditEntry.select(AuditEntry, AuditChain).join(AuditChain).where(
        AuditEntry.chain << chains)
    if day and not before:
        last = rows.where(AuditEntry.at < start_of(day)).order_by(by.desc()).first()
        before = getattr(last, place.name) + 1 if last else 1
    if before:
        rows = rows.where(place < before)
    found = list(rows.order_by(place.desc()).limit(PAGE + 1))
    return found[:PAGE], getattr(found[PAGE - 1], place.name) if len(found) > PAGE else None


def matter_numbered(officer, number):
    """The ``Matter`` of the officer's branch with this number, of a case or a receipt; or None.

    :param number: twelve characters.
    """
    case = Case.get_or_none(Case.number == number, Case.branch == officer.branch_id)
    if case:
        return Matter(show_number(number), person_in(case), tuple(_parts_of(case)), case)
    receipt = (Receipt.select(Receipt, Deactivation, Membership)
               .join(Deactivation).join(Membership).where(Receipt.number == number).first())
    if receipt and (receipt.deactivation.company.branch_id or HEAD_OFFICE) == officer.branch_id:
        filed = receipt.deactivation
        worker = filed.membership.worker
        return Matter(show_number(number), Person(worker, worker.user), (filed.public_id,))
    return None


def entries_about(matter, size):
    """The newest entries about a matter, at most ``size``: a list with their chains."""
    person = matter.person
    people = [row.public_id for row in (person.worker, person.user) if row] if person else []
    names_it = AuditEntry.details.contains(f'"{matter.number}"')
    return list(AuditEntry.select(AuditEntry, AuditChain).join(AuditChain)
                .where(AuditEntry.subject << [*matter.subjects, *people],
                       (AuditEntry.subject << list(matter.subjects)) | names_it)
                .order_by(AuditEntry.id.desc()).limit(size))


def actors_of(entries):
    """Who acted, by public id: staff and clerks by name, workers masked."""
    wanted = {entry.actor for entry in entries if entry.actor}
    rows = User.select(User.public_id, User.name, User.role).where(User.public_id << list(wanted))
    names = {row.public_id: mask_name(row.name) if row.is_worker else row.name for row in rows}
    return {None: SYSTEM} | {actor: names.get(actor) or ERASED for actor in wanted}


def _companies_of(branch):
    theirs = Company.branch == branch
    return Company.select().where(theirs | Company.branch.is_null()
                                  if branch == HEAD_OFFICE else theirs)


def _names_of_chains(names):
    known = {audit.company_chain(company): company.name for company in
             Company.select().where(Company.public_id << [
                 name.removeprefix("company:") for name in names if name.startswith("company:")])}
    return known | {name: name_of_accounts(name) for name in audit.OF_ACCOUNTS}


def place_of(entry):
    """The number of an entry in its chain; of accounts with the part it is in."""
    _, _, part = entry.chain.name.partition(f"{audit.ACCOUNTS}:")
    number = show_count(entry.sequence)
    return f"{int(part) + 1}/{number}" if part else number


def name_of_accounts(name):
    """What a chain of accounts is called on the screen."""
    _, _, number = name.partition(":")
    return f"Akun dan petugas, bagian {int(number) + 1}" if number else "Akun dan petugas"


def _parts_of(case):
    """The public ids of a case and of what it is about."""
    yield case.public_id
    for table in (DeactivationRequest, Objection, WalkIn):
        row = table.get_or_none(table.case == case)
        if row:
            yield row.public_id
            if row.deactivation_id:
                yield row.deactivation.public_id
    if case.correction_id:
        yield case.correction.public_id
        yield case.correction.deactivation.public_id
    if case.recovery_id:
        yield case.recovery.public_id
