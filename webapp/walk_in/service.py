"""Nonaktif di loket: an officer ends a membership with the person at the counter.

A walk-in's row and its case are taken before the deactivation and what follows it. Nobody who holds
one of those takes a walk-in's rows, so that this cannot cross another act.
"""

import json

from peewee import IntegrityError

from webapp import audit
from webapp.audit import Event
from webapp.cases import deadlines
from webapp.cases import service as cases
from webapp.cases.own import is_own
from webapp.cases.service import CaseChanged, TakenByColleague
from webapp.cases.telling import tell_company
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.deactivation import service as deactivations
from webapp.deactivation.claimed import has_no_granted_claim, hold_unclaimed
from webapp.models.cases import AT_BRANCH, DONE, DRAFT, WALK_IN, WITHDRAWN, Case, WalkIn
from webapp.models.deactivations import UNDONE, Deactivation
from webapp.models.workers import ACTIVE
from webapp.receipts.signing import show_number
from webapp.requests.messages import done_by_branch_company
from webapp.walk_in import checklist
from webapp.walk_in.queries import draft_about, papers_about


class NotActive(Exception):
    """The membership has ended already."""


class OwnMembership(Exception):
    """It is the officer's own: a colleague must help."""


class PapersMissing(Exception):
    """Something is still to be brought: ``items`` of the checklist."""

    def __init__(self, items):
        super().__init__(items)
        self.items = items


class AlreadyDone(Exception):
    """This step was done before, by the same press: its result stands."""


class AtOtherBranch(Exception):
    """Another branch began a walk-in about this membership today: ``branch``."""

    def __init__(self, branch):
        super().__init__(branch)
        self.branch = branch


class NotToday(Exception):
    """A walk-in can be reversed on its own day only."""


class SamePerson(Exception):
    """Whoever asked for the reversal does not confirm it."""


def begin(membership, officer, now):
    """A walk-in about a membership: the one that was begun, or a fresh one.

    :param membership: with its worker and company.
    :raises NotActive: the membership has ended.
    :raises OwnMembership: it is the officer's own.
    :raises AtOtherBranch: the person is being served elsewhere today.
    """
    if is_own(membership.worker, officer):
        raise OwnMembership
    if membership.status != ACTIVE:
        raise NotActive
    found = draft_about(membership)
    if found:
        return _brought_here(found, officer, now)
    try:
        with write_transaction():
            case = cases.open_case(
                WALK_IN, branch=officer.branch_id, opened_by=officer, holder=AT_BRANCH,
                due_on=day_of(now), now=now, company=membership.company, membership=membership,
                worker=membership.worker_id, owner=officer, owned_since=now)
            WalkIn.create(case=case, membership=membership, officer=officer)
            audit.record(Event.WALK_IN_BEGUN, chain=audit.company_chain(membership.company),
                         actor=officer, subject=case.public_id, now=now,
                         number=show_number(case.number))
    except IntegrityError:     # the other press began it
        pass
    return draft_about(membership)


def _brought_here(walk_in, officer, now):
    """A draft of this branch, or one that another branch left lying since another day."""
    case = walk_in.case
    if case.branch_id == officer.branch_id:
        return walk_in
    if day_of(case.held_since) == day_of(now):
        raise AtOtherBranch(case.branch)
    with write_transaction():
        (Case.update(branch=officer.branch_id, owner=officer, owned_since=now, held_since=now,
                     due_on=day_of(now), version=Case.version + 1)
         .where(Case.id == case.id).execute())
        _record(Event.CASE_TAKEN, walk_in, officer, now)
    return draft_about(walk_in.membership)


def take_over(walk_in, officer, now):
    """A colleague goes on with the person at the counter."""
    with write_transaction():
        (Case.update(owner=officer, owned_since=now, version=Case.version + 1)
         .where(Case.id == walk_in.case_id, Case.holder == AT_BRANCH).execute())
        _record(Event.CASE_TAKEN, walk_in, officer, now)


def _refuse_a_colleagues(walk_in, officer):
    case = Case.get_by_id(walk_in.case_id)
    if case.owner_id not in (None, officer.id):
        raise TakenByColleague(case.owner, case.owned_since)


def keep(walk_in, officer, *, version, reason, last_day, note, answers):
    """Keep valid answers before they are confirmed.

    :param answers: the checklist: dict of an item's code and a code of ``checklist.WAYS``.
    :raises CaseChanged: a colleague kept others meanwhile, or it is over.
    :raises TakenByColleague: a colleague serves the person.
    """
    _refuse_a_colleagues(walk_in, officer)
    walk_in.note = note
    with write_transaction():
        kept = (WalkIn.update(reason=reason, last_day=last_day, note_sealed=walk_in.note_sealed,
                              checklist=json.dumps(answers), officer=officer,
                              version=WalkIn.version + 1)
                .where(WalkIn.id == walk_in.id, WalkIn.version == version, WalkIn.state == DRAFT)
                .execute())
        if not kept:
            raise CaseChanged
        cases.forget_typed(walk_in.case_id, officer)


def missing_papers(walk_in):
    """What is still to be brought: items of the checklist."""
    return checklist.missing(walk_in.reason, json.loads(walk_in.checklist),
                             [paper.kind for paper in papers_about(walk_in)])


def file(walk_in, officer, *, version, rules, now):
    """End the membership. Returns the receipt.

    :param version: of the walk-in, as the check page showed it.
    :raises PapersMissing: :raises OwnMembership: :raises AlreadyDone: as they say.
    :raises CaseChanged: a colleague kept other answers meanwhile.
    :raises TakenByColleague: a colleague serves the person.
    :raises webapp.deactivation.service.NotActive: somebody ended it first.
    """
    membership, company = walk_in.membership, walk_in.case.company
    if is_own(walk_in.case.worker, officer):
        raise OwnMembership
    _refuse_a_colleagues(walk_in, officer)
    if walk_in.version != version or not walk_in.last_day:
        raise CaseChanged
    lacking = missing_papers(walk_in)
    if lacking:
        raise PapersMissing(lacking)
    membership.worker, membership.company = walk_in.case.worker, company
    with deactivations.ending(membership):
        draft = deactivations.draft_within(
            membership, officer, reason=walk_in.reason, last_day=walk_in.last_day,
            note=walk_in.note or "", now=now)
        _finish(walk_in, officer, version, draft, now)
        tell_company(walk_in.case, "walk-in filed", now, done_by_branch_company(walk_in.case))
        return deactivations.file_within(draft, officer, version=draft.version, company=company,
                                         rules=rules, now=now)


def drop(walk_in, officer, *, version, now):
    """Give up a walk-in that was begun: the person comes back another day, or not at all."""
    _refuse_a_colleagues(walk_in, officer)
    with write_transaction():
        _move(walk_in, version, DRAFT, WITHDRAWN)
        cases.close([walk_in.case_id], now)
        if walk_in.request_id:     # it is its own branch's again
            (Case.update(branch=deadlines.branch_of(walk_in.case.company))
             .where(Case.id == walk_in.request.case_id).execute())
        _record(Event.WALK_IN_GIVEN_UP, walk_in, officer, now)


def can_reverse(walk_in, now):
    """Whether the walk-in was filed today and still stands."""
    return (walk_in.state == DONE and not walk_in.reversed_at
            and walk_in.deactivation.is_standing
            and day_of(walk_in.deactivation.filed_at) == day_of(now))


def ask_reversal(walk_in, officer, *, reason, now):
    """Ask for the reversal: a colleague confirms it, the same day.

    :raises NotToday: it was filed another day, or is reversed.
    :raises CaseChanged: somebody asked for it before, with other words.
    """
    if (walk_in.reversal_asked_by_id, walk_in.reversal) == (officer.id, reason):
        return     # the same press once more
    if not can_reverse(walk_in, now):
        raise NotToday
    walk_in.reversal = reason
    with write_transaction():
        asked = (WalkIn.update(reversal_asked_by=officer, reversal_asked_at=now,
                               reversal_sealed=walk_in.reversal_sealed,
                               version=WalkIn.version + 1)
                 .where(WalkIn.id == walk_in.id, WalkIn.state == DONE,
                        WalkIn.reversal_asked_by.is_null()).execute())
        if not asked:
            raise CaseChanged
        (Case.update(holder=AT_BRANCH, due_on=day_of(now), closed_at=None, owner=None,
                     owned_since=None, held_since=now, version=Case.version + 1)
         .where(Case.id == walk_in.case_id).execute())
        _record(Event.REVERSAL_ASKED, walk_in, officer, now)


def reverse(walk_in, officer, *, version, now):
    """The second member of staff confirms: the membership is as it was.

    :param version: of the walk-in, as the page with the reason showed it.
    :raises SamePerson: :raises NotToday: :raises CaseChanged: as they say.
    :raises webapp.deactivation.claimed.Claimed: a claim that rests on it is approved.
    """
    if walk_in.reversed_by_id == officer.id:
        return     # the same press once more
    if walk_in.reversal_asked_by_id == officer.id:
        raise SamePerson
    if not can_reverse(walk_in, now):
        raise NotToday
    deactivation, company = walk_in.deactivation, walk_in.case.company
    deactivation.membership = walk_in.membership
    deactivation.membership.worker, deactivation.membership.company = walk_in.case.worker, company
    with write_transaction():
        done = (WalkIn.update(reversed_by=officer, reversed_at=now, version=WalkIn.version + 1)
                .where(WalkIn.id == walk_in.id, WalkIn.version == version,
                       WalkIn.reversed_by.is_null(), WalkIn.reversal_asked_by.is_null(False))
                .execute())
        hold_unclaimed(deactivation.id, deactivations.YIELDING)
        undone = done and (Deactivation.update(
            state=UNDONE, undone_by=officer, undone_at=now, undo_reason=walk_in.reversal,
            version=Deactivation.version + 1)
            .where(Deactivation.id == deactivation.id,
                   Deactivation.state << deactivations.YIELDING,
                   has_no_granted_claim()).execute())
        if not undone:
            raise CaseChanged
        cases.close([walk_in.case_id], now)
        tell_company(walk_in.case, "walk-in reversed", now, (
            "Nonaktif di loket dibatalkan",
            f"Kantor cabang membatalkan nonaktif {walk_in.case.worker.name}. Kepesertaannya aktif "
            f"lagi.\n\nNomor: {show_number(walk_in.case.number)}"))
        deactivations.follow_undo([deactivation], officer, company, now)
        _record(Event.WALK_IN_REVERSED, walk_in, officer, now)


def drop_reversal(walk_in, officer, *, version, now):
    """Nobody confirmed it, or it is not wanted any more: the walk-in stands.

    :raises CaseChanged: it was confirmed, or asked for anew.
    """
    with write_transaction():
        dropped = (WalkIn.update(reversal_asked_by=None, reversal_asked_at=None,
                                 reversal_sealed=None, version=WalkIn.version + 1)
                   .where(WalkIn.id == walk_in.id, WalkIn.version == version,
                          WalkIn.reversed_by.is_null(),
                          WalkIn.reversal_asked_by.is_null(False)).execute())
        if not dropped:
            raise CaseChanged
        cases.close([walk_in.case_id], now)
        _record(Event.REVERSAL_GIVEN_UP, walk_in, officer, now)


def _finish(walk_in, officer, version, draft, now):
    try:
        _move(walk_in, version, DRAFT, DONE, deactivation=draft.id, officer=officer)
    except CaseChanged as clash:
        fresh = WalkIn.get_by_id(walk_in.id)
        if (fresh.state, fresh.officer_id) == (DONE, officer.id):
            raise AlreadyDone from clash
        raise
    cases.close([walk_in.case_id], now)


def _move(walk_in, version, before, after, **changes):
    if not (WalkIn.update(state=after, version=WalkIn.version + 1, **changes)
            .where(WalkIn.id == walk_in.id, WalkIn.version == version, WalkIn.state == before)
            .execute()):
        raise CaseChanged


def _record(event, walk_in, officer, now, **details):
    audit.record(event, chain=audit.company_chain(walk_in.case.company), actor=officer,
                 subject=walk_in.case.public_id, now=now,
                 number=show_number(walk_in.case.number), **details)
