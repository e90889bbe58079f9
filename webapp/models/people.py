"""Who signs in: users, their sessions, and the counters that slow guessing."""

import uuid

import peewee

from webapp.db import UtcDateTimeField
from webapp.models.branches import Branch
from webapp.tables import Table
from webapp.vault import Sealed

EMPLOYER, WORKER = "employer", "worker"
OFFICER, SUPERVISOR, MANAGER = "officer", "supervisor", "manager"
STAFF = (OFFICER, SUPERVISOR, MANAGER)
ROLES = (EMPLOYER, WORKER, *STAFF)

ACTIVE, CLOSING = "AKTIF", "MENUNGGU_PENUTUPAN"
BLOCKED, CLOSED = "DIBLOKIR", "DITUTUP"
MAY_SIGN_IN = (ACTIVE, CLOSING)     # and is told; who is blocked gets as far as the reason alone
LET_IN = (*MAY_SIGN_IN, BLOCKED)

# What a session is good for until the person has done it; "" is everything.
WHOLE, NEEDS_TERMS, NEEDS_AUTHENTICATOR, IS_CLOSING = "", "syarat", "autentikator", "penutupan"
IS_BLOCKED = "diblokir"     # until somebody else has done it


class User(Table):
    """A person's account: one role, and the contacts that were proven to be theirs.

    ``nik``, ``birth_date`` and ``claimed_kpj`` are what the person says; whose memberships are
    shown is decided by ``Worker.user`` alone.
    """

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    role = peewee.CharField(10)
    state = peewee.CharField(24, default=ACTIVE)
    name = peewee.CharField(200)
    email_sealed = peewee.BlobField(null=True)
    email_index = peewee.CharField(32, null=True, unique=True)
    email_changed_at = UtcDateTimeField(null=True)     # null: as it was at registration
    phone_sealed = peewee.BlobField(null=True)
    phone_index = peewee.CharField(32, null=True, unique=True)
    phone_changed_at = UtcDateTimeField(null=True)
    unproven_sealed = peewee.BlobField(null=True)      # given at registration, not proven yet
    nik_sealed = peewee.BlobField(null=True)
    nik_index = peewee.CharField(32, null=True, index=True)
    birth_date = peewee.DateField(null=True, index=True)
    claimed_kpj = peewee.CharField(16, null=True, index=True)
    address_sealed = peewee.BlobField(null=True)
    password_hash = peewee.CharField(200, null=True)
    password_changed_at = UtcDateTimeField(null=True)
    reminder_months = peewee.IntegerField(null=True)   # asked to be reminded so often
    reminded_at = UtcDateTimeField(null=True)
    branch = peewee.ForeignKeyField(Branch, null=True, index=False)    # of staff
    created_at = UtcDateTimeField()

    email = Sealed("email_sealed", "user.email", index="email_index")
    phone = Sealed("phone_sealed", "user.phone", index="phone_index")
    unproven = Sealed("unproven_sealed", "user.unproven")
    nik = Sealed("nik_sealed", "user.nik", index="nik_index")
    address = Sealed("address_sealed", "user.address")

    class Meta:
        constraints = [peewee.Check(f"role IN {ROLES}")]

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self):
        """Whether this account may be signed in to at all."""
        return self.state in LET_IN

    @property
    def is_employer(self):
        """Whether this is a company's clerk."""
        return self.role == EMPLOYER

    @property
    def is_worker(self):
        """Whether this is a worker (peserta)."""
        return self.role == WORKER

    @property
    def is_staff(self):
        """Whether this is somebody of the branch."""
        return self.role in STAFF

    def get_id(self):
        """The id Flask-Login knows a user by."""
        return self.public_id.hex


class Session(Table):
    """One signed-in browser. The cookie holds the id, the table only its digest."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    digest = peewee.CharField(64, unique=True)
    user = peewee.ForeignKeyField(User, backref="sessions", on_delete="CASCADE")
    created_at = UtcDateTimeField()
    seen_at = UtcDateTimeField()
    factor_at = UtcDateTimeField()
    ended_at = UtcDateTimeField(null=True)
    browser = peewee.CharField(200, default="")
    is_borrowed = peewee.BooleanField(default=False)   # "Ini bukan ponsel saya"
    stage = peewee.CharField(20, default=WHOLE)

    # Of the request that presents it, not kept: the cookie value it gets if this request renews it,
    # and whether this very request has done so before; see ``sessions.find_for_form``.
    successor, is_renewed = None, False


class Device(Table):
    """A browser on which somebody has proven more than a password. Its cookie holds the token."""

    user = peewee.ForeignKeyField(User, backref="devices", on_delete="CASCADE", index=False)
    digest = peewee.CharField(64)
    first_at = UtcDateTimeField()

    class Meta:
        indexes = ((("user", "digest"), True), (("digest",), False))


class Throttle(Table):
    """How often something was tried: one row for each kind and (keyed digest of a) subject."""

    kind = peewee.CharField(30)
    subject = peewee.CharField(32)
    tries = peewee.IntegerField(default=0)
    window_ends = UtcDateTimeField()
    failures = peewee.IntegerField(default=0)
    locked_until = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("kind", "subject"), True),)


class KeptInput(Table):
    """What somebody typed when their session had ended, kept until they have signed in again."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    user = peewee.ForeignKeyField(User, on_delete="CASCADE")
    path = peewee.CharField(300)
    fields_sealed = peewee.BlobField()
    created_at = UtcDateTimeField(index=True)

    fields = Sealed("fields_sealed", "kept_input.fields")
