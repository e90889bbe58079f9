"""Linking, changing and cutting where a person's payouts go.

What was typed is a row from the start, and a row never changes whose or which it is. Everything is
done while the user is locked: one destination is linked and one is on its way, whoever presses
how often. Rows are taken in everybody's order before anything is told; the audit comes last.
"""

from datetime import timedelta

from webapp import audit
from webapp.accounts import notices
from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.cases import deadlines
from webapp.cases import service as cases
from webapp.cases.service import CaseChanged
from webapp.cases.telling import tell_worker
from webapp.challenges import service as challenges
from webapp.challenges.purposes import Purpose
from webapp.challenges.queries import waiting_challenge
from webapp.claims.redirecting import redirect
from webapp.claims.service import branch_for
from webapp.clock import day_of
from webapp.contacts.queries import settled_channels
from webapp.db import write_transaction
from webapp.destinations import messages
from webapp.destinations.name_matching import distance
from webapp.destinations.queries import (
    COMING,
    coming_of,
    has_claims_elsewhere,
    is_change,
    linked_of,
    own_destination,
)
from webapp.destinations.words import gsm_label, label
from webapp.holds import service as holds
from webapp.holds.queries import is_stopped
from webapp.models.cases import AT_BRANCH, DESTINATION
from webapp.models.claims import (
    CUT,
    IN_REVIEW,
    LINKED,
    NOT_LINKED,
    OPEN_CLAIM,
    WAITING_FOR_CODE,
    Claim,
    Destination,
)
from webapp.models.people import ACTIVE, CLOSED, User
from webapp.rate_limit import Limit, TooMany, count_try

BEGUN = Limit("destinations-begun", 20, timedelta(days=1))     # nobody has so many accounts
ABANDONED_AFTER = timedelta(days=1)     # a code lives ten minutes


class Stopped(Exception):
    """Payouts to this person were stopped: nothing is linked before the branch has met them."""


class InReview(Exception):
    """The branch is looking at another one: that is over, or taken back, first."""


class AlreadyLinked(Exception):
    """This very account is linked already."""


class Outdated(Exception):
    """What the code was sent for is not as it was: it was replaced, taken back, or the account
    changed."""


def is_warned(apart, rules):
    """Whether a name differs so little that the person is only told."""
    return 0 < apart <= rules["destination.name_distance"]


def needs_review(apart, rules):
    """Whether a name differs so much that the branch compares it."""
    return apart > rules["destination.name_distance"]


def begin(user, worker, *, provider, number, holder, now):
    """Note what is to be linked. Returns the ``Destination``, which waits for a code; the same one
    when it is asked for twice. One that waited before is over, and its code with it.

    :param worker: whose account this is.
    :param number: digits, or E.164 of an e-wallet.
    :raises Stopped: :raises InReview: :raises AlreadyLinked: as they say.
    :raises webapp.rate_limit.TooMany: this person began too many today.
    """
    count_try(BEGUN, user.public_id.hex, now)
    wanted = Destination(user=user, provider=provider, begun_at=now,
                         distance=distance(worker.name, holder))
    wanted.number, wanted.holder = number, holder
    with write_transaction():
        _refuse_unless_free(locked(user.id))
        linked, coming = linked_of(user), coming_of(user)
        if linked and _is_same(linked, wanted) and not has_claims_elsewhere(user, linked):
            raise AlreadyLinked
        if coming and coming.state == IN_REVIEW:
            raise InReview
        if coming and _is_same(coming, wanted):
            return coming
        if coming:
            _end_unproven(coming, now)
        wanted.save(force_insert=True)
    return wanted


def targets_of(user, now):
    """Where a code may go: list of (channel, address). A contact that was changed just now is used
    only where there is no other."""
    return settled_channels(user, now) or challenges.channels_of(user)


def ask_for_code(destination, user, onward, now):
    """The ``Challenge`` that linking waits for: the same one when asked twice, so that a code on
    its way stays good.

    :param onward: where the person goes on afterwards, a path of ours; or empty.
    :raises Outdated: it does not wait any more.
    :raises webapp.rate_limit.TooMany: too many wrong codes.
    """
    bound = {"destination": destination.public_id.hex, "provider": destination.provider,
             "number": destination.number_index, "holder": destination.holder,
             "to": gsm_label(destination), "next": onward or ""}
    until = challenges.guessed_out_until(user, Purpose.LINK_DESTINATION, now)
    if until:
        raise TooMany(until)
    with write_transaction():
        locked(user.id)
        if own_destination(user, destination.public_id).state != WAITING_FOR_CODE:
            raise Outdated
        waiting = waiting_challenge(user, Purpose.LINK_DESTINATION, now)
        if waiting and challenges.bound_to(waiting) == bound:
            return waiting
        return challenges.begin(Purpose.LINK_DESTINATION, user=user, bound=bound, now=now)


def onward_of(challenge):
    """Where the person goes on afterwards, as ``ask_for_code`` was told; or empty."""
    return challenges.bound_to(challenge)["next"]


def destination_of(challenge):
    """What a challenge links, as it is now, with its case; None where it is gone."""
    return own_destination(challenge.user, challenges.bound_to(challenge)["destination"])


def link(challenge, worker, *, rules, now):
    """The code was right: it is linked, or goes to the branch. Returns the ``Destination``.

    :raises challenges.AlreadyUsed: it was done before.
    :raises Stopped: :raises Outdated: as they say; nothing was changed.
    """
    with write_transaction():
        challenges.use(challenge, now)
        user = locked(challenge.user_id)
        _refuse_unless_free(user)
        destination = destination_of(challenge)
        if not _is_bound(challenge, destination) or user.state != ACTIVE:
            raise Outdated
        if needs_review(destination.distance, rules):
            _send_to_branch(destination, worker, user, rules, now)
        else:
            install(destination, user, now)
    return Destination.get_by_id(destination.id)


def install(destination, user, now, by=None):
    """It is where payouts go from now on, in place of the one before; open claims follow it. A part
    of ``link`` and of the branch's decision: inside their transaction, which has locked the user.

    A change keeps money back for 72 hours (rules §4); the first one ever is none.

    :param by: the ``User`` of the branch who accepted it, or None.
    :raises Outdated: it was replaced or taken back meanwhile.
    """
    _refuse_unless_free(user)
    changes = is_change(user, destination)
    challenges.end(user, Purpose.SEND_CLAIM, now)     # it named another account
    redirect(user, destination, now, by)
    before = linked_of(user)
    if before:
        _move(before, (LINKED,), CUT, ended_at=now)
    _move(destination, COMING, LINKED, linked_at=now, checked_by=by)
    if changes:
        holds.begin(user, "rekening", now, what=messages.NEW.format(gsm_label(destination)))
    else:
        notices.tell(user, "security:destination",
                     messages.LINKED.format(gsm_label(destination)), now)
    audit.record(Event.DESTINATION_LINKED, chain=audit.ACCOUNTS, actor=by or user, now=now,
                 subject=user.public_id, to=label(destination), distance=destination.distance,
                 replaced=label(before) if before else None)


def cut(destination, user, *, version, now):
    """The person takes it out: linked, on its way, or at the branch. Doing it again changes
    nothing.

    Open claims go on pointing at one that was linked, and are not paid until another is.

    :param version: as the page showed it.
    :raises webapp.cases.service.CaseChanged: it is not as it was shown.
    """
    with write_transaction():
        user = locked(user.id)
        fresh = own_destination(user, destination.public_id)
        if fresh.state in (CUT, NOT_LINKED):
            return
        if fresh.version != version:
            raise CaseChanged
        was_linked = fresh.state == LINKED
        challenges.end(user, Purpose.LINK_DESTINATION, now)
        if fresh.state == WAITING_FOR_CODE:     # nobody was told, nothing was changed
            _end_unproven(fresh, now)
            return
        _move(fresh, (LINKED, IN_REVIEW), CUT, ended_at=now)
        if fresh.case_id:
            cases.close([fresh.case_id], now)
        if was_linked:
            challenges.end(user, Purpose.SEND_CLAIM, now)
            holds.begin(user, "rekening", now, what=messages.GONE.format(gsm_label(fresh)))
        audit.record(Event.DESTINATION_CUT, chain=audit.ACCOUNTS, actor=user, now=now,
                     subject=user.public_id, to=label(fresh), linked=was_linked)


def end_with_account(user, now):
    """The account is closed: what it had linked goes, but what an open claim is to be paid to,
    which goes when the claim is over. A part of that act: inside its transaction."""
    coming = coming_of(user)
    if coming and coming.case_id:
        cases.close([coming.case_id], now)
    (Destination.update(state=NOT_LINKED, ended_at=now, version=Destination.version + 1)
     .where(Destination.user == user, Destination.state << COMING).execute())
    _erase_linked(Destination.user == user, now)


def erase_unneeded(now):
    """Erase what accounts that are closed had linked and no open claim needs any more, and what was
    typed and never proven. Runs by itself. Returns how many were erased."""
    with write_transaction():
        (Destination.update(state=NOT_LINKED, ended_at=now, version=Destination.version + 1)
         .where(Destination.state == WAITING_FOR_CODE,
                Destination.begun_at < now - ABANDONED_AFTER).execute())
        closed = User.select(User.id).where(User.state == CLOSED)
        return (_erase_linked(Destination.user << closed, now)
                + _erase(Destination.user.is_null(False), Destination.case.is_null(),
                         Destination.linked_at.is_null(), Destination.state == NOT_LINKED))


def _refuse_unless_free(user):
    if is_stopped(user):
        raise Stopped


def _is_same(one, other):
    return (one.provider, one.number_index, one.holder) == (
        other.provider, other.number_index, other.holder)


def _is_bound(challenge, destination):
    """Whether the code was for exactly this, and it still waits."""
    if destination is None or destination.state != WAITING_FOR_CODE:
        return False
    bound = challenges.bound_to(challenge)
    return (bound["provider"], bound["number"], bound["holder"]) == (
        destination.provider, destination.number_index, destination.holder)


def _send_to_branch(destination, worker, user, rules, now):
    until = deadlines.branch_until(day_of(now), rules)
    case = cases.open_case(DESTINATION, branch=branch_for(worker), opened_by=user, worker=worker,
                           holder=AT_BRANCH, due_on=until, now=now)
    _move(destination, (WAITING_FOR_CODE,), IN_REVIEW, case=case)
    tell_worker(case, "destination in review", now, **messages.in_review(destination, case, until))
    audit.record(Event.DESTINATION_IN_REVIEW, chain=audit.ACCOUNTS, actor=user, now=now,
                 subject=user.public_id, to=label(destination), distance=destination.distance)


def _end_unproven(destination, now):
    """What was typed and never proven is over, and forgotten."""
    _move(destination, (WAITING_FOR_CODE,), NOT_LINKED, ended_at=now)
    challenges.end(destination.user_id, Purpose.LINK_DESTINATION, now)
    _erase(Destination.id == destination.id)


def _move(destination, states, state, **changes):
    """The one guarded statement of a step."""
    moved = (Destination.update(state=state, version=Destination.version + 1, **changes)
             .where(Destination.id == destination.id, Destination.version == destination.version,
                    Destination.state << states).execute())
    if not moved:
        raise Outdated


def _is_needed():
    """The condition that an open claim is to be paid there."""
    return Destination.id << (Claim.select(Claim.destination)
                              .where(Claim.state << OPEN_CLAIM,
                                     Claim.destination.is_null(False)))


def _erase_linked(whose, now):
    """Erase what is needed no more of closed accounts. Returns how many."""
    (Destination.update(state=CUT, ended_at=now, version=Destination.version + 1)
     .where(whose, Destination.state == LINKED, ~_is_needed()).execute())
    return _erase(whose, ~_is_needed())


def _erase(*which):
    return (Destination.update(number_sealed=None, number_index=None, holder_sealed=None,
                               verdict_sealed=None)
            .where(*which, Destination.number_sealed.is_null(False)).execute())
