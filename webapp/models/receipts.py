"""Receipts: a number anyone can check, and a signed text that needs no server."""

import peewee

from webapp.db import UtcDateTimeField
from webapp.models.claims import Claim
from webapp.models.deactivations import Deactivation
from webapp.tables import Table


class Receipt(Table):
    """Proof that an act was filed. Never changed: the act's present state is read from the act."""

    number = peewee.CharField(16, unique=True)     # without dashes, as it is looked up
    deactivation = peewee.ForeignKeyField(Deactivation, unique=True, null=True)
    claim = peewee.ForeignKeyField(Claim, unique=True, null=True)
    issued_at = UtcDateTimeField()
    text = peewee.TextField()                      # what was signed, and the signature
