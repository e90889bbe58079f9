"""What waits at a branch, and the people it is asked about."""

from peewee import JOIN, fn

from webapp.audit import Event
from webapp.branch.people import Person, is_called
from webapp.branch.words import MINE, UNTAKEN
from webapp.cases import own
from webapp.cases.deadlines import branch_of
from webapp.cases.queries import waiting_at
from webapp.models.audit import AuditEntry
from webapp.models.branches import Branch
from webapp.models.cases import KINDS, Case, DeactivationRequest, Objection
from webapp.models.claims import BY_HEIRS, Claim
from webapp.models.companies import Company, CompanyClerk
from webapp.models.deactivations import STANDING, Deactivation
from webapp.models.messages import Message
from webapp.models.people import CLOSED, User
from webapp.models.receipts import Receipt
from webapp.models.switches import Switch
from webapp.models.workers import Membership, Worker
from webapp.workers.name_search import name_words

PAGE = 25
MOST_FOUND = 20
MOST_BORN = 500     # of one date; a million people have some fifty each


def queue_page(officer, shown=None, mark=None):
    """(up to ``PAGE`` cases that wait at the officer's branch, what is due first on top; whether
    more follow).

    :param shown: a key of ``words.SHOWN``, or None for all.
    :param mark: (due day, id) of the last row of the page before, or None.
    """
    waiting = _with_claims(waiting_at(officer.branch_id))
    if shown == MINE:
        waiting = waiting.where(Case.owner == officer)
    elif shown == UNTAKEN:
        waiting = waiting.where(Case.owner.is_null())
    elif shown in KINDS:
        waiting = waiting.where(Case.kind == shown)
    if mark:
        day, number = mark
        waiting = waiting.where(Case.due_on >= day,      # what the index can begin at
                                (Case.due_on > day) | (Case.id > number))
    rows = list(waiting.limit(PAGE + 1))
    return rows[:PAGE], len(rows) > PAGE


def _with_claims(rows):
    """The same cases, each with what the queue says of its claim as ``claim``, or None."""
    return (rows.select_extend(Claim.id, Claim.kind, Claim.state, Claim.submitted_by,
                               Claim.needs_second, Claim.approved_by, Claim.confirmed_by)
            .switch(Case).join(Claim, JOIN.LEFT_OUTER, on=(Claim.case == Case.id), attr="claim"))


def was_sent():
    """The condition that a case is no draft of the worker's: that is nobody else's yet. What an
    officer begins for heirs is the branch's own."""
    begun = Claim.select(Claim.id).where(Claim.case == Case.id, Claim.submitted_at.is_null(),
                                         Claim.kind != BY_HEIRS)
    switching = Switch.select(Switch.id).where(Switch.case == Case.id,
                                               Switch.submitted_at.is_null())
    return (~fn.EXISTS(_unsent(DeactivationRequest)) & ~fn.EXISTS(_unsent(Objection))
            & ~fn.EXISTS(begun) & ~fn.EXISTS(switching))


def _unsent(table):
    return table.select(table.id).where(table.case == Case.id, table.asked_at.is_null())


def person_with(branch, public_id):
    """The person with this id, of an account or of a worker, whom a branch looks after; or None."""
    user = User.get_or_none(User.public_id == public_id)
    found = person_of(user) if user else _of_worker(_workers().where(
        Worker.public_id == public_id).first())
    return found and next(iter(looked_after([found], branch)), None)


def person_of(user):
    """The person whose account this is."""
    return Person(worker_of(user), user)


def person_in(case):
    """Whom a case is about; None for a complaint of somebody without an account."""
    return _of_worker(case.worker) or (case.user and person_of(case.user))


def _of_worker(worker):
    return worker and Person(worker, worker.user)


def _workers():
    return Worker.select(Worker, User).join(User, JOIN.LEFT_OUTER)


def people_numbered(number):
    """Everybody whose NIK or card this is, or who says so, with an account or without.

    :param number: 8 to 16 digits.
    """
    theirs = (Worker.select(Worker.id).where(Worker.nik.matches(number))
              | Worker.select(Worker.id).join(Membership).where(Membership.kpj == number))
    workers = [_of_worker(row) for row in _workers().where(Worker.id << theirs)]
    return _with_accounts(workers, accounts_with(number))


def people_called(name, birth_date):
    """Everybody of this name, one typing error a word apart, who was born on a day."""
    typed = name_words(name)
    born = _workers().where(Worker.birth_date == birth_date).limit(MOST_BORN)
    workers = [_of_worker(row) for row in born if is_called(row.name, typed)]
    accounts = (User.select().where(User.birth_date == birth_date, User.state != CLOSED)
                .limit(MOST_BORN))
    return _with_accounts(workers, [user for user in accounts if is_called(user.name, typed)])


def _with_accounts(people, accounts):
    """The same people, and those of these accounts who are not among them."""
    known = {one.user.id for one in people if one.user}
    others = [user for user in accounts if user.id not in known]
    linked = {} if not others else {
        row.user_id: row for row in
        Worker.select().where(Worker.user << [user.id for user in others])}
    return [*people, *(Person(linked.get(user.id), user) for user in others)][:MOST_FOUND]


def accounts_with(number):
    """Every account whose NIK or card this is, or that says so: several may claim one NIK.

    :param number: 8 to 16 digits.
    """
    # One look-up for each index: an OR over them would read every account.
    theirs = (Worker.select(Worker.user).where(Worker.nik.matches(number))
              | Worker.select(Worker.user).join(Membership).where(Membership.kpj == number)
              | User.select(User.id).where(User.nik.matches(number))
              | User.select(User.id).where(User.claimed_kpj == number))
    return (User.select().where(User.id << theirs, User.state != CLOSED)
            .order_by(User.id).limit(MOST_FOUND))


def looked_after(people, branch):
    """Those of these people whom a branch looks after: who was reported by a company of its own,
    and its staff. Others go to whichever branch is near, clerks of companies too.

    :param branch: its number.
    """
    return [one for one, numbers in zip(people, _branches_of(people), strict=True)
            if not numbers or branch in numbers]


def answers_for(branch, person):
    """Whether a branch may judge somebody: it looks after them, and where they act for companies
    for one of those.

    :param branch: its number.
    """
    companies = _branches_by(CompanyClerk, CompanyClerk.user, [person.user])
    numbers = companies.get(person.user, set())
    return bool(looked_after([person], branch)) and (not numbers or branch in numbers)


def branch_names_of(people):
    """The names of the branches that look after these people, in order."""
    numbers = set().union(*_branches_of(people))
    return [row.name for row in
            Branch.select().where(Branch.id << list(numbers)).order_by(Branch.name)]


def _branches_of(people):
    """The numbers of the branches of each of them, a list of sets."""
    workers = _branches_by(Membership, Membership.worker, [one.worker for one in people])
    return [workers.get(one.worker, set())
            | ({one.user.branch_id} if one.user and one.user.is_staff else set())
            for one in people]


def _branches_by(table, column, rows):
    """The numbers of the branches of the companies that a table ties to rows, a set for each."""
    found = {}
    tied = (table.select(column, Company).join(Company)
            .where(column << [row for row in rows if row]))
    for row in tied:
        found.setdefault(getattr(row, column.object_id_name), set()).add(branch_of(row.company))
    return {row: found.get(row.id, set()) for row in rows if row}


def last_sign_ins(users):
    """When each of them signed in last, by public id; who never did is missing."""
    latest = (AuditEntry.select(AuditEntry.subject, fn.MAX(AuditEntry.at))
              .where(AuditEntry.kind == str(Event.SIGNED_IN),
                     AuditEntry.subject << [user.public_id for user in users])
              .group_by(AuditEntry.subject))
    return dict(latest.tuples())


def worker_of(user):
    """The worker whose account this is, or None."""
    return Worker.get_or_none(Worker.user == user)


def is_same_person(one, other):
    """Whether two accounts are one person's: staff may be workers too."""
    return own.is_own(None, other, one)


def is_own(person, officer):
    """Whether a ``Person`` is this member of staff."""
    return own.is_own(person.worker, officer, person.user)


def memberships_of(worker):
    """A worker's memberships with their companies, newest first; each with the deactivation that
    stands for it as ``standing`` (or None) and that one's receipt."""
    stands = (Deactivation.membership == Membership.id) & (Deactivation.state << STANDING)
    return (Membership.select(Membership, Company, Deactivation, Receipt).join(Company)
            .switch(Membership).join(Deactivation, JOIN.LEFT_OUTER, on=stands, attr="standing")
            .join(Receipt, JOIN.LEFT_OUTER, on=(Receipt.deactivation == Deactivation.id),
                  attr="receipt")
            .where(Membership.worker == worker).order_by(Membership.started_on.desc()))


def cases_about(person, branch):
    """The branch's cases about somebody, the open ones first, the newest first among them."""
    return (Case.select().where(Case.branch == branch, _is_about(Case, person), was_sent())
            .order_by(Case.closed_at.is_null(False), Case.id.desc()))


def messages_to(person):
    """What the system wrote to somebody, the newest first."""
    return Message.select().where(_is_about(Message, person)).order_by(Message.id.desc())


def _is_about(table, person):
    """The condition that a row is this person's, as a worker or by the account."""
    theirs = [column == row for column, row in
              ((table.worker, person.worker), (table.user, person.user)) if row]
    return theirs[0] | theirs[1] if len(theirs) == 2 else theirs[0]
