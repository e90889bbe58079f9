"""Booking the slot of an interview: a place is one person's, whoever presses at once.

The rows are taken in everybody's order: claim, case, interview, messages, audit last. Before the
interviews the branch's row is held, so that its places are counted exactly and nobody waits in a
circle; the index of the places is the last word.
"""

from webapp.audit import Event
from webapp.cases import service as cases
from webapp.cases.service import CaseChanged
from webapp.cases.telling import tell_worker
from webapp.claims.queries import interview_of
from webapp.claims.service import record
from webapp.claims.states import change
from webapp.clock import day_of
from webapp.db import write_transaction
from webapp.interviews import messages
from webapp.interviews.queries import places_at
from webapp.interviews.slots import days_ahead, may_change, slots_on
from webapp.models.branches import Branch
from webapp.models.cases import AT_BRANCH, AT_WORKER
from webapp.models.claims import INTERVIEW, Claim, Interview


class SlotTaken(Exception):
    """Others took the last places of this slot, or it is none."""


class TooLate(Exception):
    """On the day itself a slot stays as it is."""


def book(claim, user, slot, *, version, rules, now):
    """Take a place at this time; an earlier one is given back. The same again changes nothing.

    :param slot: an aware moment.
    :param version: of the claim, as the page showed it.
    :raises SlotTaken: :raises TooLate: :raises CaseChanged: as they say.
    """
    with write_transaction():
        before = _held(claim, version, rules, now, wanted=slot)
        if before and before.starts_at == slot:
            return
        if day_of(slot) not in days_ahead(day_of(now), rules) or (
                slot not in slots_on(day_of(slot), rules)):
            raise SlotTaken
        cases.hand_on(claim.case_id, AT_BRANCH, day_of(slot), now)
        _take_place(claim, slot, rules, now)
        tell_worker(claim.case, "claim interview booked", now, **messages.booked(claim, slot))
        record(Event.INTERVIEW_BOOKED, claim, user, now, starts=slot.isoformat())


def cancel(claim, user, *, version, rules, now):
    """Give the place back: another time is to be chosen. Raises as ``book``."""
    with write_transaction():
        if not _held(claim, version, rules, now, wanted=None):
            return
        cases.hand_on(claim.case_id, AT_WORKER, None, now)
        Interview.delete().where(Interview.claim == claim.id).execute()
        tell_worker(claim.case, "claim interview cancelled", now, **messages.cancelled(claim))
        record(Event.INTERVIEW_BOOKED, claim, user, now, starts=None)


def _held(claim, version, rules, now, wanted):
    """The slot the claim has so far, or None; the claim is as it was shown, and counted on."""
    before = interview_of(claim)
    try:
        change(claim, version)
    except CaseChanged:
        fresh = Claim.get_by_id(claim.id)
        has = before.starts_at if before else None
        if (fresh.state, fresh.version, has) == (INTERVIEW, version + 1, wanted):
            return before     # the same press once more
        raise
    if claim.state != INTERVIEW:
        raise CaseChanged
    before = interview_of(claim)
    if before and not may_change(before.starts_at, now, rules):
        raise TooLate
    return before


def _take_place(claim, slot, rules, now):
    """The first place that is free; of those that wait for no interview any more, theirs is."""
    branch = claim.case.branch_id
    Branch.update(name=Branch.name).where(Branch.id == branch).execute()
    over = Claim.select(Claim.id).where(Claim.state != INTERVIEW)
    (Interview.delete().where(Interview.branch == branch, Interview.starts_at == slot,
                              Interview.claim << over).execute())
    Interview.delete().where(Interview.claim == claim.id).execute()
    places = {*range(1, rules["claim.interview_places"] + 1)} - places_at(branch, slot)
    if not places:
        raise SlotTaken
    Interview.create(claim=claim.id, branch=branch, starts_at=slot, place=min(places),
                     booked_at=now)
