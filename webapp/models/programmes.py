"""Programmes: the waves in which people join, the draw among them, and what they were granted."""

import uuid

import peewee

from webapp.db import UtcDateTimeField
from webapp.models.people import User
from webapp.models.workers import Worker
from webapp.tables import Table
from webapp.vault import Sealed

SCHEDULED, OPEN, CLOSED = "TERJADWAL", "DIBUKA", "DITUTUP"
DRAWING, ANNOUNCED, OVER = "SELEKSI", "DIUMUMKAN", "SELESAI"
WAVE_STATES = (SCHEDULED, OPEN, CLOSED, DRAWING, ANNOUNCED, OVER)
DRAWN = (ANNOUNCED, OVER)

JOINED, CHOSEN, NOT_CHOSEN, REVOKED = "TERDAFTAR", "LOLOS", "BELUM_BERHASIL", "DICABUT"
APPLICANT_STATES = (JOINED, CHOSEN, NOT_CHOSEN, REVOKED)

GRANTED, PLANNED, CHECKED = "DITETAPKAN", "DIJADWALKAN", "PENGECEKAN"
HELD, DISBURSED, FAILED = "TERTAHAN", "TERSALURKAN", "GAGAL"
ASSISTANCE_STATES = (GRANTED, PLANNED, CHECKED, HELD, DISBURSED, FAILED)


class Programme(Table):
    """What people can join: training, or money."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    name = peewee.CharField(80, unique=True)
    lead = peewee.CharField(200)                    # one sentence: what it gives, and to whom
    grant = peewee.BigIntegerField()                # rupiah that whoever is chosen receives
    created_by = peewee.ForeignKeyField(User, index=False)
    created_at = UtcDateTimeField()

    class Meta:
        constraints = [peewee.Check("\"grant\" > 0")]


class Wave(Table):
    """A registration round (gelombang) of a programme, and its draw.

    The secret is made with the wave and its digest shown from the start; the seed is made of the
    secret and of the list as it stood at closing, so nobody can know or choose it before.
    """

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    programme = peewee.ForeignKeyField(Programme)
    number = peewee.IntegerField()                  # Gelombang 1, 2, …
    state = peewee.CharField(10, default=SCHEDULED)
    version = peewee.IntegerField(default=1)
    opens_at = UtcDateTimeField()
    closes_at = UtcDateTimeField()
    quota = peewee.IntegerField()
    declarations = peewee.TextField()               # JSON: the sentences one agrees to
    secret_sealed = peewee.BlobField()              # hex of 32 bytes, shown after the draw
    commitment = peewee.CharField(64)               # SHA-256 of the secret
    digest = peewee.CharField(64, null=True)        # SHA-256 of the list at closing
    seed = peewee.CharField(64, null=True)
    applicants = peewee.IntegerField(null=True)     # on that list
    chosen = peewee.IntegerField(null=True)         # in the draw
    drawn_at = UtcDateTimeField(null=True)
    announced_at = UtcDateTimeField(null=True)
    told_until = peewee.CharField(16, default="")   # the number up to which results were told
    told_at = UtcDateTimeField(null=True)           # all were
    opened_by = peewee.ForeignKeyField(User, index=False)
    created_at = UtcDateTimeField()

    secret = Sealed("secret_sealed", "wave.secret")

    class Meta:
        indexes = ((("programme", "number"), True), (("state", "opens_at"), False))
        constraints = [
            peewee.Check(f"state IN {WAVE_STATES}"),
            peewee.Check("quota > 0 AND number > 0 AND closes_at > opens_at"),
            peewee.Check(f"state NOT IN {DRAWN} OR (seed IS NOT NULL AND digest IS NOT NULL AND "
                         "applicants IS NOT NULL AND chosen IS NOT NULL AND "
                         "drawn_at IS NOT NULL AND announced_at IS NOT NULL)"),
        ]


class Applicant(Table):
    """Somebody who joined a wave. The number stands in the published list in the name's place."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    wave = peewee.ForeignKeyField(Wave, index=False)
    programme = peewee.ForeignKeyField(Programme, index=False)
    worker = peewee.ForeignKeyField(Worker)
    number = peewee.CharField(16)
    family_index = peewee.CharField(32)             # keyed digest of the family card (KK)
    state = peewee.CharField(14, default=JOINED)
    version = peewee.IntegerField(default=1)
    is_listed = peewee.BooleanField(default=True)   # on the list at closing: not revoked before it
    place = peewee.IntegerField(null=True)          # in the draw, from 1; revoked before it: none
    agreed = peewee.CharField(64)                   # SHA-256 of the declarations as they were shown
    joined_at = UtcDateTimeField()
    revoked_by = peewee.ForeignKeyField(User, null=True, index=False)
    revoked_at = UtcDateTimeField(null=True)
    reason_sealed = peewee.BlobField(null=True)     # why it was revoked; the applicant reads it

    reason = Sealed("reason_sealed", "applicant.reason")

    class Meta:
        indexes = (
            (("wave", "worker"), True),
            (("wave", "number"), True),
            (("wave", "family_index"), False),
        )
        constraints = [
            peewee.Check(f"state IN {APPLICANT_STATES}"),
            peewee.Check(f"state <> '{CHOSEN}' OR place IS NOT NULL"),
            peewee.Check(f"(state = '{REVOKED}') = (revoked_at IS NOT NULL)"),
        ]


class Beneficiary(Table):
    """Whom a draw of a programme chose: once a lifetime, and two of a family at most. It stays when
    somebody is revoked afterwards, since no place becomes free by that.

    Apart from the applicants, so that no index is in the way when a draw writes a million results.
    """

    programme = peewee.ForeignKeyField(Programme, index=False)
    wave = peewee.ForeignKeyField(Wave, index=False)
    worker = peewee.ForeignKeyField(Worker, index=False)
    applicant = peewee.ForeignKeyField(Applicant, unique=True)
    family_index = peewee.CharField(32)

    class Meta:
        indexes = (
            (("programme", "worker"), True),
            (("programme", "family_index"), False),
        )


class Assistance(Table):
    """Money or training that a person was granted, and where it stands."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    worker = peewee.ForeignKeyField(Worker)
    programme = peewee.ForeignKeyField(Programme, index=False)
    applicant = peewee.ForeignKeyField(Applicant, null=True, unique=True)
    number = peewee.CharField(16, unique=True)      # as receipts have it, without dashes
    amount = peewee.BigIntegerField()               # rupiah
    state = peewee.CharField(12, default=GRANTED)
    version = peewee.IntegerField(default=1)
    scheduled_on = peewee.DateField(null=True)
    paid_on = peewee.DateField(null=True)
    granted_at = UtcDateTimeField()

    class Meta:
        constraints = [
            peewee.Check(f"state IN {ASSISTANCE_STATES}"),
            peewee.Check("amount > 0"),
            peewee.Check(f"state <> '{PLANNED}' OR scheduled_on IS NOT NULL"),
            peewee.Check(f"(state = '{DISBURSED}') = (paid_on IS NOT NULL)"),
        ]


class AssistanceStep(Table):
    """One dated line of an assistance's history."""

    assistance = peewee.ForeignKeyField(Assistance, on_delete="CASCADE")
    state = peewee.CharField(12)
    at = UtcDateTimeField()
    note = peewee.CharField(200, default="")        # why it is held or failed, in plain words

    class Meta:
        constraints = [peewee.Check(f"state IN {ASSISTANCE_STATES}")]


class DisbursementFile(Table):
    """A list of what became of assistance, taken in once."""

    digest = peewee.CharField(64, unique=True)      # SHA-256 of the file
    taken_at = UtcDateTimeField()
    count = peewee.IntegerField()
    total = peewee.BigIntegerField()                # rupiah

    class Meta:
        constraints = [peewee.Check("count > 0 AND total > 0")]
