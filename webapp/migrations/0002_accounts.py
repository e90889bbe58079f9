"""Accounts of their own: contacts that were proven, codes, devices, second factors, closures."""

from peewee import (
    SQL,
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
    UUIDField,
)

from webapp.db import UtcDateTimeField

BLOB, MOMENT = ("BLOB", "BYTEA"), ("DATETIME", "TIMESTAMP")
# Name, its type on SQLite and on PostgreSQL.
USER_COLUMNS = (
    ("email_changed_at", *MOMENT),
    ("phone_sealed", *BLOB), ("phone_index", "VARCHAR(32)", "VARCHAR(32)"),
    ("phone_changed_at", *MOMENT),
    ("unproven_sealed", *BLOB),
    ("nik_sealed", *BLOB), ("nik_index", "VARCHAR(32)", "VARCHAR(32)"),
    ("birth_date", "DATE", "DATE"),
    ("claimed_kpj", "VARCHAR(16)", "VARCHAR(16)"),
    ("address_sealed", *BLOB),
    ("password_changed_at", *MOMENT),
    ("reminder_months", "INTEGER", "INTEGER"),
    ("reminded_at", *MOMENT),
)
PARTIAL_INDEXES = (
    "CREATE UNIQUE INDEX closure_one_waiting ON closure (user_id) WHERE (state = 'MENUNGGU')",
    "CREATE INDEX closure_due ON closure (due_at) WHERE (state = 'MENUNGGU')",
    "CREATE UNIQUE INDEX recovery_one_open ON recovery (user_id) WHERE (state = 'DIAJUKAN')",
)
NEW_TABLES = ("recovery", "closure", "agreement", "passkey", "recovery_code", "authenticator",
              "send_history", "challenge", "device")


def up(migrator, db):
    is_sqlite = isinstance(db, SqliteDatabase)
    for name, on_sqlite, on_postgresql in USER_COLUMNS:
        kind = on_sqlite if is_sqlite else on_postgresql
        db.execute_sql(f'ALTER TABLE "user" ADD COLUMN "{name}" {kind}')
    db.execute_sql('CREATE UNIQUE INDEX "user_phone_index" ON "user" ("phone_index")')
    db.execute_sql('CREATE INDEX "user_nik_index" ON "user" ("nik_index")')
    db.execute_sql('CREATE INDEX "user_claimed_kpj" ON "user" ("claimed_kpj")')

    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class User(Table):
        pass

    class Session(Table):
        public_id = UUIDField(unique=True)
        digest = CharField(64, unique=True)
        user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
        created_at = UtcDateTimeField()
        seen_at = UtcDateTimeField()
        factor_at = UtcDateTimeField()
        ended_at = UtcDateTimeField(null=True)
        browser = CharField(200)
        is_borrowed = BooleanField()
        stage = CharField(20)

    class Device(Table):
        user = ForeignKeyField(User, on_delete="CASCADE", backref="+", index=False)
        digest = CharField(64)
        first_at = UtcDateTimeField()

        class Meta:
            indexes = (
                (("user", "digest"), True),
                (("digest",), False),
            )

    class Challenge(Table):
        public_id = UUIDField(unique=True)
        purpose = CharField(30)
        person = CharField(32)
        user = ForeignKeyField(User, null=True, on_delete="CASCADE", backref="+")
        bound_sealed = BlobField()
        channel = CharField(5)
        target_sealed = BlobField(null=True)
        mac = CharField(32)
        guesses_left = IntegerField()
        sent_at = UtcDateTimeField(null=True)
        code_expires_at = UtcDateTimeField(null=True)
        created_at = UtcDateTimeField()
        expires_at = UtcDateTimeField(index=True)
        used_at = UtcDateTimeField(null=True)

        class Meta:
            indexes = (
                (("person", "purpose"), False),
            )

    class SendHistory(Table):
        target = CharField(32, unique=True)
        sent = TextField()
        last_at = UtcDateTimeField(index=True)

    class Authenticator(Table):
        public_id = UUIDField(unique=True)
        user = ForeignKeyField(User, unique=True, on_delete="CASCADE", backref="+")
        secret_sealed = BlobField()
        created_at = UtcDateTimeField()
        confirmed_at = UtcDateTimeField(null=True)
        last_step = BigIntegerField()

    class RecoveryCode(Table):
        user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
        digest = CharField(32, unique=True)
        used_at = UtcDateTimeField(null=True)

    class Passkey(Table):
        public_id = UUIDField(unique=True)
        user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
        credential = CharField(1400, unique=True)
        public_key = BlobField()
        sign_count = BigIntegerField()
        name = CharField(100)
        created_at = UtcDateTimeField()
        used_at = UtcDateTimeField(null=True)

    class Agreement(Table):
        user = ForeignKeyField(User, on_delete="CASCADE", backref="+", index=False)
        version = CharField(20)
        language = CharField(5)
        digest = CharField(64)
        agreed_at = UtcDateTimeField()
        address = CharField(45)

        class Meta:
            indexes = (
                (("user", "version"), True),
            )

    class Closure(Table):
        public_id = UUIDField(unique=True)
        user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
        state = CharField(12)
        cancel_index = CharField(32, unique=True)
        channel = CharField(5)
        requested_at = UtcDateTimeField()
        due_at = UtcDateTimeField()
        ended_at = UtcDateTimeField(null=True)

    class Recovery(Table):
        public_id = UUIDField(unique=True)
        user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
        state = CharField(12)
        phone_sealed = BlobField(null=True)
        email_sealed = BlobField(null=True)
        papers = CharField(200)
        note = CharField(500)
        asked_by = ForeignKeyField(User, index=False, backref="+")
        asked_at = UtcDateTimeField()
        decided_by = ForeignKeyField(User, index=False, null=True, backref="+")
        decided_at = UtcDateTimeField(null=True)
        reason = CharField(500)

        class Meta:
            constraints = [
                SQL("CHECK (decided_by_id IS NULL OR decided_by_id <> asked_by_id)"),
                SQL("CHECK (asked_by_id <> user_id)"),
                SQL("CHECK (decided_by_id IS NULL OR decided_by_id <> user_id)"),
            ]

    # Whoever is signed in signs in again once: a session had no id of its own.
    migrator.migrate(migrator.drop_table("session"))
    db.create_tables([Session, Device, Challenge, SendHistory, Authenticator, RecoveryCode, Passkey,
                      Agreement, Closure, Recovery], safe=False)
    for statement in PARTIAL_INDEXES:
        db.execute_sql(statement)


def down(migrator, db):
    for table in (*NEW_TABLES, "session"):
        migrator.migrate(migrator.drop_table(table))
    for index in ("user_phone_index", "user_nik_index", "user_claimed_kpj"):
        db.execute_sql(f'DROP INDEX "{index}"')
    for name, *_ in USER_COLUMNS:
        db.execute_sql(f'ALTER TABLE "user" DROP COLUMN "{name}"')
    _old_session(db)


def _old_session(db):
    """As the first migration made it; it drops this table in its turn."""
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class User(Table):
        pass

    class Session(Table):
        digest = CharField(64, unique=True)
        user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
        created_at = UtcDateTimeField()
        seen_at = UtcDateTimeField()
        factor_at = UtcDateTimeField()
        ended_at = UtcDateTimeField(null=True)
        browser = CharField(200)

    db.create_tables([Session], safe=False)
