"""Drafts that somebody gave up before anybody else saw them, with the papers that were added."""

from webapp.db import write_transaction
from webapp.documents import store
from webapp.models.cases import (
    WITHDRAWN,
    Case,
    DeactivationRequest,
    Objection,
    Paper,
    WalkIn,
)
from webapp.models.claims import WITHDRAWN as CLAIM_WITHDRAWN
from webapp.models.claims import Claim, Destination, Heir
from webapp.models.documents import Document
from webapp.models.switches import WITHDRAWN as SWITCH_WITHDRAWN
from webapp.models.switches import Switch

AT_ONCE = 500     # of each kind; tomorrow is another day


def given_up_before(moment):
    """The cases whose draft was given up before a moment; what was ever sent is none of them."""
    return Case.select().where(Case.closed_at < moment, Case.id << _unsent())


def _unsent():
    """The numbers of cases that were withdrawn as drafts. A request that a counter or a switch took
    over is a part of that."""
    taken_over = (WalkIn.select(WalkIn.request).where(WalkIn.request.is_null(False))
                  | Switch.select(Switch.request).where(Switch.request.is_null(False)))
    return (DeactivationRequest.select(DeactivationRequest.case).where(
                DeactivationRequest.state == WITHDRAWN, DeactivationRequest.asked_at.is_null(),
                DeactivationRequest.id.not_in(taken_over))
            | Objection.select(Objection.case).where(
                Objection.state == WITHDRAWN, Objection.asked_at.is_null())
            | WalkIn.select(WalkIn.case).where(
                WalkIn.state == WITHDRAWN, WalkIn.deactivation.is_null())
            | Claim.select(Claim.case).where(
                Claim.state == CLAIM_WITHDRAWN, Claim.submitted_at.is_null())
            | Switch.select(Switch.case).where(
                Switch.state == SWITCH_WITHDRAWN, Switch.submitted_at.is_null()))


def erase(before):
    """Erase the drafts that were given up before a moment; returns how many. Each is its own
    transaction."""
    return sum(_erase(case) for case in list(
        given_up_before(before).order_by(Case.id).limit(AT_ONCE)))


def _erase(case):
    with write_transaction():
        if not Case.select().where(Case.id == case.id, Case.closed_at.is_null(False)).exists():
            return 0     # another process was faster
        files = list(Document.select().join(Paper).where(Paper.case == case))
        _erase_claim(case)
        Switch.delete().where(Switch.case == case).execute()
        Paper.delete().where(Paper.case == case).execute()
        Document.delete().where(Document.id << [file.id for file in files]).execute()
        # Takes along what hangs on it, and tells which of two processes erased it.
        erased = Case.delete().where(Case.id == case.id).execute()
    for file in files:
        store.delete(file)
    return erased


def _erase_claim(case):
    """The claim, and what was written at the counter for heirs: their names and their account."""
    claim = Claim.get_or_none(Claim.case == case)
    if claim is None:
        return
    Heir.delete().where(Heir.claim == claim).execute()
    Claim.delete().where(Claim.id == claim.id).execute()
    Destination.delete().where(Destination.id == claim.destination_id, Destination.user.is_null(),
                               Destination.case.is_null()).execute()
