"""Employers and the clerks who act for them."""

import uuid

import peewee

from webapp.db import UtcDateTimeField
from webapp.models.branches import Branch
from webapp.models.people import User
from webapp.tables import Table


class Company(Table):
    """An employer (perusahaan), identified by NPP and divisi."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    npp = peewee.CharField(20)
    division = peewee.CharField(5, default="000")
    name = peewee.CharField(200)
    city = peewee.CharField(100, default="")
    arrears_months = peewee.IntegerField(default=0)     # unpaid contributions: a flag only
    branch = peewee.ForeignKeyField(Branch, null=True, index=False)     # null: the head office
    created_at = UtcDateTimeField()

    class Meta:
        indexes = ((("npp", "division"), True),)


class CompanyClerk(Table):
    """A user who may act for a company."""

    company = peewee.ForeignKeyField(Company, backref="clerks", on_delete="CASCADE")
    user = peewee.ForeignKeyField(User, backref="clerkships", on_delete="CASCADE")
    used_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("user", "company"), True),)
