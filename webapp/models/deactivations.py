"""The end of a membership, and what may follow it: undo, correction, work letter."""

import uuid

import peewee

from webapp.db import UtcDateTimeField
from webapp.models.branches import Branch
from webapp.models.companies import Company
from webapp.models.documents import Document
from webapp.models.people import User
from webapp.models.workers import Membership
from webapp.tables import Table

DRAFT, SCHEDULED, EFFECTIVE = "DRAF", "TERJADWAL", "BERLAKU"
UNDONE, DISPUTED, RESTORED = "DIBATALKAN", "DISANGGAH", "DIPULIHKAN"
STATES = (DRAFT, SCHEDULED, EFFECTIVE, UNDONE, DISPUTED, RESTORED)
STANDING = (SCHEDULED, EFFECTIVE, DISPUTED)     # filed and not taken back

REQUESTED, CORRECTED, KEPT = "DIAJUKAN", "DISETUJUI", "DITOLAK"     # of a correction


class Deactivation(Table):
    """One membership's end: from the clerk's draft to its effect, or its undoing."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    membership = peewee.ForeignKeyField(Membership, backref="deactivations")
    company = peewee.ForeignKeyField(Company, index=False)
    state = peewee.CharField(12, default=DRAFT)
    version = peewee.IntegerField(default=1)
    reason = peewee.CharField(3)
    last_day = peewee.DateField()
    note = peewee.TextField(default="")
    document = peewee.ForeignKeyField(Document, null=True)
    drafted_by = peewee.ForeignKeyField(User, backref="drafts")
    drafted_at = UtcDateTimeField()
    filed_by = peewee.ForeignKeyField(User, null=True, index=False)
    filed_at = UtcDateTimeField(null=True)
    is_late = peewee.BooleanField(default=False)
    in_arrears = peewee.BooleanField(default=False)
    parameters = peewee.TextField(default="{}")     # JSON: the values this decision used
    branch = peewee.ForeignKeyField(Branch, null=True, index=False)     # that filed it, if any
    undone_by = peewee.ForeignKeyField(User, null=True, index=False)
    undone_at = UtcDateTimeField(null=True)
    undo_reason = peewee.TextField(default="")

    class Meta:
        indexes = ((("company", "filed_at"), False),)
        constraints = [
            peewee.Check(f"state IN {STATES}"),
            peewee.Check(f"(state = '{DRAFT}') = (filed_at IS NULL)"),
            peewee.Check(f"(state = '{UNDONE}') = (undone_at IS NOT NULL)"),
        ]

    @property
    def is_standing(self):
        """Whether this is filed and has not been taken back."""
        return self.state in STANDING


Deactivation.add_index(Deactivation.index(
    Deactivation.membership, unique=True, name="deactivation_one_standing",
    where=(Deactivation.state << STANDING)))
Deactivation.add_index(Deactivation.index(
    Deactivation.membership, Deactivation.drafted_by, unique=True,
    name="deactivation_one_draft", where=(Deactivation.state == DRAFT)))
Deactivation.add_index(Deactivation.index(
    Deactivation.last_day, name="deactivation_scheduled",
    where=(Deactivation.state == SCHEDULED)))


class Correction(Table):
    """A company's request to the branch to put right what it can no longer undo itself."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    number = peewee.CharField(16, unique=True)
    deactivation = peewee.ForeignKeyField(Deactivation, backref="corrections")
    state = peewee.CharField(12, default=REQUESTED)
    version = peewee.IntegerField(default=1)
    reason = peewee.TextField()
    requested_by = peewee.ForeignKeyField(User, index=False)
    requested_at = UtcDateTimeField()
    decided_by = peewee.ForeignKeyField(User, null=True, index=False)
    decided_at = UtcDateTimeField(null=True)
    verdict = peewee.TextField(default="")

    class Meta:
        indexes = ((("state", "requested_at", "id"), False),)


Correction.add_index(Correction.index(
    Correction.deactivation, unique=True, name="correction_one_open",
    where=(Correction.state == REQUESTED)))


class WorkLetter(Table):
    """The paklaring that a deactivation produces and the company approves."""

    deactivation = peewee.ForeignKeyField(Deactivation, unique=True, on_delete="CASCADE")
    number = peewee.CharField(60, default="")
    position = peewee.CharField(100, default="")
    signatory = peewee.CharField(200, default="")
    signatory_title = peewee.CharField(100, default="")
    approved_by = peewee.ForeignKeyField(User, null=True, index=False)
    approved_at = UtcDateTimeField(null=True)
