"""Answering a complaint at the branch: take it up, ask back, decide.

A complaint about a block is decided by a manager who had no part in it; granted, the account is
what it was, in the same transaction. The order in which rows are taken is everybody's: user,
complaint, block, case, messages, audit last.
"""

from webapp import audit
from webapp.accounts.locking import locked
from webapp.audit import Event
from webapp.blocks import ending
from webapp.blocks.rights import is_one_of, is_uninvolved, may_judge_complaint
from webapp.blocks.states import AlreadyDone, BlockChanged
from webapp.cases import deadlines
from webapp.cases import service as cases
from webapp.cases.service import CaseChanged
from webapp.clock import day_of
from webapp.complaints import messages
from webapp.complaints.queries import complaint_in, is_of_visitor
from webapp.complaints.states import hold, move
from webapp.complaints.telling import tell_reporter
from webapp.db import write_transaction
from webapp.models.blocks import (
    AWAITING_REPORTER,
    GRANTED,
    IN_FORCE,
    RECEIVED,
    REFUSED,
    REVIEWED,
    Block,
)
from webapp.models.cases import AT_BRANCH, AT_WORKER
from webapp.parameters import rules_on
from webapp.receipts.signing import show_number

EVENTS = {GRANTED: Event.COMPLAINT_GRANTED, REFUSED: Event.COMPLAINT_REFUSED}


class NotYours(Exception):
    """This member of staff may not ask about this complaint, or not decide it."""


def take_up(case, officer, now):
    """Take a complaint of the queue and begin to look into it. Doing it twice changes nothing.

    :raises cases.TakenByColleague: and :raises cases.NotAtBranch: as ``cases.take`` does.
    """
    with write_transaction():
        fresh = hold(complaint_in(case))
        if fresh.state == RECEIVED:
            move(fresh, fresh.version, REVIEWED)
        cases.take(case, officer, now)


def may_act(case, officer):
    """Whether this officer may act now: it waits here, no colleague has it, it is not theirs."""
    return case.holder == AT_BRANCH and case.owner_id in (None, officer.id)


def may_ask(complaint, officer):
    """Whether somebody may ask back: whoever blocked an account does not question its owner."""
    return not _is_own(complaint, officer) and (
        complaint.block_id is None or is_uninvolved(complaint.block, officer))


def may_judge(complaint, officer):
    """Whether somebody may decide a complaint at all: of a block an uninvolved manager."""
    return not _is_own(complaint, officer) and (
        complaint.block_id is None or may_judge_complaint(complaint.block, officer))


def ask(complaint, officer, question, *, version, now):
    """Ask whoever complained; they have some days for it. The same again changes nothing.

    :param version: of the case, as the page showed it.
    :raises NotYours: this officer may not.
    :raises CaseChanged: somebody was faster; what was written is kept.
    :raises cases.TakenByColleague: the same.
    """
    if not may_ask(complaint, officer):
        raise NotYours
    case = complaint.case
    if cases.has_just_said(case, officer, question, now):
        return
    try:
        _ask(complaint, officer, question, version, now)
    except (CaseChanged, cases.TakenByColleague):
        keep(case, officer, {"question": [question]}, now)
        raise


def decide(complaint, officer, state, verdict, *, version, now):
    """Grant or refuse it. The same again changes nothing.

    :param state: ``GRANTED`` or ``REFUSED``.
    :param version: of the case, as the page showed it.
    :raises NotYours: this officer may not decide it.
    :raises CaseChanged: somebody was faster, or something was said since; what was written is kept.
    :raises cases.TakenByColleague: the same.
    """
    if not may_judge(complaint, officer):
        raise NotYours
    try:
        _decide(complaint, officer, state, verdict, version, now)
    except (CaseChanged, cases.TakenByColleague):
        fresh = complaint_in(complaint.case_id)
        if (fresh.state, fresh.decided_by_id, fresh.verdict) == (state, officer.id, verdict):
            return     # this very press
        keep(complaint.case, officer, {"verdict": [verdict]}, now)
        raise


def keep(case, officer, fields, now):
    """Keep what was typed in one form of the page and not sent; what was kept of the other stays.

    :param fields: dict of lists.
    """
    cases.keep_typed(case, officer, (cases.typed_in(case, officer) or {}) | fields, now)


def _ask(complaint, officer, question, version, now):
    case, today = complaint.case, day_of(now)
    until = deadlines.reporter_until(today, rules_on(today))
    with write_transaction():
        fresh = hold(complaint)
        move(fresh, fresh.version, AWAITING_REPORTER)
        cases.claim(case, officer, version, now)
        cases.say(case.id, AT_BRANCH, officer, question, now)
        cases.hand_on(case.id, AT_WORKER, until, now)
        cases.forget_typed(case, officer)
        tell_reporter(complaint, "asked", now, **messages.asked(case, question, until))
        _record(Event.COMPLAINT_ASKED, complaint, officer, now, until=until.isoformat())


def _decide(complaint, officer, state, verdict, version, now):
    case = complaint.case
    complaint.verdict = verdict
    with write_transaction():
        user = locked(complaint.user_id) if complaint.user_id else None
        fresh = hold(complaint)
        move(fresh, fresh.version, state, decided_by=officer, decided_at=now,
             verdict_sealed=complaint.verdict_sealed)
        block = _standing_block(complaint) if state == GRANTED else None
        closes_at = block and _lift(block, user, officer, now)
        cases.claim(case, officer, version, now)
        cases.close([case.id], now)
        cases.forget_typed(case, officer)
        texts = (messages.granted(case, verdict, is_open_again=bool(block)) if state == GRANTED
                 else messages.refused(case, verdict))
        tell_reporter(complaint, "decided", now, **texts)
        if closes_at:
            ending.tell_ended(user, closes_at, now)
        if block:
            ending.record_ended(block, user, now, by=officer, complaint=show_number(case.number))
        _record(EVENTS[state], complaint, officer, now)


def _is_own(complaint, officer):
    if complaint.user_id:
        return is_one_of(officer, [complaint.user_id])
    return is_of_visitor(complaint.case_id, officer)


def _standing_block(complaint):
    """The block it is about while it is in force; None where there is none any more."""
    return Block.get_or_none(Block.id == complaint.block_id, Block.state == IN_FORCE)


def _lift(block, user, officer, now):
    try:
        return ending.take_back(block, block.version, user, now, by=officer)
    except (AlreadyDone, BlockChanged) as reason:
        raise CaseChanged from reason


def _record(event, complaint, actor, now, **details):
    subject = complaint.user.public_id if complaint.user_id else complaint.case.public_id
    audit.record(event, chain=audit.ACCOUNTS, actor=actor, subject=subject, now=now,
                 number=show_number(complaint.case.number), **details)
