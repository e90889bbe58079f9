"""What is kept how long, as a table. Nothing here touches the audit trail, receipts, or claims,
requests and objections that were ever sent: those are legal records. Nor who joined a wave: draws
are computed again from them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from webapp import kept_input, rate_limit, sessions
from webapp.cases import service as cases
from webapp.challenges import send_limits
from webapp.challenges import service as challenges
from webapp.complaints.retention import erase_old
from webapp.destinations.service import ABANDONED_AFTER, erase_unneeded
from webapp.documents import service as documents
from webapp.messages import outbox
from webapp.messages.sender import erase_delivered
from webapp.models.accounts import Challenge, SendHistory
from webapp.models.blocks import Complaint
from webapp.models.cases import CaseVisit
from webapp.models.claims import WAITING_FOR_CODE, Destination
from webapp.models.messages import Message
from webapp.models.people import Device, KeptInput, Session, Throttle
from webapp.models.programmes import Applicant, AssistanceStep
from webapp.models.uploads import Upload
from webapp.retention import drafts, programmes, texts
from webapp.retention.erasing import blank, delete
from webapp.uploads import retention as uploads

RULES_4 = "rules 4"
OURS = "ours"
UU_27 = "UU 27/2022 art. 16"


@dataclass(frozen=True)
class Rule:
    """One kind of thing that is forgotten.

    :param what: in words, for operators.
    :param kept: how long, a ``timedelta``.
    :param source: who says so.
    :param due: makes a query of the rows that are due, of a moment.
    :param forget: forgets them, of a moment; returns how many. Small transactions, and running it
        again does nothing more.
    :param is_slow: whether it looks through much: once a day, not every hour.
    """

    name: str
    what: str
    kept: timedelta
    source: str
    due: Callable
    forget: Callable
    is_slow: bool = False


def all_rules(values):
    """Every ``Rule``.

    :param values: the parameters in force.
    """
    return [*_of_access(), *_of_papers(), *_of_messages(values), *_of_cases(values),
            *_of_programmes(values)]


def _rows(name, what, kept, source, table, over):
    """A rule by which rows are deleted.

    :param over: makes the condition that a row's time is over, of a moment.
    """
    return Rule(name, what, kept, source, lambda now: table.select().where(over(now)),
                lambda now: delete(table, over(now)))


def _of_access():
    hours = max(sessions.LIFE.values())
    return (
        _rows("sessions", "sessions that ended or lie unused", hours, RULES_4, Session,
              sessions.over),
        _rows("devices", "browsers known from a sign-in", sessions.DEVICE_LIVES, OURS, Device,
              sessions.devices_over),
        _rows("codes", "one-time codes, used or expired", challenges.KEPT_FOR, OURS, Challenge,
              challenges.over),
        _rows("sent-codes", "how often codes went to an address", send_limits.LONGEST, RULES_4,
              SendHistory, send_limits.over),
        _rows("tries", "counts of wrong tries", rate_limit.KEPT_FOR, OURS, Throttle,
              rate_limit.over),
        _rows("kept-input", "forms kept for who must sign in again", kept_input.KEPT_FOR, OURS,
              KeptInput, kept_input.over),
        _rows("case-visits", "looks at cases; what was typed there, a week after the case",
              cases.UNUSED_FOR, OURS, CaseVisit, cases.visits_over),
        Rule("destinations", "accounts typed and never proven, or of a closed account",
             ABANDONED_AFTER, RULES_4, _unproven, erase_unneeded),
    )


def _of_papers():
    return (
        Rule("orphans", "files that belong to no case and no report", documents.ORPHAN_AFTER, OURS,
             documents.orphans, documents.purge_orphans),
        Rule("bytes", "bytes of files without a row, a part of the store each hour",
             documents.ORPHAN_AFTER, OURS, _none, documents.sweep),
        Rule("lists", "lists of leavers that were never used; what used ones said, after a year",
             uploads.UNUSED_FOR, OURS, _unused_lists, lambda now: sum(uploads.forget(now))),
    )


def _of_messages(values):
    addresses = timedelta(days=values["retention.message_address_days"])
    bodies = timedelta(days=values["retention.message_body_days"])
    return (
        _rows("decoys", "messages to nobody", outbox.KEPT_FOR, OURS, Message, outbox.decoys_over),
        Rule("addresses", "to where messages went", addresses, UU_27,
             lambda now: texts.sent_before(now - addresses, Message.recipient_sealed),
             lambda now: erase_delivered(now, addresses)),
        Rule("texts", "what messages said", bodies, UU_27,
             lambda now: texts.sent_before(now - bodies, Message.body_sealed),
             lambda now: texts.erase(now - bodies), is_slow=True),
    )


def _of_cases(values):
    unsent = timedelta(days=values["retention.draft_days"])
    answered = timedelta(days=values["retention.complaint_days"])
    return (
        Rule("drafts", "drafts that were given up, with their papers", unsent, OURS,
             lambda now: drafts.given_up_before(now - unsent),
             lambda now: drafts.erase(now - unsent), is_slow=True),
        Rule("complaints", "complaints of people without an account, after the decision", answered,
             OURS, lambda now: _old_complaints(now - answered),
             lambda now: erase_old(now - answered, now), is_slow=True),
    )


def _of_programmes(values):
    kept = timedelta(days=values["retention.programme_days"])
    return (
        Rule("revocations", "why applicants were revoked; that they were stays", kept, UU_27,
             lambda now: Applicant.select().where(programmes.revoked(now - kept)),
             lambda now: blank(Applicant, programmes.revoked(now - kept), reason_sealed=None),
             is_slow=True),
        Rule("assistance", "notes about assistance, after its end; that it was paid stays", kept,
             UU_27, lambda now: AssistanceStep.select().where(programmes.finished(now - kept)),
             lambda now: blank(AssistanceStep, programmes.finished(now - kept), note=""),
             is_slow=True),
    )


def _unproven(now):
    return Destination.select().where(
        Destination.state == WAITING_FOR_CODE, Destination.begun_at < now - ABANDONED_AFTER)


def _unused_lists(now):
    return Upload.select().where(Upload.started_at.is_null(),
                                 Upload.uploaded_at < now - uploads.UNUSED_FOR)


def _old_complaints(before):
    return Complaint.select().where(Complaint.user.is_null(), Complaint.decided_at < before)


def _none(now):
    """What lies in the store is not counted."""
    del now
    return Upload.select().where(Upload.id < 0)
