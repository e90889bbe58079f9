"""Who signs in: users, their sessions, and the counters that slow guessing."""

import uuid

import peewee

from webapp.db import Table, UtcDateTimeField
from webapp.vault import Sealed

EMPLOYER, WORKER = "employer", "worker"
OFFICER, SUPERVISOR, MANAGER = "officer", "supervisor", "manager"
STAFF = (OFFICER, SUPERVISOR, MANAGER)
ROLES = (EMPLOYER, WORKER, *STAFF)

ACTIVE, BLOCKED, CLOSED = "AKTIF", "DIBLOKIR", "DITUTUP"


class User(Table):
    """A person's account: one e-mail, one role."""

    public_id = peewee.UUIDField(default=uuid.uuid4, unique=True)
    role = peewee.CharField(10)
    state = peewee.CharField(24, default=ACTIVE)
    name = peewee.CharField(200)
    email_sealed = peewee.BlobField(null=True)
    email_index = peewee.CharField(32, null=True, unique=True)
    password_hash = peewee.CharField(200, null=True)
    created_at = UtcDateTimeField()

    email = Sealed("email_sealed", "user.email", index="email_index")

    class Meta:
        constraints = [peewee.Check(f"role IN {ROLES}")]

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self):
        """Whether this account may act at all."""
        return self.state == ACTIVE

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

    digest = peewee.CharField(64, unique=True)
    user = peewee.ForeignKeyField(User, backref="sessions", on_delete="CASCADE")
    created_at = UtcDateTimeField()
    seen_at = UtcDateTimeField()
    factor_at = UtcDateTimeField()
    ended_at = UtcDateTimeField(null=True)
    browser = peewee.CharField(200, default="")


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
