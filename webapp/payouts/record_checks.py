"""What must be on record of the money: the audit entries and messages of each claim and file.

Pairs like those of ``money_checks``. An entry knows its claim by the number in its details.
"""

from peewee import JOIN, SQL, Case, fn

from webapp.audit import Event
from webapp.db import is_sqlite
from webapp.models import cases
from webapp.models.audit import AuditEntry
from webapp.models.claims import (
    BOUNCED,
    BY_HEIRS,
    GRANTED,
    PAID,
    REFUSED,
    Claim,
    Payout,
    PayoutFile,
)
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.workers import Worker

DECIDED = (*GRANTED, REFUSED)
ENTRIES = {"submitted": Event.CLAIM_SUBMITTED, "approved": Event.CLAIM_APPROVED,
           "confirmed": Event.CLAIM_CONFIRMED, "refused": Event.CLAIM_REFUSED,
           "paid": Event.CLAIM_PAID, "bounced": Event.PAYOUT_BOUNCED}
FILES = {"exported": Event.PAYOUTS_EXPORTED, "imported": Event.PAYOUTS_IMPORTED}
MESSAGES = {"approved": "case:claim approved", "refused": "case:claim refused",
            "paid": "case:claim paid", "bounced": "case:claim bounced"}


def _entries_missing():
    """The audit trail tells another story than the claim."""
    trail, bounces = _trail(ENTRIES), _bounces()
    seen = {name: fn.COALESCE(getattr(trail.c, name), 0) for name in ENTRIES}
    failed = fn.COALESCE(bounces.c.times, 0)
    state = Claim.state
    wrong = (((state << DECIDED) & (seen["submitted"] == 0))
             | ((state << GRANTED) & (seen["approved"] == 0))
             | ((state << GRANTED) & Claim.needs_second & (seen["confirmed"] == 0))
             | (seen["paid"] != Case(None, [(state == PAID, 1)], 0))
             | (seen["refused"] != Case(None, [(state == REFUSED, 1)], 0))
             | (seen["bounced"] != failed))
    return (Claim.select(cases.Case.number, state, Claim.needs_second, failed, *seen.values())
            .join(cases.Case)
            .join(trail, JOIN.LEFT_OUTER, on=(trail.c.number == cases.Case.number))
            .switch(Claim)
            .join(bounces, JOIN.LEFT_OUTER, on=(bounces.c.claim_id == Claim.id))
            .where(wrong))


def _say_entries(state, needs_second, failed, *counts):
    seen = dict(zip(ENTRIES, counts, strict=True))
    wanted = {"submitted": state in DECIDED, "approved": state in GRANTED,
              "confirmed": state in GRANTED and needs_second}
    for name, is_wanted in wanted.items():
        if is_wanted and not seen[name]:
            yield f"{state}, tetapi jejak auditnya tidak punya {ENTRIES[name]}"
    exact = {"paid": state == PAID, "refused": state == REFUSED, "bounced": failed}
    for name, times in exact.items():
        if seen[name] != times:
            yield f"jejak auditnya punya {seen[name]} {ENTRIES[name]}, seharusnya {int(times)}"


def _messages_missing():
    """Somebody who can be reached was not told."""
    told, bounces = _told(), _bounces()
    heard = {name: fn.COALESCE(getattr(told.c, name), 0) for name in MESSAGES}
    failed, state = fn.COALESCE(bounces.c.times, 0), Claim.state
    wrong = (((state << GRANTED) & (heard["approved"] == 0))
             | ((state == REFUSED) & (heard["refused"] == 0))
             | ((state == PAID) & (heard["paid"] == 0))
             | ((failed > 0) & (heard["bounced"] == 0)))
    return (Claim.select(cases.Case.number, state, failed, *heard.values())
            .join(cases.Case)
            .join(told, JOIN.LEFT_OUTER, on=(told.c.about == cases.Case.public_id)).switch(Claim)
            .join(bounces, JOIN.LEFT_OUTER, on=(bounces.c.claim_id == Claim.id)).switch(Claim)
            .join(Worker).join(User, JOIN.LEFT_OUTER)
            .where(wrong, _can_be_reached()))


def _can_be_reached():
    """An heir by phone; a worker by what the company reported, or by the account, unless that was
    made after another one, which sent the claim, was closed."""
    of_account = User.phone_sealed.is_null(False) | User.email_sealed.is_null(False)
    return ((Claim.kind == BY_HEIRS) | Worker.phone_sealed.is_null(False)
            | Worker.email_sealed.is_null(False)
            | (of_account & (User.created_at <= Claim.submitted_at)))


def _say_messages(state, failed, *counts):
    heard = dict(zip(MESSAGES, counts, strict=True))
    wanted = {"approved": state in GRANTED, "refused": state == REFUSED, "paid": state == PAID,
              "bounced": failed}
    for name, is_wanted in wanted.items():
        if is_wanted and not heard[name]:
            yield f"tidak ada pesan tentang ini: {MESSAGES[name]}"


def _file_entries_missing():
    trail = _trail(FILES)
    exported, imported = (fn.COALESCE(getattr(trail.c, name), 0) for name in FILES)
    answered = Case(None, [(PayoutFile.result_digest.is_null(), 0)], 1)
    return (PayoutFile.select(PayoutFile.number)
            .join(trail, JOIN.LEFT_OUTER, on=(trail.c.number == PayoutFile.number))
            .where((exported != 1) | (imported != answered)))


def _say_file_entries():
    return ["jejak audit berkas ini kurang atau lebih"]


def _trail(events):
    """How many entries of each of these events there are, by the number in their details."""
    # Cast, or SQLite sees no text in it and compares every claim with every number.
    number = fn.REPLACE(_in_details("number"), "-", "").cast("text")
    return (AuditEntry.select(number.alias("number"), *_counted(AuditEntry.kind, events))
            .where(AuditEntry.kind << [str(event) for event in events.values()])
            .group_by(SQL("1")).alias("trail"))     # its parameters are others the second time


def _told():
    """How many messages of each kind there are about each case."""
    return (Message.select(Message.about, *_counted(Message.kind, MESSAGES))
            .where(Message.kind << list(MESSAGES.values()))
            .group_by(Message.about).alias("told"))


def _bounces():
    return (Payout.select(Payout.claim, fn.COUNT(Payout.id).alias("times"))
            .where(Payout.state == BOUNCED).group_by(Payout.claim).alias("bounces"))


def _counted(column, names):
    return [fn.SUM(Case(None, [(column == str(value), 1)], 0)).alias(name)
            for name, value in names.items()]


def _in_details(key):
    if is_sqlite():
        return fn.json_extract(AuditEntry.details, f"$.{key}")
    return fn.json_extract_path_text(AuditEntry.details.cast("json"), key)


CHECKS = ((_entries_missing, _say_entries), (_messages_missing, _say_messages),
          (_file_entries_missing, _say_file_entries))
