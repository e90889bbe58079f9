"""Opening cases, handing them on, closing them; what is said in them, and who is at work on one.

``open_case``, ``hand_on``, ``close`` and ``say`` are parts of a larger act: they are called inside
its write transaction, after the rows of the case's own kind were changed and before anything is
told or recorded. Everybody keeps that order: deactivation, membership, request or objection, case,
messages, audit.
"""

import json
from datetime import timedelta

from webapp import audit
from webapp.audit import Event
from webapp.db import write_note, write_transaction
from webapp.models.cases import AT_BRANCH, Case, CaseVisit, Statement
from webapp.models.people import User
from webapp.prepared import prepared
from webapp.receipts.signing import new_number, show_number

OPEN_FOR = timedelta(minutes=10)     # so long after the last look a case counts as open
SAME_FOR = timedelta(minutes=10)     # a line that was lost is back by then
TYPED_FOR = timedelta(days=7)        # what was typed in a case that is over
UNUSED_FOR = timedelta(days=1)       # a visit in which nothing was typed


class CaseChanged(Exception):
    """Somebody changed the case after it was shown; nothing was changed now."""


class TakenByColleague(Exception):
    """A colleague has taken it."""

    def __init__(self, owner, since):
        super().__init__(owner, since)
        self.owner, self.since = owner, since


class NotAtBranch(Exception):
    """It does not wait at the branch."""


def open_case(kind, *, branch, opened_by, holder, due_on, now, number=None, **about):
    """A new case.

    :param branch: the number of the branch it belongs to.
    :param holder: who must act, ``AT_WORKER``, ``AT_COMPANY`` or ``AT_BRANCH``.
    :param due_on: the holder's last day; None only for the worker.
    :param number: where it has one already.
    :param about: company, membership, worker, user, recovery, correction.
    """
    return Case.create(kind=kind, number=number or new_number(), branch=branch, holder=holder,
                       opened_by=opened_by, opened_at=now, held_since=now, due_on=due_on, **about)


def hand_on(case, holder, due_on, now):
    """Another side must act now, also where the case was over; who had taken it at the branch is
    free of it."""
    (Case.update(holder=holder, held_since=now, due_on=due_on, owner=None, owned_since=None,
                 closed_at=None, version=Case.version + 1).where(Case.id == case).execute())


def close(cases, now):
    """It is over. Who owned it at the branch stays on record.

    :param cases: numbers, or a query of them.
    """
    (Case.update(holder=None, due_on=None, closed_at=now, version=Case.version + 1)
     .where(Case.id << cases, Case.closed_at.is_null()).execute())


def claim(case, officer, version, now):
    """Lock the case for a decision at the branch: it is as it was shown, and nobody else's.

    :param version: of the case, as the page showed it.
    :raises CaseChanged: it was changed meanwhile.
    :raises TakenByColleague: another officer has taken it.
    """
    claimed = (Case.update(version=Case.version + 1, owner=officer, owned_since=now)
               .where(Case.id == case.id, Case.version == version, Case.holder == AT_BRANCH,
                      Case.owner.is_null() | (Case.owner == officer)).execute())
    if claimed:
        return
    fresh = Case.get_by_id(case.id)
    if fresh.holder == AT_BRANCH and fresh.version == version:
        raise TakenByColleague(fresh.owner, fresh.owned_since)
    raise CaseChanged


def take(case, officer, now):
    """An officer takes a case of the queue. Taking it twice changes nothing.

    :raises TakenByColleague: somebody was faster.
    :raises NotAtBranch: it does not wait there.
    """
    with write_transaction():
        taken = (Case.update(owner=officer, owned_since=now)
                 .where(Case.id == case.id, Case.holder == AT_BRANCH, Case.owner.is_null())
                 .execute())
        if not taken:
            fresh = Case.get_by_id(case.id)
            if fresh.holder != AT_BRANCH:
                raise NotAtBranch
            if fresh.owner_id != officer.id:
                raise TakenByColleague(fresh.owner, fresh.owned_since)
            return
        _record(Event.CASE_TAKEN, case, officer, now)


def hand_over(case, officer, receiver, *, owner_shown, now):
    """Give a case to a colleague of the branch, or back to the queue.

    :param receiver: the ``User``, or None for the queue.
    :param owner_shown: the number of the owner the page showed, or None.
    :raises CaseChanged: it is not that owner's any more, or not at the branch.
    """
    is_as_shown = (Case.owner == owner_shown) if owner_shown else Case.owner.is_null()
    with write_transaction():
        given = (Case.update(owner=receiver, owned_since=receiver and now)
                 .where(Case.id == case.id, Case.holder == AT_BRANCH, is_as_shown).execute())
        if not given:
            raise CaseChanged
        _record(Event.CASE_HANDED_OVER, case, officer, now,
                to=receiver.public_id.hex if receiver else "")


def say(case, side, author, text, now):
    """Add what a side says to a case: whoever decides meanwhile on an older page is told."""
    Case.update(version=Case.version + 1).where(Case.id == case).execute()
    statement = Statement(case=case, side=side, author=author, made_at=now)
    statement.text = text
    statement.save(force_insert=True)
    return statement


def has_just_said(case, author, text, now):
    """Whether this is what somebody said there a moment ago."""
    last = (Statement.select().where(Statement.case == case, Statement.author == author)
            .order_by(Statement.id.desc()).first())
    return bool(last and last.text == text and last.made_at > now - SAME_FOR)


def has_open(case, user, now):
    """Whether somebody has a case open since a look that is not long ago."""
    return _open_visit.one(case, user, now - OPEN_FOR) is not None


@prepared
def _open_visit(case, user, since):
    return CaseVisit.select(CaseVisit.id).where(
        CaseVisit.case == case, CaseVisit.user == user, CaseVisit.seen_at > since)


def stay(case, user, now):
    """Note that somebody who has a case open still has it; a busy database keeps nobody waiting."""
    write_note(CaseVisit.update(seen_at=now).where(_is_open(case, user, now)).execute)


def _is_open(case, user, now):
    return ((CaseVisit.case == case) & (CaseVisit.user == user)
            & (CaseVisit.seen_at > now - OPEN_FOR))


def visit(case, user, now):
    """Note that somebody has a case open, and since when."""
    with write_transaction():
        seen = (CaseVisit.update(seen_at=now)
                .where(_is_open(case, user, now)).execute())
        if not seen:
            (CaseVisit.insert(case=case, user=user, opened_at=now, seen_at=now)
             .on_conflict(conflict_target=[CaseVisit.case, CaseVisit.user],
                          update={CaseVisit.opened_at: now, CaseVisit.seen_at: now}).execute())


def others_at(case, user, now):
    """The staff who have a case open besides this one: ``CaseVisit`` rows with their user."""
    return (CaseVisit.select(CaseVisit, User).join(User)
            .where(CaseVisit.case == case, CaseVisit.user != user,
                   User.role << ("officer", "supervisor", "manager"),
                   CaseVisit.seen_at > now - OPEN_FOR)
            .order_by(CaseVisit.opened_at))


def leave(case, user):
    """Somebody is done with a case."""
    CaseVisit.delete().where(CaseVisit.case == case, CaseVisit.user == user).execute()


def visits_over(now):
    """The condition that nobody comes back to a visit: not a word was typed, or the case is
    over."""
    over = Case.select(Case.id).where(Case.closed_at < now - TYPED_FOR)
    is_silent = CaseVisit.typed_sealed.is_null() & (CaseVisit.seen_at < now - UNUSED_FOR)
    return is_silent | (CaseVisit.case << over)


def keep_typed(case, user, fields, now):
    """Keep what somebody typed in a case and has not sent: it waits on every device of theirs.

    :param fields: dict of lists, as a form sends them; text only.
    """
    with write_transaction():
        visit(case, user, now)
        row = CaseVisit.get(CaseVisit.case == case, CaseVisit.user == user)
        row.typed = json.dumps(fields)
        row.save(only=[CaseVisit.typed_sealed])


def typed_in(case, user):
    """What ``keep_typed`` kept, a dict of lists; None when there is nothing."""
    row = _visit_of.one(case, user)
    return json.loads(row.typed) if row and row.typed_sealed else None


@prepared
def _visit_of(case, user):
    return CaseVisit.select().where(CaseVisit.case == case, CaseVisit.user == user)


def forget_typed(case, user):
    """It was sent: nothing waits any more."""
    _forget_typed.execute(case, user)


@prepared
def _forget_typed(case, user):
    return (CaseVisit.update(typed_sealed=None)
            .where(CaseVisit.case == case, CaseVisit.user == user))


def chain_of(case):
    """The audit chain of a case: its company's, else that of all accounts."""
    return audit.company_chain(case.company) if case.company_id else audit.ACCOUNTS


def _record(event, case, actor, now, **details):
    audit.record(event, chain=chain_of(case), actor=actor, subject=case.public_id, now=now,
                 number=show_number(case.number), **details)

