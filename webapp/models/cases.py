"""Matters that somebody must act on, and what is said and handed in about them.

A case is held by the worker, the company or the branch: whoever must act next. What it is about
stands in the table of its kind, which has the states of the rules.
"""

import uuid

import peewee

from webapp.db import UtcDateTimeField
from webapp.models.accounts import Recovery
from webapp.models.branches import Branch
from webapp.models.companies import Company
from webapp.models.deactivations import Correction, Deactivation
from webapp.models.documents import Document
from webapp.models.people import User
from webapp.models.workers import Membership, Worker
from webapp.tables import Table
from webapp.vault import Sealed

REQUEST, OBJECTION, CORRECTION = "permohonan", "sanggahan", "koreksi"
RECOVERY, WALK_IN = "pemulihan", "loket"
CLAIM, DESTINATION = "pencairan", "rekening"
SWITCH, COMPLAINT = "mandiri", "pengaduan"
KINDS = (REQUEST, OBJECTION, CORRECTION, RECOVERY, WALK_IN, CLAIM, DESTINATION, SWITCH, COMPLAINT)
HOLD_REQUESTS = (REQUEST, SWITCH)     # a switch asks the company in its own case

AT_WORKER, AT_COMPANY, AT_BRANCH = "worker", "company", "branch"
SIDES = (AT_WORKER, AT_COMPANY, AT_BRANCH)


class Case(Table):
    """One matter: whose it is, who must act until when, and at the branch who does."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    number = peewee.CharField(16, unique=True)      # as receipts have it, without dashes
    kind = peewee.CharField(12)
    branch = peewee.ForeignKeyField(Branch, index=False)
    company = peewee.ForeignKeyField(Company, null=True, index=False)
    membership = peewee.ForeignKeyField(Membership, null=True)
    worker = peewee.ForeignKeyField(Worker, null=True)
    user = peewee.ForeignKeyField(User, null=True, on_delete="CASCADE")     # of a recovery: whose
    recovery = peewee.ForeignKeyField(Recovery, null=True, unique=True, on_delete="CASCADE")
    correction = peewee.ForeignKeyField(Correction, null=True, unique=True, on_delete="CASCADE")
    opened_by = peewee.ForeignKeyField(User, null=True, index=False)    # null: no account
    opened_at = UtcDateTimeField()
    holder = peewee.CharField(8, null=True)         # null: nobody, it is over
    held_since = UtcDateTimeField()
    due_on = peewee.DateField(null=True)            # the holder's last day, in Jakarta
    owner = peewee.ForeignKeyField(User, null=True)
    owned_since = UtcDateTimeField(null=True)
    closed_at = UtcDateTimeField(null=True)
    version = peewee.IntegerField(default=1)

    class Meta:
        table_name = "cases"
        constraints = [
            peewee.Check(f"kind IN {KINDS}"),
            peewee.Check(f"holder IN {SIDES}"),
            peewee.Check("(holder IS NULL) = (closed_at IS NOT NULL)"),
            peewee.Check("owner_id IS NULL OR holder IS NULL OR holder = 'branch'"),
            peewee.Check("holder IS NULL OR holder = 'worker' OR due_on IS NOT NULL"),
        ]


Case.add_index(Case.index(Case.branch, Case.due_on, Case.id, name="cases_at_branch",
                          where=(Case.holder == AT_BRANCH)))
Case.add_index(Case.index(Case.company, Case.due_on, Case.id, name="cases_at_company",
                          where=(Case.holder == AT_COMPANY)))
Case.add_index(Case.index(Case.company, Case.opened_at, name="cases_of_company"))
# For reports: they hold all that is counted, so that the cases themselves are not read.
Case.add_index(Case.index(Case.opened_at, Case.branch, Case.kind, name="cases_opened"))
Case.add_index(Case.index(Case.closed_at, Case.branch, Case.kind, name="cases_closed",
                          where=Case.closed_at.is_null(False)))
Case.add_index(Case.index(Case.branch, Case.held_since, Case.due_on, name="cases_waiting",
                          where=(Case.holder == AT_BRANCH)))


class CaseVisit(Table):
    """That somebody has a case open, and what they have typed there and not sent yet."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    case = peewee.ForeignKeyField(Case, on_delete="CASCADE", index=False)
    user = peewee.ForeignKeyField(User, on_delete="CASCADE")
    opened_at = UtcDateTimeField()
    seen_at = UtcDateTimeField()
    typed_sealed = peewee.BlobField(null=True)

    typed = Sealed("typed_sealed", "case.typed")

    class Meta:
        indexes = ((("case", "user"), True),)


class Statement(Table):
    """What a side of a case says to the others."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
    side = peewee.CharField(8)
    author = peewee.ForeignKeyField(User, null=True, index=False)   # null: no account
    text_sealed = peewee.BlobField()
    made_at = UtcDateTimeField()

    text = Sealed("text_sealed", "statement.text")

    class Meta:
        constraints = [peewee.Check(f"side IN {SIDES}")]


class Paper(Table):
    """A paper of a case, a file."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
    kind = peewee.CharField(20)
    document = peewee.ForeignKeyField(Document, unique=True)
    side = peewee.CharField(8)
    added_by = peewee.ForeignKeyField(User, null=True, index=False)     # null: no account
    added_at = UtcDateTimeField()

    class Meta:
        constraints = [peewee.Check(f"side IN {SIDES}")]


DRAFT, ASKED, APPROVED, FILLED = "DRAF", "DIAJUKAN", "DISETUJUI", "FORMULIR_TERISI"
DONE, REFUSED, WITHDRAWN, ESCALATED = "SELESAI", "DITOLAK", "DIBATALKAN", "ESKALASI_CABANG"
REQUEST_STATES = (DRAFT, ASKED, APPROVED, FILLED, DONE, REFUSED, WITHDRAWN, ESCALATED)
OPEN_REQUEST = (DRAFT, ASKED, APPROVED, FILLED, ESCALATED)


class DeactivationRequest(Table):
    """A worker's wish that the company ends the membership (Ajukan nonaktif)."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    case = peewee.ForeignKeyField(Case, unique=True, on_delete="CASCADE")
    membership = peewee.ForeignKeyField(Membership, index=False)
    state = peewee.CharField(16, default=DRAFT)
    version = peewee.IntegerField(default=1)
    reason = peewee.CharField(3, default="")
    last_day = peewee.DateField(null=True)
    note_sealed = peewee.BlobField(null=True)
    asked_at = UtcDateTimeField(null=True)
    answered_by = peewee.ForeignKeyField(User, null=True, index=False)
    answered_at = UtcDateTimeField(null=True)
    answer_sealed = peewee.BlobField(null=True)     # why it was refused
    address_sealed = peewee.BlobField(null=True)    # from the worker's form
    filled_at = UtcDateTimeField(null=True)
    escalated_at = UtcDateTimeField(null=True)
    deactivation = peewee.ForeignKeyField(Deactivation, null=True)

    note = Sealed("note_sealed", "request.note")
    answer = Sealed("answer_sealed", "request.answer")
    address = Sealed("address_sealed", "request.address")

    class Meta:
        constraints = [
            peewee.Check(f"state IN {REQUEST_STATES}"),
            peewee.Check(f"state = '{DRAFT}' OR state = '{WITHDRAWN}' OR state = '{DONE}' OR "
                         "(last_day IS NOT NULL AND reason <> '')"),
            peewee.Check(f"(state = '{DONE}') = (deactivation_id IS NOT NULL)"),
        ]


DeactivationRequest.add_index(DeactivationRequest.index(
    DeactivationRequest.membership, unique=True, name="request_one_open",
    where=(DeactivationRequest.state << OPEN_REQUEST)))

UPHELD, GRANTED = "DITEGUHKAN", "DIPULIHKAN"
OBJECTION_STATES = (DRAFT, ASKED, UPHELD, GRANTED, WITHDRAWN)


class Objection(Table):
    """A worker says that a deactivation is wrong (Sanggah)."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    case = peewee.ForeignKeyField(Case, unique=True, on_delete="CASCADE")
    deactivation = peewee.ForeignKeyField(Deactivation)
    state = peewee.CharField(12, default=DRAFT)
    version = peewee.IntegerField(default=1)
    reason_sealed = peewee.BlobField(null=True)
    asked_at = UtcDateTimeField(null=True)
    decided_by = peewee.ForeignKeyField(User, null=True, index=False)
    decided_at = UtcDateTimeField(null=True)
    verdict_sealed = peewee.BlobField(null=True)    # why it was decided so

    reason = Sealed("reason_sealed", "objection.reason")
    verdict = Sealed("verdict_sealed", "objection.verdict")

    class Meta:
        constraints = [
            peewee.Check(f"state IN {OBJECTION_STATES}"),
            peewee.Check(f"(state IN ('{UPHELD}', '{GRANTED}')) = (decided_at IS NOT NULL)"),
        ]


Objection.add_index(Objection.index(
    Objection.deactivation, unique=True, name="objection_once",
    where=(Objection.state != WITHDRAWN)))


class WalkIn(Table):
    """Ending a membership at the counter (Nonaktif di loket), and the same day's reversal."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    case = peewee.ForeignKeyField(Case, unique=True, on_delete="CASCADE")
    membership = peewee.ForeignKeyField(Membership, index=False)
    request = peewee.ForeignKeyField(DeactivationRequest, null=True)   # the worker's own draft
    paired_at = UtcDateTimeField(null=True)         # when the worker's code let the officer go on
    state = peewee.CharField(12, default=DRAFT)
    version = peewee.IntegerField(default=1)
    reason = peewee.CharField(3, default="")
    last_day = peewee.DateField(null=True)
    note_sealed = peewee.BlobField(null=True)
    checklist = peewee.TextField(default="{}")      # JSON: code of a paper → how it was seen
    officer = peewee.ForeignKeyField(User, index=False)
    deactivation = peewee.ForeignKeyField(Deactivation, null=True, unique=True)
    reversal_asked_by = peewee.ForeignKeyField(User, null=True, index=False)
    reversal_asked_at = UtcDateTimeField(null=True)
    reversal_sealed = peewee.BlobField(null=True)   # why
    reversed_by = peewee.ForeignKeyField(User, null=True, index=False)
    reversed_at = UtcDateTimeField(null=True)

    note = Sealed("note_sealed", "walk-in.note")
    reversal = Sealed("reversal_sealed", "walk-in.reversal")

    class Meta:
        constraints = [
            peewee.Check(f"state IN ('{DRAFT}', '{DONE}', '{WITHDRAWN}')"),
            peewee.Check(f"state <> '{DONE}' OR deactivation_id IS NOT NULL"),
            peewee.Check("reversed_by_id IS NULL OR reversed_by_id <> reversal_asked_by_id"),
        ]


WalkIn.add_index(WalkIn.index(WalkIn.membership, unique=True, name="walk_in_one_draft",
                              where=(WalkIn.state == DRAFT)))


class Pairing(Table):
    """Six digits that a worker shows at the counter: the officer goes on with the same draft."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    case = peewee.ForeignKeyField(Case, unique=True, on_delete="CASCADE")
    code_sealed = peewee.BlobField()
    code_index = peewee.CharField(32, unique=True)
    made_at = UtcDateTimeField()
    expires_at = UtcDateTimeField()
    used_at = UtcDateTimeField(null=True)
    used_by = peewee.ForeignKeyField(User, null=True, index=False)

    code = Sealed("code_sealed", "pairing.code", index="code_index")
