"""What happened between two moments, counted in the tables by branch and day."""

import json
from collections import Counter
from typing import NamedTuple

from peewee import SQL, fn

from webapp.clock import start_of
from webapp.db import is_sqlite
from webapp.messages.outbox import NOBODY
from webapp.models.accounts import REFUSED as RECOVERY_REFUSED
from webapp.models.accounts import Recovery
from webapp.models.audit import AuditEntry
from webapp.models.blocks import REFUSED as COMPLAINT_REFUSED
from webapp.models.blocks import Complaint
from webapp.models.branches import HEAD_OFFICE
from webapp.models.cases import (
    CLAIM,
    COMPLAINT,
    CORRECTION,
    DESTINATION,
    OBJECTION,
    RECOVERY,
    REQUEST,
    SWITCH,
    UPHELD,
    WALK_IN,
    Case,
    DeactivationRequest,
    Objection,
)
from webapp.models.cases import REFUSED as REQUEST_REFUSED
from webapp.models.claims import BY_HEIRS, NOT_LINKED, Claim, Destination
from webapp.models.claims import REFUSED as CLAIM_REFUSED
from webapp.models.companies import Company
from webapp.models.deactivations import KEPT, Correction, Deactivation
from webapp.models.messages import EXPIRED, SENT, WAITING, Message
from webapp.models.switches import REFUSED as SWITCH_REFUSED
from webapp.models.switches import Switch
from webapp.parts import parts_of

FILED, OPENED, REFUSED, RETURNED = "laporan", "kasus", "ditolak", "dikembalikan"
MESSAGES = "pesan"
AT_ONCE = 500           # cases that are looked up in one statement
IN_TIME, LATE = "tepat", "telat"
DELIVERED, UNDELIVERED, UNDER_WAY = "terkirim", "gagal", "menunggu"
# Events by which staff give something back, with the codes of what is wrong as ``wrong``.
GIVEN_BACK = ("claim:returned", "switch:returned")


class Count(NamedTuple):
    """One figure.

    :param branch: its number, or None for what belongs to no branch.
    :param day: in Jakarta, as text: 2026-11-22.
    """

    branch: int | None
    day: str
    measure: str
    label: str


class Span(NamedTuple):
    """The days that are counted, and for whom.

    :param since: the first day.
    :param until: the day after the last one.
    :param branch: the number of the one branch it is about, or None for all.
    """

    since: object
    until: object
    branch: int | None = None

    def holds(self, moment):
        """The condition that a column's moment is on one of these days."""
        return (moment >= start_of(self.since)) & (moment < start_of(self.until))

    def concerns(self, column):
        """The condition that a row is of this branch; always true for all."""
        return column == self.branch if self.branch else SQL("1 = 1")


def counted(span, first_message):
    """How many there were of everything, a ``Counter`` by ``Count``.

    :param first_message: an id that no message of these days is below.
    """
    total = Counter()
    for count, value in (*_filed(span), *_opened(span), *_refused(span), *_returned(span),
                         *_messages(span, first_message)):
        total[count] += value
    return total


def first_message_on(day, after):
    """The id of the first message of a day or a later one; one above all where there is none yet.

    :param after: an id that it is not below: messages are found by their numbers, since an index
        of their times would have to be kept with every one of them.
    """
    later = Message.select(Message.id).where(Message.id >= after)
    found = later.where(Message.created_at >= start_of(day)).order_by(Message.id).first()
    return found.id if found else (Message.select(fn.MAX(Message.id)).scalar() or 0) + 1


def _day_of(moment):
    """The day in Jakarta of a column of moments; written out, since a database takes two
    expressions with parameters for different ones."""
    if is_sqlite():
        whole = fn.substr(moment, SQL("1, 19"))     # it would round the last moments of a day up
        return fn.date(whole, SQL("'+7 hours'")).coerce(False)
    return fn.to_char(moment + SQL("interval '7 hours'"),
                      SQL("'YYYY-MM-DD'")).coerce(False)


def _filed(span):
    """Reports that a membership ended, in time or late. A company without a branch is the head
    office's."""
    day = _day_of(Deactivation.filed_at)
    theirs = Company.branch == span.branch if span.branch else SQL("1 = 1")
    if span.branch == HEAD_OFFICE:
        theirs |= Company.branch.is_null()
    rows = (Company.select(Company.branch, day, Deactivation.is_late, fn.COUNT(Deactivation.id))
            .join(Deactivation).where(theirs, span.holds(Deactivation.filed_at))
            .group_by(Company.branch, day, Deactivation.is_late))
    for branch, on, is_late, value in rows.tuples():
        yield Count(branch or HEAD_OFFICE, on, FILED, LATE if is_late else IN_TIME), value


def _opened(span):
    """Cases that were sent. What is ended at the counter is a report."""
    day = _day_of(Case.opened_at)
    rows = (Case.select(Case.branch, day, Case.kind, fn.COUNT(Case.id))
            .where(span.holds(Case.opened_at), span.concerns(Case.branch), Case.kind != WALK_IN,
                   *_was_sent())
            .group_by(Case.branch, day, Case.kind))
    for branch, on, kind, value in rows.tuples():
        yield Count(branch, on, OPENED, kind), value


def _was_sent():
    """Conditions that a case is no draft, nor was given up as one."""
    unsent = ((REQUEST, DeactivationRequest, DeactivationRequest.asked_at.is_null()),
              (OBJECTION, Objection, Objection.asked_at.is_null()),
              (CLAIM, Claim, Claim.submitted_at.is_null() & (Claim.kind != BY_HEIRS)),
              (SWITCH, Switch, Switch.submitted_at.is_null()))
    return [(Case.kind != kind) | ~_has(table, condition) for kind, table, condition in unsent]


def _refused(span):
    """Cases that ended with a refusal: claims by their kind, the others by theirs."""
    day = _day_of(Case.closed_at)
    kind = Claim.select(Claim.kind).where(Claim.case == Case.id)
    rows = (Case.select(Case.branch, day, Case.kind, kind.alias("claim_kind"), fn.COUNT(Case.id))
            .where(span.holds(Case.closed_at), span.concerns(Case.branch), _was_refused())
            .group_by(Case.branch, day, Case.kind, SQL("claim_kind")))
    for branch, on, case_kind, claim_kind, value in rows.tuples():
        yield Count(branch, on, REFUSED, claim_kind or case_kind), value


def _was_refused():
    was = Destination.state == NOT_LINKED
    return (((Case.kind == CLAIM) & _has(Claim, Claim.state == CLAIM_REFUSED))
            | ((Case.kind == REQUEST) & _has(DeactivationRequest,
                                             DeactivationRequest.state == REQUEST_REFUSED))
            | ((Case.kind == OBJECTION) & _has(Objection, Objection.state == UPHELD))
            | ((Case.kind == DESTINATION) & _has(Destination,
                                                 was & Destination.checked_by.is_null(False)))
            | ((Case.kind == SWITCH) & _has(Switch, Switch.state == SWITCH_REFUSED))
            | ((Case.kind == COMPLAINT) & _has(Complaint, Complaint.state == COMPLAINT_REFUSED))
            | ((Case.kind == CORRECTION) & fn.EXISTS(Correction.select(Correction.id).where(
                Correction.id == Case.correction, Correction.state == KEPT)))
            | ((Case.kind == RECOVERY) & fn.EXISTS(Recovery.select(Recovery.id).where(
                Recovery.id == Case.recovery, Recovery.state == RECOVERY_REFUSED))))


def _has(table, condition):
    return fn.EXISTS(table.select(table.id).where(table.case == Case.id, condition))


def _returned(span):
    """Parts of claims and switches that staff marked as wrong: the reasons that are codes."""
    day = _day_of(AuditEntry.at)
    entries = list(AuditEntry.select(day, AuditEntry.details)
                   .where(span.holds(AuditEntry.at), AuditEntry.kind << GIVEN_BACK).tuples())
    told = [(on, json.loads(details)) for on, details in entries]
    numbers = {details["number"].replace("-", "") for _, details in told}
    branches = _branches_of(sorted(numbers), span)
    for on, details in told:
        branch = branches.get(details["number"].replace("-", ""))
        for code in details.get("wrong", ()) if branch else ():
            yield Count(branch, on, RETURNED, code.removeprefix("paper:")[:20]), 1


def _branches_of(numbers, span):
    """The branch of each of these cases, by number; some at a time, as databases take them."""
    return {number: branch for some in parts_of(numbers, AT_ONCE)
            for number, branch in Case.select(Case.number, Case.branch).where(
                Case.number << some,
                span.concerns(Case.branch)).tuples()}


def _messages(span, first_message):
    """Messages by channel and what became of them, on the day they were written."""
    day = _day_of(Message.created_at)
    rows = (Message.select(day, Message.channel, Message.state, fn.COUNT(Message.id))
            .where(Message.id >= first_message, span.holds(Message.created_at),
                   (Message.state != EXPIRED) | (Message.problem != NOBODY))
            .group_by(day, Message.channel, Message.state))
    became = {SENT: DELIVERED, WAITING: UNDER_WAY}
    for on, channel, state, value in rows.tuples():
        yield Count(None, on, MESSAGES, f"{channel} {became.get(state, UNDELIVERED)}"), value
