"""The first tables: people, companies, memberships, deactivations, messages, audit."""

from peewee import (
    SQL,
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
    UUIDField,
)

from webapp.db import UtcDateTimeField

# Indexes over some rows only; the same words on both databases.
PARTIAL_INDEXES = (
    "CREATE UNIQUE INDEX deactivation_one_standing ON deactivation (membership_id) "
    "WHERE (state IN ('TERJADWAL', 'BERLAKU', 'DISANGGAH'))",
    "CREATE UNIQUE INDEX deactivation_one_draft ON deactivation (membership_id, drafted_by_id) "
    "WHERE (state = 'DRAF')",
    "CREATE INDEX deactivation_scheduled ON deactivation (last_day) "
    "WHERE (state = 'TERJADWAL')",
    "CREATE UNIQUE INDEX correction_one_open ON correction (deactivation_id) "
    "WHERE (state = 'DIAJUKAN')",
    "CREATE INDEX message_waiting ON message (due_at) "
    "WHERE (state = 'MENUNGGU')",
)

# The audit trail refuses to be changed or shortened, whoever asks.
APPEND_ONLY_SQLITE = tuple(
    f"CREATE TRIGGER audit_entry_no_{act} BEFORE {act} ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END"
    for act in ("update", "delete"))
APPEND_ONLY_POSTGRESQL = (
    "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$BEGIN RAISE EXCEPTION 'audit_entry is append-only'; END$$",
    "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
)
APPEND_ONLY = {True: APPEND_ONLY_SQLITE, False: APPEND_ONLY_POSTGRESQL}

TABLES = (
    "work_letter", "throttle", "session", "receipt", "parameter", "name_deletion", "message",
    "membership_word", "name_word", "kept_input", "correction", "deactivation", "document",
    "membership", "worker", "company_clerk", "user", "company", "audit_entry", "audit_chain",
)


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class AuditChain(Table):
        name = CharField(60, unique=True)
        sequence = BigIntegerField()
        head = CharField(64)

    class AuditEntry(Table):
        chain = ForeignKeyField(AuditChain, index=False, backref="+")
        sequence = BigIntegerField()
        at = UtcDateTimeField(index=True)
        kind = CharField(40)
        actor = UUIDField(null=True)
        subject = UUIDField(null=True, index=True)
        details = TextField()
        mac = CharField(64)

        class Meta:
            indexes = (
                (("chain", "sequence"), True),
            )

    class Company(Table):
        public_id = UUIDField(unique=True)
        npp = CharField(20)
        division = CharField(5)
        name = CharField(200)
        city = CharField(100)
        arrears_months = IntegerField()
        created_at = UtcDateTimeField()

        class Meta:
            indexes = (
                (("npp", "division"), True),
            )

    class User(Table):
        public_id = UUIDField(unique=True)
        role = CharField(10)
        state = CharField(24)
        name = CharField(200)
        email_sealed = BlobField(null=True)
        email_index = CharField(32, null=True, unique=True)
        password_hash = CharField(200, null=True)
        created_at = UtcDateTimeField()

        class Meta:
            constraints = [
                SQL("CHECK (role IN ('employer', 'worker', 'officer', 'supervisor', 'manager'))"),
            ]

    class CompanyClerk(Table):
        company = ForeignKeyField(Company, on_delete="CASCADE", backref="+")
        user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
        used_at = UtcDateTimeField(null=True)

        class Meta:
            indexes = (
                (("user", "company"), True),
            )

    class Worker(Table):
        public_id = UUIDField(unique=True)
        nik_sealed = BlobField()
        nik_index = CharField(32, unique=True)
        name = CharField(200)
        birth_date = DateField()
        phone_sealed = BlobField(null=True)
        phone_index = CharField(32, null=True, index=True)
        email_sealed = BlobField(null=True)
        email_index = CharField(32, null=True, index=True)
        user = ForeignKeyField(User, on_delete="SET NULL", backref="+", null=True, unique=True)
        created_at = UtcDateTimeField()

    class Membership(Table):
        public_id = UUIDField(unique=True)
        company = ForeignKeyField(Company, index=False, backref="+")
        worker = ForeignKeyField(Worker, backref="+")
        kpj = CharField(16, unique=True)
        status = CharField(10)
        started_on = DateField()
        ended_on = DateField(null=True)
        position = CharField(100)
        wage = BigIntegerField(null=True)
        name_key = CharField(200)
        version = IntegerField()

        class Meta:
            constraints = [
                SQL("CHECK (status IN ('AKTIF', 'NONAKTIF'))"),
                SQL("CHECK ((status = 'NONAKTIF') = (ended_on IS NOT NULL))"),
                SQL("CHECK (ended_on IS NULL OR ended_on >= started_on)"),
            ]
            indexes = (
                (("company", "status", "name_key", "id"), False),
                (("company", "kpj"), False),
                (("company", "status", "started_on"), False),
            )

    class Document(Table):
        public_id = UUIDField(unique=True)
        company = ForeignKeyField(Company, backref="+", null=True)
        uploaded_by = ForeignKeyField(User, index=False, backref="+")
        uploaded_at = UtcDateTimeField()
        label_sealed = BlobField()
        media_type = CharField(30)
        size = IntegerField()
        digest = CharField(64)

    class Deactivation(Table):
        public_id = UUIDField(unique=True)
        membership = ForeignKeyField(Membership, backref="+")
        company = ForeignKeyField(Company, index=False, backref="+")
        state = CharField(12)
        version = IntegerField()
        reason = CharField(3)
        last_day = DateField()
        note = TextField()
        document = ForeignKeyField(Document, backref="+", null=True)
        drafted_by = ForeignKeyField(User, backref="+")
        drafted_at = UtcDateTimeField()
        filed_by = ForeignKeyField(User, index=False, backref="+", null=True)
        filed_at = UtcDateTimeField(null=True)
        is_late = BooleanField()
        in_arrears = BooleanField()
        parameters = TextField()
        undone_by = ForeignKeyField(User, index=False, backref="+", null=True)
        undone_at = UtcDateTimeField(null=True)
        undo_reason = TextField()

        class Meta:
            constraints = [
                SQL("CHECK (state IN ('DRAF', 'TERJADWAL', 'BERLAKU', 'DIBATALKAN', 'DISANGGAH', 'DIPULIHKAN'))"),
                SQL("CHECK ((state = 'DRAF') = (filed_at IS NULL))"),
                SQL("CHECK ((state = 'DIBATALKAN') = (undone_at IS NOT NULL))"),
            ]
            indexes = (
                (("company", "filed_at"), False),
            )

    class Correction(Table):
        public_id = UUIDField(unique=True)
        number = CharField(16, unique=True)
        deactivation = ForeignKeyField(Deactivation, backref="+")
        state = CharField(12)
        version = IntegerField()
        reason = TextField()
        requested_by = ForeignKeyField(User, index=False, backref="+")
        requested_at = UtcDateTimeField()

        class Meta:
            indexes = (
                (("state", "requested_at", "id"), False),
            )

    class KeptInput(Table):
        public_id = UUIDField(unique=True)
        user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
        path = CharField(300)
        fields_sealed = BlobField()
        created_at = UtcDateTimeField(index=True)

    class NameWord(Table):
        text = CharField(60, unique=True)

    class MembershipWord(Table):
        company = ForeignKeyField(Company, index=False, backref="+")
        word = ForeignKeyField(NameWord, index=False, backref="+")
        membership = ForeignKeyField(Membership, on_delete="CASCADE", backref="+")

        class Meta:
            primary_key = CompositeKey("company", "word", "membership")

    class Message(Table):
        public_id = UUIDField(unique=True)
        kind = CharField(40)
        channel = CharField(5)
        worker = ForeignKeyField(Worker, backref="+", null=True)
        user = ForeignKeyField(User, backref="+", null=True)
        about = UUIDField(null=True, index=True)
        recipient_sealed = BlobField(null=True)
        subject = CharField(200)
        body_sealed = BlobField(null=True)
        state = CharField(12)
        tries = IntegerField()
        created_at = UtcDateTimeField()
        due_at = UtcDateTimeField()
        leased_until = UtcDateTimeField(null=True)
        lease = UUIDField(null=True)
        expires_at = UtcDateTimeField()
        sent_at = UtcDateTimeField(null=True)
        problem = CharField(200)

    class NameDeletion(Table):
        text = CharField(60)
        word = ForeignKeyField(NameWord, index=False, backref="+")

        class Meta:
            primary_key = CompositeKey("text", "word")

    class Parameter(Table):
        name = CharField(60)
        valid_from = DateField()
        value = CharField(60)
        source = CharField(200)

        class Meta:
            indexes = (
                (("name", "valid_from"), True),
            )

    class Receipt(Table):
        number = CharField(16, unique=True)
        deactivation = ForeignKeyField(Deactivation, backref="+", null=True, unique=True)
        issued_at = UtcDateTimeField()
        text = TextField()

    class Session(Table):
        digest = CharField(64, unique=True)
        user = ForeignKeyField(User, on_delete="CASCADE", backref="+")
        created_at = UtcDateTimeField()
        seen_at = UtcDateTimeField()
        factor_at = UtcDateTimeField()
        ended_at = UtcDateTimeField(null=True)
        browser = CharField(200)

    class Throttle(Table):
        kind = CharField(30)
        subject = CharField(32)
        tries = IntegerField()
        window_ends = UtcDateTimeField()
        failures = IntegerField()
        locked_until = UtcDateTimeField(null=True)

        class Meta:
            indexes = (
                (("kind", "subject"), True),
            )

    class WorkLetter(Table):
        deactivation = ForeignKeyField(Deactivation, on_delete="CASCADE", backref="+", unique=True)
        number = CharField(60)
        position = CharField(100)
        signatory = CharField(200)
        signatory_title = CharField(100)
        approved_by = ForeignKeyField(User, index=False, backref="+", null=True)
        approved_at = UtcDateTimeField(null=True)

    db.create_tables([
        AuditChain, AuditEntry, Company, User, CompanyClerk, Worker, Membership, Document,
        Deactivation, Correction, KeptInput, NameWord, MembershipWord, Message, NameDeletion,
        Parameter, Receipt, Session, Throttle, WorkLetter,
    ])
    for statement in PARTIAL_INDEXES:
        db.execute_sql(statement)
    for statement in APPEND_ONLY[isinstance(db, SqliteDatabase)]:
        db.execute_sql(statement)


def down(migrator, db):
    if not isinstance(db, SqliteDatabase):
        db.execute_sql("DROP FUNCTION refuse_audit_change() CASCADE")
    for table in TABLES:
        migrator.migrate(migrator.drop_table(table))
