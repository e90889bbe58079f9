"""Papers that people hand in."""

import uuid

import peewee

from webapp.db import UtcDateTimeField
from webapp.models.companies import Company
from webapp.models.people import User
from webapp.tables import Table
from webapp.vault import Sealed


class Document(Table):
    """A cleaned, encrypted file in the document store; the row says what it is and whose."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    company = peewee.ForeignKeyField(Company, null=True)
    uploaded_by = peewee.ForeignKeyField(User, null=True, index=False)     # null: no account
    uploaded_at = UtcDateTimeField()
    label_sealed = peewee.BlobField()
    media_type = peewee.CharField(30)
    size = peewee.IntegerField()     # bytes, of the cleaned file
    digest = peewee.CharField(64)    # SHA-256 of the cleaned file

    folder = ""                      # of its bytes, in the document store

    label = Sealed("label_sealed", "document.label")
