"""Blocked accounts, and complaints: above all of somebody who did nothing wrong."""

import uuid

import peewee

from webapp.db import UtcDateTimeField
from webapp.models.cases import Case
from webapp.models.people import User
from webapp.tables import Table
from webapp.vault import Sealed

REASONS = ("DATA_PALSU", "IDENTITAS_ORANG_LAIN", "OTOMATISASI", "DIWAKILKAN", "LANGGAR_SK",
           "PERMINTAAN_SENDIRI", "KEAMANAN")
PROPOSED, IN_FORCE, ENDED, DROPPED = "DIUSULKAN", "BERLAKU", "BERAKHIR", "DIBATALKAN"
BLOCK_STATES = (PROPOSED, IN_FORCE, ENDED, DROPPED)
OPEN_BLOCK = (PROPOSED, IN_FORCE)

RECEIVED, REVIEWED, AWAITING_REPORTER = "DITERIMA", "DITINJAU", "MENUNGGU_PELAPOR"
GRANTED, REFUSED = "DIKABULKAN", "DITOLAK"
COMPLAINT_STATES = (RECEIVED, REVIEWED, AWAITING_REPORTER, GRANTED, REFUSED)
DECIDED = (GRANTED, REFUSED)


class Block(Table):
    """An account that is blocked: one manager proposes, another confirms, and it ends by itself."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    user = peewee.ForeignKeyField(User)
    reason = peewee.CharField(20)
    note_sealed = peewee.BlobField()                # what happened, for the managers
    state = peewee.CharField(10, default=PROPOSED)
    version = peewee.IntegerField(default=1)
    review_on = peewee.DateField()                  # in Jakarta: somebody looks at it again
    until = peewee.DateField()                      # its last day, in Jakarta
    proposed_by = peewee.ForeignKeyField(User, index=False)
    proposed_at = UtcDateTimeField()
    state_before = peewee.CharField(24, null=True)  # of the account, which it comes back to
    confirmed_by = peewee.ForeignKeyField(User, null=True, index=False)
    confirmed_at = UtcDateTimeField(null=True)
    reviewed_by = peewee.ForeignKeyField(User, null=True, index=False)
    reviewed_at = UtcDateTimeField(null=True)
    ended_by = peewee.ForeignKeyField(User, null=True, index=False)     # null: by itself
    ended_at = UtcDateTimeField(null=True)
    ending_sealed = peewee.BlobField(null=True)     # why it was ended before its day
    longer_until = peewee.DateField(null=True)      # asked for, and not answered yet
    longer_review_on = peewee.DateField(null=True)
    longer_by = peewee.ForeignKeyField(User, null=True, index=False)    # who asked last
    longer_at = UtcDateTimeField(null=True)
    longer_sealed = peewee.BlobField(null=True)     # why

    note = Sealed("note_sealed", "block.note")
    ending = Sealed("ending_sealed", "block.ending")
    longer = Sealed("longer_sealed", "block.longer")

    class Meta:
        constraints = [
            peewee.Check(f"reason IN {REASONS}"),
            peewee.Check(f"state IN {BLOCK_STATES}"),
            peewee.Check("review_on <= until"),
            peewee.Check("proposed_by_id <> user_id"),
            peewee.Check("confirmed_by_id IS NULL OR (confirmed_by_id <> proposed_by_id AND "
                         "confirmed_by_id <> user_id)"),
            peewee.Check(f"state <> '{IN_FORCE}' OR confirmed_by_id IS NOT NULL"),
            peewee.Check(f"(state IN ('{ENDED}', '{DROPPED}')) = (ended_at IS NOT NULL)"),
            peewee.Check("(confirmed_by_id IS NULL) = (state_before IS NULL)"),
            peewee.Check("longer_until IS NULL OR longer_by_id IS NOT NULL"),
            peewee.Check("longer_review_on <= longer_until"),
            peewee.Check("longer_by_id <> user_id"),
        ]


Block.add_index(Block.index(Block.user, unique=True, name="block_one_open",
                            where=(Block.state << OPEN_BLOCK)))
Block.add_index(Block.index(Block.until, name="block_in_force",
                            where=(Block.state == IN_FORCE)))


class Complaint(Table):
    """A ticket (Pengaduan) of a person with or without an account; its thread is the case's."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    case = peewee.ForeignKeyField(Case, unique=True)
    user = peewee.ForeignKeyField(User, null=True)  # null: without an account
    block = peewee.ForeignKeyField(Block, null=True)    # what it is about
    state = peewee.CharField(18, default=RECEIVED)
    version = peewee.IntegerField(default=1)
    subject_sealed = peewee.BlobField()
    story_sealed = peewee.BlobField()               # Apa yang terjadi
    name_sealed = peewee.BlobField(null=True)       # of whoever has no account, as they wrote it
    phone_sealed = peewee.BlobField(null=True)
    phone_index = peewee.CharField(32, null=True, index=True)
    email_sealed = peewee.BlobField(null=True)
    secret_sealed = peewee.BlobField()              # with the number it opens the thread
    sent_at = UtcDateTimeField()
    key = peewee.CharField(32, unique=True)         # of the form: pressed twice, it is one ticket
    decided_by = peewee.ForeignKeyField(User, null=True, index=False)
    decided_at = UtcDateTimeField(null=True)
    verdict_sealed = peewee.BlobField(null=True)

    subject = Sealed("subject_sealed", "complaint.subject")
    story = Sealed("story_sealed", "complaint.story")
    name = Sealed("name_sealed", "complaint.name")
    phone = Sealed("phone_sealed", "complaint.phone", index="phone_index")
    email = Sealed("email_sealed", "complaint.email")
    secret = Sealed("secret_sealed", "complaint.secret")
    verdict = Sealed("verdict_sealed", "complaint.verdict")

    class Meta:
        constraints = [
            peewee.Check(f"state IN {COMPLAINT_STATES}"),
            peewee.Check(f"(state IN {DECIDED}) = (decided_at IS NOT NULL)"),
            peewee.Check("(decided_at IS NULL) = (verdict_sealed IS NULL)"),
            peewee.Check("decided_by_id IS NULL OR user_id IS NULL OR decided_by_id <> user_id"),
            peewee.Check("user_id IS NOT NULL OR phone_sealed IS NOT NULL OR "
                         "email_sealed IS NOT NULL"),
        ]
