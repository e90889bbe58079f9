"""What the audit viewer shows: chains, entries, checks.

Chains of companies and matters by number are of the officer's own branch alone. The chain of
accounts and staff is one for all branches: only managers of the head office see it. The checks are
every manager's.
"""

import json
from dataclasses import dataclass

from webapp import audit
from webapp.branch.people import Person
from webapp.branch.queries import person_in
from webapp.clock import start_of
from webapp.formats import mask_name
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


def chain_named(name):
    """The chain of this name; None where nothing was recorded in it."""
    return AuditChain.get_or_none(AuditChain.name == name)


def entries_page(chain, before=None, day=None):
    """(up to ``PAGE`` entries of a chain, the newest first; whether there are older ones).

    :param before: the sequence number of the last entry of the page before, or None.
    :param day: the newest day that is shown, or None.
    """
    if chain is None:
        return [], False
    rows = AuditEntry.select().where(AuditEntry.chain == chain)
    if day and not before:
        before = _first_after(rows, chain, day)
    if before:
        rows = rows.where(AuditEntry.sequence < before)
    found = list(rows.order_by(AuditEntry.sequence.desc()).limit(PAGE + 1))
    return found[:PAGE], len(found) > PAGE


def _first_after(rows, chain, day):
    """The number below which the entries of a day and of earlier ones are."""
    until = rows.where(AuditEntry.at < start_of(day))
    # Nearly every entry is one of accounts, few are one company's: an index of its own for each.
    by = AuditEntry.at if chain.name == audit.ACCOUNTS else AuditEntry.sequence
    last = until.order_by(by.desc()).first()
    return last.sequence + 1 if last else 1


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
    return known | {audit.ACCOUNTS: "Akun dan petugas"}


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
