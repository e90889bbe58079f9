"""The authority's branch offices (kantor cabang)."""

import uuid

import peewee

from webapp.tables import Table

HEAD_OFFICE = 1     # the first row, made by the migration: whatever no branch looks after


class Branch(Table):
    """One office: it looks after companies, and its staff see what concerns those alone."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    code = peewee.CharField(10, unique=True)
    name = peewee.CharField(100)
    city = peewee.CharField(100, default="")
    address = peewee.CharField(200, default="")
