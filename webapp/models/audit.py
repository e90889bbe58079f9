"""The audit trail: append-only, one hash chain for each company, branch or concern."""

import peewee

from webapp.db import UtcDateTimeField
from webapp.tables import Table


class AuditChain(Table):
    """Where a chain stands: locked by whoever appends, so that entries follow one another."""

    name = peewee.CharField(60, unique=True)
    sequence = peewee.BigIntegerField(default=0)
    head = peewee.CharField(64, default="")


class AuditEntry(Table):
    """One act. ``mac`` covers this entry and the one before it."""

    chain = peewee.ForeignKeyField(AuditChain, index=False)
    sequence = peewee.BigIntegerField()
    at = UtcDateTimeField(index=True)
    kind = peewee.CharField(40)
    actor = peewee.UUIDField(null=True)        # public id of a user; null is the system
    subject = peewee.UUIDField(null=True, index=True)      # public id of what it happened to
    details = peewee.TextField()               # canonical JSON; never a full NIK, phone or address
    mac = peewee.CharField(64)

    class Meta:
        indexes = ((("chain", "sequence"), True),)


class AuditCheck(Table):
    """That the trail was verified, and what was found; the newest tells how it stands."""

    checked_at = UtcDateTimeField()
    is_whole = peewee.BooleanField()           # else its newest entries alone
    chains = peewee.IntegerField()
    entries = peewee.BigIntegerField()
    faults = peewee.TextField(default="[]")    # JSON: [chain, sequence, problem] of each

    class Meta:
        indexes = ((("is_whole", "id"), False),)
