"""What can be paid, and what was told the bank."""

from peewee import JOIN, fn

from webapp.deactivation.queries import deaths
from webapp.holds.queries import held_users, wait_of
from webapp.models.cases import Case
from webapp.models.claims import (
    APPROVED,
    BOUNCED,
    BY_HEIRS,
    LINKED,
    Claim,
    Destination,
    Payout,
    PayoutFile,
)
from webapp.models.people import CLOSED, MAY_SIGN_IN, User
from webapp.models.workers import Membership, Worker


def payable(now):
    """Claims to be paid now, the oldest first, with case, worker and destination.

    Approved, not with the bank and not paid; to a destination that is linked, of the person's own
    account, which nobody blocked, and to which nothing is held. What an account asked for before it
    was closed is paid to where it said, unless another account has the person now: whoever knew a
    card number may have asked for it. A recorded death freezes the person's own (rules §1). An
    account that heirs named after two had agreed to the claim waits like any change (rules §4).
    """
    at_bank = Payout.select().where(Payout.claim == Claim.id, Payout.state != BOUNCED)
    is_own = ((((Destination.user == Worker.user) & (User.state << MAY_SIGN_IN))
               | ((Destination.user == Claim.submitted_by) & (User.state == CLOSED)
                  & Worker.user.is_null()))
              & User.id.not_in(held_users(now)) & ~fn.EXISTS(_deaths()))
    agreed_at, linked_at = fn.COALESCE(Claim.confirmed_at, Claim.approved_at), Destination.linked_at
    is_settled = (linked_at <= agreed_at) | (linked_at <= now - wait_of(now))
    is_heirs = Destination.user.is_null() & (Claim.kind == BY_HEIRS) & is_settled
    return (Claim.select(Claim, Case, Worker, Destination)
            .join(Case).switch(Claim).join(Worker).switch(Claim)
            .join(Destination).join(User, JOIN.LEFT_OUTER, on=(Destination.user == User.id))
            .where(Claim.state == APPROVED, ~fn.EXISTS(at_bank), Destination.state == LINKED,
                   Destination.number_sealed.is_null(False),
                   Destination.holder_sealed.is_null(False), is_own | is_heirs)
            .order_by(Claim.id))


def _deaths():
    """What says that the worker of a claim died, also while it is disputed."""
    return deaths().where(Membership.worker == Claim.worker)


def waiting_files():
    """Payment files whose result has not come, the oldest first."""
    return (PayoutFile.select().where(PayoutFile.result_digest.is_null())
            .order_by(PayoutFile.id))


def payouts_in(file):
    """The payouts of a file in their order, with claim, case, worker and the worker's account."""
    return (Payout.select(Payout, Claim, Case, Worker, User)
            .join(Claim).join(Case).switch(Claim)
            .join(Worker).join(User, JOIN.LEFT_OUTER)
            .where(Payout.file == file).order_by(Payout.id))
