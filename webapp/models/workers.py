"""Workers, their memberships, and the words by which names are found."""

import uuid
from datetime import timedelta

import peewee

from webapp.db import UtcDateTimeField
from webapp.models.companies import Company
from webapp.models.people import User
from webapp.tables import Table
from webapp.vault import Sealed

ACTIVE, ENDED = "AKTIF", "NONAKTIF"
NEW = "BARU"     # shown for the first month of an active membership; never stored
NEW_FOR = timedelta(days=30)


class Worker(Table):
    """A person, identified by NIK; has one account at most."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    nik_sealed = peewee.BlobField()
    nik_index = peewee.CharField(32, unique=True)
    name = peewee.CharField(200)
    birth_date = peewee.DateField(index=True)
    phone_sealed = peewee.BlobField(null=True)
    phone_index = peewee.CharField(32, null=True, index=True)
    email_sealed = peewee.BlobField(null=True)
    email_index = peewee.CharField(32, null=True, index=True)
    user = peewee.ForeignKeyField(User, null=True, unique=True, on_delete="SET NULL")
    created_at = UtcDateTimeField()

    nik = Sealed("nik_sealed", "worker.nik", index="nik_index")
    phone = Sealed("phone_sealed", "worker.phone", index="phone_index")
    email = Sealed("email_sealed", "worker.email", index="email_index")


class Membership(Table):
    """One worker at one company (PU), with its own card number (KPJ)."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    company = peewee.ForeignKeyField(Company, backref="memberships", index=False)
    worker = peewee.ForeignKeyField(Worker, backref="memberships")
    kpj = peewee.CharField(16, unique=True)
    status = peewee.CharField(10, default=ACTIVE)
    started_on = peewee.DateField()
    ended_on = peewee.DateField(null=True)
    position = peewee.CharField(100, default="")
    wage = peewee.BigIntegerField(null=True)
    contributed_until = peewee.DateField(null=True)    # first day of the last month that was paid
    name_key = peewee.CharField(200)     # the worker's name as the list is ordered by it
    version = peewee.IntegerField(default=1)

    class Meta:
        indexes = (
            (("company", "status", "name_key", "id"), False),
            (("company", "kpj"), False),
            (("company", "status", "started_on"), False),
        )
        constraints = [
            peewee.Check(f"status IN {(ACTIVE, ENDED)}"),
            peewee.Check(f"(status = '{ENDED}') = (ended_on IS NOT NULL)"),
            peewee.Check("ended_on IS NULL OR ended_on >= started_on"),
        ]


class NameWord(Table):
    """A word that occurs in names."""

    text = peewee.CharField(60, unique=True)


class NameDeletion(Table):
    """A name word with one letter left out: the meeting point of words one typing error apart."""

    text = peewee.CharField(60)
    word = peewee.ForeignKeyField(NameWord, index=False)

    class Meta:
        primary_key = peewee.CompositeKey("text", "word")


class MembershipWord(Table):
    """Which memberships of a company have a name with this word."""

    company = peewee.ForeignKeyField(Company, index=False)
    word = peewee.ForeignKeyField(NameWord, index=False)
    membership = peewee.ForeignKeyField(Membership, on_delete="CASCADE")

    class Meta:
        primary_key = peewee.CompositeKey("company", "word", "membership")
