"""Claims, what they rest on, and where their money goes."""

from peewee import (
    SQL,
    BigIntegerField,
    BlobField,
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
    UUIDField,
)

from webapp.db import UtcDateTimeField

KINDS = ("MED", "OBT", "LAIN", "JHT-PSN", "JHT-RSG", "JHT-PHK", "JHT-PKW", "JHT-LNG", "JHT-CTT",
         "JHT-MGL", "JHT-S10", "JHT-S30")
STATES = ("DRAF", "DIAJUKAN", "VERIFIKASI", "PERLU_PERBAIKAN", "MENUNGGU_WAWANCARA", "DISETUJUI",
          "DIBAYAR", "GAGAL_BAYAR", "DITOLAK", "DIBATALKAN")
PROVIDERS = ("BNI", "BCA", "BRI", "MANDIRI", "BTN", "BSI", "OVO", "GOPAY", "LINKAJA", "DANA")
DESTINATION_STATES = ("MENUNGGU_OTP", "DIPERIKSA", "TERSAMBUNG", "GAGAL", "DIPUTUS")
PARTIAL_INDEXES = (
    "CREATE UNIQUE INDEX destination_one_linked ON destination (user_id) "
    "WHERE (state = 'TERSAMBUNG')",
    "CREATE UNIQUE INDEX destination_one_coming ON destination (user_id) "
    "WHERE (state IN ('MENUNGGU_OTP', 'DIPERIKSA'))",
    "CREATE UNIQUE INDEX claim_one_draft ON claim (worker_id) WHERE (state = 'DRAF')",
    "CREATE UNIQUE INDEX claim_one_open ON claim (worker_id, kind) WHERE (state IN "
    "('DIAJUKAN', 'VERIFIKASI', 'PERLU_PERBAIKAN', 'MENUNGGU_WAWANCARA', 'DISETUJUI', "
    "'GAGAL_BAYAR'))",
    "CREATE UNIQUE INDEX payout_one_each ON payout (claim_id) WHERE (state != 'GAGAL')",
)
NEW_TABLES = ("payout", "payout_file", "interview", "heir", "claim", "hold", "destination",
              "savings")
CASE_KINDS = "'permohonan', 'sanggahan', 'koreksi', 'pemulihan', 'loket'"
MORE_CASE_KINDS = f"{CASE_KINDS}, 'pencairan', 'rekening'"


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class User(Table):
        pass

    class Branch(Table):
        pass

    class Worker(Table):
        pass

    class Membership(Table):
        pass

    class Deactivation(Table):
        pass

    class Case(Table):
        class Meta:
            table_name = "cases"

    class Savings(Table):
        worker = ForeignKeyField(Worker, backref="+", unique=True)
        credited = BigIntegerField()
        taken = BigIntegerField()
        as_of = DateField()
        partial_on = DateField(null=True)

        class Meta:
            constraints = [Check("taken >= 0 AND taken <= credited")]

    class Destination(Table):
        public_id = UUIDField(unique=True)
        user = ForeignKeyField(User, backref="+", null=True)
        provider = CharField(10)
        number_sealed = BlobField(null=True)
        number_index = CharField(32, null=True, index=True)
        holder_sealed = BlobField(null=True)
        state = CharField(12)
        version = IntegerField()
        distance = IntegerField(null=True)
        case = ForeignKeyField(Case, backref="+", null=True, unique=True)
        begun_at = UtcDateTimeField()
        linked_at = UtcDateTimeField(null=True)
        ended_at = UtcDateTimeField(null=True)
        checked_by = ForeignKeyField(User, backref="+", null=True, index=False)
        verdict_sealed = BlobField(null=True)

        class Meta:
            constraints = [
                Check(f"provider IN {PROVIDERS}"),
                Check(f"state IN {DESTINATION_STATES}"),
                Check("state <> 'TERSAMBUNG' OR linked_at IS NOT NULL"),
                Check("checked_by_id IS NULL OR user_id IS NULL OR checked_by_id <> user_id"),
            ]

    class Hold(Table):
        public_id = UUIDField(unique=True)
        user = ForeignKeyField(User, backref="+", on_delete="CASCADE")
        cause = CharField(12)
        begun_at = UtcDateTimeField()
        until = UtcDateTimeField()
        stop_index = CharField(32, unique=True)
        stopped_at = UtcDateTimeField(null=True)
        lifted_at = UtcDateTimeField(null=True)
        lifted_by = ForeignKeyField(User, backref="+", null=True, index=False)

        class Meta:
            constraints = [
                Check("cause IN ('ponsel', 'email', 'rekening')"),
                Check("lifted_by_id IS NULL OR lifted_by_id <> user_id"),
            ]

    class Claim(Table):
        public_id = UUIDField(unique=True)
        case = ForeignKeyField(Case, backref="+", unique=True)
        worker = ForeignKeyField(Worker, backref="+")
        kind = CharField(8)
        state = CharField(18)
        version = IntegerField()
        deactivation = ForeignKeyField(Deactivation, backref="+", null=True)
        membership = ForeignKeyField(Membership, backref="+", null=True)
        treated_on = DateField(null=True)
        receipt_total = BigIntegerField(null=True)
        amount = BigIntegerField(null=True)
        entitlement = BigIntegerField(null=True)
        purpose_sealed = BlobField(null=True)
        reason_sealed = BlobField(null=True)
        contact_checked_at = UtcDateTimeField(null=True)
        destination = ForeignKeyField(Destination, backref="+", null=True)
        parameters = TextField()
        secret_sealed = BlobField(null=True)
        submitted_by = ForeignKeyField(User, backref="+", null=True, index=False)
        submitted_at = UtcDateTimeField(null=True)
        promised_on = DateField(null=True)
        faults_sealed = BlobField(null=True)
        returned_by = ForeignKeyField(User, backref="+", null=True, index=False)
        returned_at = UtcDateTimeField(null=True)
        needs_interview = BooleanField()
        interviewed_by = ForeignKeyField(User, backref="+", null=True, index=False)
        interviewed_at = UtcDateTimeField(null=True)
        needs_second = BooleanField()
        approved = BigIntegerField(null=True)
        approved_by = ForeignKeyField(User, backref="+", null=True, index=False)
        approved_at = UtcDateTimeField(null=True)
        confirmed_by = ForeignKeyField(User, backref="+", null=True, index=False)
        confirmed_at = UtcDateTimeField(null=True)
        refused_by = ForeignKeyField(User, backref="+", null=True, index=False)
        refused_at = UtcDateTimeField(null=True)
        verdict_sealed = BlobField(null=True)
        paid_on = DateField(null=True)

        class Meta:
            indexes = ((("id", "approved"), True), (("state", "id"), False))
            constraints = [
                Check(f"kind IN {KINDS}"),
                Check(f"state IN {STATES}"),
                Check("amount IS NULL OR amount > 0"),
                Check("state IN ('DRAF', 'DIBATALKAN') OR (amount IS NOT NULL AND entitlement IS "
                      "NOT NULL AND amount <= entitlement AND destination_id IS NOT NULL AND "
                      "submitted_at IS NOT NULL)"),
                Check("approved IS NULL OR (approved > 0 AND approved <= amount AND "
                      "approved <= entitlement)"),
                Check("(approved IS NULL) = (approved_by_id IS NULL)"),
                Check("state NOT IN ('DISETUJUI', 'DIBAYAR', 'GAGAL_BAYAR') OR (approved IS NOT "
                      "NULL AND (NOT needs_second OR confirmed_by_id IS NOT NULL) AND "
                      "(NOT needs_interview OR interviewed_at IS NOT NULL))"),
                Check("confirmed_by_id IS NULL OR (approved_by_id IS NOT NULL AND "
                      "confirmed_by_id <> approved_by_id)"),
                Check("approved_by_id IS NULL OR approved_by_id <> submitted_by_id"),
                Check("confirmed_by_id IS NULL OR confirmed_by_id <> submitted_by_id"),
                Check("(state = 'DITOLAK') = (verdict_sealed IS NOT NULL)"),
                Check("(state = 'DIBAYAR') = (paid_on IS NOT NULL)"),
            ]

    class Heir(Table):
        public_id = UUIDField(unique=True)
        claim = ForeignKeyField(Claim, backref="+", unique=True)
        name_sealed = BlobField()
        nik_sealed = BlobField()
        nik_index = CharField(32, index=True)
        phone_sealed = BlobField()
        relation = CharField(20)

    class Interview(Table):
        claim = ForeignKeyField(Claim, backref="+", unique=True)
        branch = ForeignKeyField(Branch, backref="+", index=False)
        starts_at = UtcDateTimeField()
        place = IntegerField()
        booked_at = UtcDateTimeField()

        class Meta:
            indexes = ((("branch", "starts_at", "place"), True),)

    class PayoutFile(Table):
        number = CharField(16, unique=True)
        made_at = UtcDateTimeField()
        count = IntegerField()
        total = BigIntegerField()
        digest = CharField(64)
        result_digest = CharField(64, null=True)
        result_at = UtcDateTimeField(null=True)

        class Meta:
            constraints = [Check("count > 0 AND total > 0")]

    class Payout(Table):
        public_id = UUIDField(unique=True)
        claim = ForeignKeyField(Claim, backref="+")
        file = ForeignKeyField(PayoutFile, backref="+")
        amount = BigIntegerField()
        provider = CharField(10)
        number_sealed = BlobField()
        holder_sealed = BlobField()
        state = CharField(10)
        reported_at = UtcDateTimeField(null=True)
        reference = CharField(60)
        problem = CharField(200)

        class Meta:
            constraints = [
                Check("state IN ('DIEKSPOR', 'DIBAYAR', 'GAGAL')"),
                Check("(state = 'DIEKSPOR') = (reported_at IS NULL)"),
                SQL("FOREIGN KEY (claim_id, amount) REFERENCES claim (id, approved)"),
            ]

    db.create_tables([Savings, Destination, Hold, Claim, Heir, Interview, PayoutFile, Payout],
                     safe=False)
    for statement in PARTIAL_INDEXES:
        db.execute_sql(statement)
    db.execute_sql("ALTER TABLE receipt ADD COLUMN claim_id INTEGER REFERENCES claim (id)")
    db.execute_sql("CREATE UNIQUE INDEX receipt_claim_id ON receipt (claim_id)")
    _allow_kinds(db, CASE_KINDS, MORE_CASE_KINDS)


def _allow_kinds(db, before, after):
    """Change which kinds a case may have.

    SQLite cannot alter a check: its documentation has the statement of the table written anew,
    which changes nothing of what is stored.
    """
    if not isinstance(db, SqliteDatabase):
        db.execute_sql("ALTER TABLE cases DROP CONSTRAINT cases_kind_check")
        db.execute_sql(f"ALTER TABLE cases ADD CHECK (kind IN ({after}))")
        return
    version, = db.execute_sql("PRAGMA schema_version").fetchone()
    db.execute_sql("PRAGMA writable_schema = ON")
    db.execute_sql("UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = 'cases' "
                   "AND type = 'table'", (f"kind IN ({before})", f"kind IN ({after})"))
    db.execute_sql(f"PRAGMA schema_version = {version + 1}")
    db.execute_sql("PRAGMA writable_schema = OFF")


def down(migrator, db):
    db.execute_sql("DELETE FROM paper WHERE case_id IN (SELECT id FROM cases WHERE kind IN "
                   "('pencairan', 'rekening'))")
    db.execute_sql("DELETE FROM receipt WHERE claim_id IS NOT NULL")
    db.execute_sql("DROP INDEX receipt_claim_id")
    db.execute_sql("ALTER TABLE receipt DROP COLUMN claim_id")
    for table in NEW_TABLES:
        migrator.migrate(migrator.drop_table(table))
    db.execute_sql("DELETE FROM cases WHERE kind IN ('pencairan', 'rekening')")
    _allow_kinds(db, MORE_CASE_KINDS, CASE_KINDS)
