"""What keeps accounts safe: codes, authenticators, passkeys, consents, closures, recoveries."""

import uuid

import peewee

from webapp.db import UtcDateTimeField
from webapp.models.people import User
from webapp.tables import Table
from webapp.vault import Sealed

# Of a closure and of a recovery.
WAITING, CANCELLED, DONE = "MENUNGGU", "DIBATALKAN", "SELESAI"
ASKED, APPROVED, REFUSED = "DIAJUKAN", "DISETUJUI", "DITOLAK"


class Challenge(Table):
    """One act that waits for a code: what the act is, for whom, and the code's keyed digest.

    ``bound`` holds, sealed, everything the act will do: the code is good for exactly that. A row
    without a user is a decoy, for somebody who named an account that does not exist.
    """

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    purpose = peewee.CharField(30)
    person = peewee.CharField(32)          # keyed digest of whom the limits count for
    user = peewee.ForeignKeyField(User, null=True, on_delete="CASCADE")
    bound_sealed = peewee.BlobField()
    channel = peewee.CharField(5, default="")
    target_sealed = peewee.BlobField(null=True)
    mac = peewee.CharField(32, default="")
    guesses_left = peewee.IntegerField(default=0)
    sent_at = UtcDateTimeField(null=True)
    code_expires_at = UtcDateTimeField(null=True)
    created_at = UtcDateTimeField()
    expires_at = UtcDateTimeField(index=True)
    used_at = UtcDateTimeField(null=True)

    bound = Sealed("bound_sealed", "challenge.bound")
    target = Sealed("target_sealed", "challenge.target")

    class Meta:
        indexes = ((("person", "purpose"), False),)


class SendHistory(Table):
    """When codes were last sent to one address, over all accounts: its row is locked to count."""

    target = peewee.CharField(32, unique=True)
    sent = peewee.TextField(default="[]")      # JSON list of Unix seconds, oldest first
    last_at = UtcDateTimeField(index=True)


class Authenticator(Table):
    """A person's authenticator app (TOTP). Unconfirmed until its first code came back."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    user = peewee.ForeignKeyField(User, unique=True, on_delete="CASCADE")
    secret_sealed = peewee.BlobField()
    created_at = UtcDateTimeField()
    confirmed_at = UtcDateTimeField(null=True)
    last_step = peewee.BigIntegerField(default=0)      # a step's code is good once

    secret = Sealed("secret_sealed", "authenticator.secret")


class RecoveryCode(Table):
    """One of ten codes for the day the authenticator is lost."""

    user = peewee.ForeignKeyField(User, backref="recovery_codes", on_delete="CASCADE")
    digest = peewee.CharField(32, unique=True)
    used_at = UtcDateTimeField(null=True)


class Passkey(Table):
    """A WebAuthn credential."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    user = peewee.ForeignKeyField(User, backref="passkeys", on_delete="CASCADE")
    credential = peewee.CharField(1400, unique=True)   # its id, base64url
    public_key = peewee.BlobField()
    sign_count = peewee.BigIntegerField(default=0)
    name = peewee.CharField(100)
    created_at = UtcDateTimeField()
    used_at = UtcDateTimeField(null=True)


class Agreement(Table):
    """That a person agreed to a version of Syarat dan Ketentuan."""

    user = peewee.ForeignKeyField(User, backref="agreements", on_delete="CASCADE", index=False)
    version = peewee.CharField(20)
    language = peewee.CharField(5)
    digest = peewee.CharField(64)          # SHA-256 of the text that was shown
    agreed_at = UtcDateTimeField()
    address = peewee.CharField(45)         # from where

    class Meta:
        indexes = ((("user", "version"), True),)


class Closure(Table):
    """A person's wish to close the account, and its cooling-off."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    user = peewee.ForeignKeyField(User, backref="closures", on_delete="CASCADE")
    state = peewee.CharField(12, default=WAITING)
    cancel_index = peewee.CharField(32, unique=True)   # keyed digest of the code in the messages
    channel = peewee.CharField(5)
    requested_at = UtcDateTimeField()
    due_at = UtcDateTimeField()
    ended_at = UtcDateTimeField(null=True)


Closure.add_index(Closure.index(
    Closure.user, name="closure_one_waiting", unique=True, where=(Closure.state == WAITING)))
Closure.add_index(Closure.index(
    Closure.due_at, name="closure_due", where=(Closure.state == WAITING)))


class Recovery(Table):
    """New contacts for somebody who lost the old ones: an officer asks, a supervisor decides."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    user = peewee.ForeignKeyField(User, backref="recoveries", on_delete="CASCADE")
    state = peewee.CharField(12, default=ASKED)
    phone_sealed = peewee.BlobField(null=True)
    email_sealed = peewee.BlobField(null=True)
    papers = peewee.CharField(200)         # what was shown, by code
    note = peewee.CharField(500, default="")
    asked_by = peewee.ForeignKeyField(User, backref="+", index=False)
    asked_at = UtcDateTimeField()
    decided_by = peewee.ForeignKeyField(User, backref="+", index=False, null=True)
    decided_at = UtcDateTimeField(null=True)
    reason = peewee.CharField(500, default="")

    phone = Sealed("phone_sealed", "recovery.phone")
    email = Sealed("email_sealed", "recovery.email")

    class Meta:
        constraints = [
            peewee.Check("decided_by_id IS NULL OR decided_by_id <> asked_by_id"),
            peewee.Check("asked_by_id <> user_id"),
            peewee.Check("decided_by_id IS NULL OR decided_by_id <> user_id"),
        ]


Recovery.add_index(Recovery.index(
    Recovery.user, name="recovery_one_open", unique=True, where=(Recovery.state == ASKED)))
