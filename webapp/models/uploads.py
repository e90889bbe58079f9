"""A list of leavers that a company uploaded, and each of its rows."""

import json
import uuid

import peewee

from webapp.db import UtcDateTimeField
from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.people import User
from webapp.models.workers import Membership
from webapp.tables import Table
from webapp.vault import Sealed

UPLOADED, CHECKING = "DIUNGGAH", "DIPERIKSA"
UNUSABLE, READY = "ADA_GALAT", "SIAP"
RUNNING, DONE, CANCELLED = "BERJALAN", "SELESAI", "DIBATALKAN"
STATES = (UPLOADED, CHECKING, UNUSABLE, READY, RUNNING, DONE, CANCELLED)

VALID, WARNED, BAD, SKIPPED = "VALID", "PERINGATAN", "GALAT", "DILEWATI"
APPLIED, REFUSED = "DITERAPKAN", "DITOLAK"
ROW_STATES = (VALID, WARNED, BAD, SKIPPED, APPLIED, REFUSED)
APPLICABLE = (VALID, WARNED)


class Upload(Table):
    """A file: kept as it came, checked, and applied row by row."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    company = peewee.ForeignKeyField(Company, index=False)
    uploaded_by = peewee.ForeignKeyField(User, index=False)
    uploaded_at = UtcDateTimeField()
    name_sealed = peewee.BlobField()
    digest = peewee.CharField(32)               # keyed, of the file's bytes
    state = peewee.CharField(12, default=UPLOADED)
    version = peewee.IntegerField(default=1)
    problem_sealed = peewee.BlobField(null=True)    # why it is unusable, a sentence
    columns = peewee.TextField(default="{}")    # JSON: our fields and the file's headers for them
    headers_sealed = peewee.BlobField(null=True)    # JSON: all headers of the file, in order
    checks = peewee.IntegerField(default=0)     # how often a check of it was begun
    leased_until = UtcDateTimeField(null=True)  # until then no process takes it up (again)
    started_by = peewee.ForeignKeyField(User, null=True, index=False)
    started_at = UtcDateTimeField(null=True)
    started_version = peewee.IntegerField(null=True)    # the version that was shown to the starter
    finished_at = UtcDateTimeField(null=True)
    undone_by = peewee.ForeignKeyField(User, null=True, index=False)
    undone_at = UtcDateTimeField(null=True)
    undo_reason = peewee.TextField(default="")

    folder = "uploads"                          # of its bytes, in the document store

    name = Sealed("name_sealed", "upload.name")
    problem = Sealed("problem_sealed", "upload.problem")
    headers = Sealed("headers_sealed", "upload.headers")

    class Meta:
        indexes = ((("company", "uploaded_at"), False), (("company", "digest"), False))
        constraints = [
            peewee.Check(f"state IN {STATES}"),
            peewee.Check(f"(state = '{UNUSABLE}') = (problem_sealed IS NOT NULL)"),
            peewee.Check(f"(state = '{CANCELLED}') = (undone_at IS NOT NULL)"),
        ]


Upload.add_index(Upload.index(
    Upload.state, Upload.id, name="upload_at_work",
    where=(Upload.state << (UPLOADED, CHECKING, RUNNING, CANCELLED))))


class UploadRow(Table):
    """One row of a file.

    What it says is sealed, and forgotten in time: ``cells`` are all the row's cells as they came,
    ``typed`` what a clerk put in place of them, ``notes`` what is to be said of them, by field;
    ``damage`` is what a spreadsheet did to cells, which their text does not show.
    """

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    upload = peewee.ForeignKeyField(Upload, on_delete="CASCADE", index=False)
    number = peewee.IntegerField()              # of the spreadsheet
    state = peewee.CharField(10)
    version = peewee.IntegerField(default=1)
    said_sealed = peewee.BlobField(null=True)
    membership = peewee.ForeignKeyField(Membership, null=True)
    reason = peewee.CharField(3, default="")
    last_day = peewee.DateField(null=True)
    deactivation = peewee.ForeignKeyField(Deactivation, null=True, unique=True)

    said = Sealed("said_sealed", "upload.row")

    class Meta:
        # The second holds all that is counted: what rows say is not read for that.
        indexes = ((("upload", "number"), True),
                   (("upload", "state", "number", "membership", "deactivation"), False))
        constraints = [
            peewee.Check(f"state IN {ROW_STATES}"),
            peewee.Check(f"(state = '{APPLIED}') = (deactivation_id IS NOT NULL)"),
            peewee.Check(f"state NOT IN {APPLICABLE} OR "
                         "(membership_id IS NOT NULL AND last_day IS NOT NULL)"),
        ]

    @property
    def content(self):
        """What the row says: a dict of ``cells``, ``typed``, ``notes``, ``damage``, ``suggestion``,
        ``suggested`` and ``note``."""
        return json.loads(self.said or _FORGOTTEN)


_FORGOTTEN = json.dumps({"cells": [], "typed": {}, "notes": {}, "damage": {}, "suggestion": {},
                         "suggested": "", "note": ""})
