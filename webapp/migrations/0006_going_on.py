"""Going on alone, programmes, blocked accounts and complaints, and the figures of past days."""

from peewee import (
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

PARTIAL_INDEXES = (
    "CREATE UNIQUE INDEX own_membership_one ON own_membership (worker_id) "
    "WHERE (state != 'NONAKTIF')",
    "CREATE INDEX own_membership_running ON own_membership (paid_until, id) "
    "WHERE (state != 'NONAKTIF')",
    "CREATE UNIQUE INDEX switch_one_open ON switch (worker_id) WHERE (state IN ('DRAF', "
    "'DIAJUKAN', 'DITINJAU', 'PERLU_PERBAIKAN', 'DISETUJUI', 'MENUNGGU_IURAN'))",
    "CREATE INDEX switch_sent ON switch (id) WHERE (state = 'DIAJUKAN')",
    "CREATE UNIQUE INDEX bill_one_waiting ON bill (worker_id) WHERE (state = 'MENUNGGU')",
    "CREATE UNIQUE INDEX block_one_open ON block (user_id) "
    "WHERE (state IN ('DIUSULKAN', 'BERLAKU'))",
    "CREATE INDEX block_in_force ON block (until) WHERE (state = 'BERLAKU')",
    "CREATE UNIQUE INDEX daily_figure_of_none ON daily_figure (measure, day, label) "
    "WHERE (branch_id IS NULL)",
)
CASE_INDEXES = {
    "cases_opened": "(opened_at, branch_id, kind)",
    "cases_closed": "(closed_at, branch_id, kind) WHERE (closed_at IS NOT NULL)",
    "cases_waiting": "(branch_id, held_since, due_on) WHERE (holder = 'branch')",
}
NEW_TABLES = ("audit_check", "daily_figure", "complaint", "block", "disbursement_file", "assistance_step",
              "assistance", "beneficiary", "applicant", "wave", "programme", "bill", "contribution_file",
              "switch", "own_membership")
CASE_KINDS = "'permohonan', 'sanggahan', 'koreksi', 'pemulihan', 'loket', 'pencairan', 'rekening'"
MORE_CASE_KINDS = f"{CASE_KINDS}, 'mandiri', 'pengaduan'"
# Whoever complains may have no account.
WITHOUT_ACCOUNT = (("cases", "opened_by_id"), ("statement", "author_id"), ("paper", "added_by_id"),
                   ("document", "uploaded_by_id"))


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

    class Case(Table):
        class Meta:
            table_name = "cases"

    class DeactivationRequest(Table):
        pass

    class OwnMembership(Table):
        public_id = UUIDField(unique=True)
        worker = ForeignKeyField(Worker, backref="+")
        continues = ForeignKeyField(Membership, backref="+", index=False)
        state = CharField(10)
        version = IntegerField()
        income = BigIntegerField()
        base = BigIntegerField()
        has_savings = BooleanField()
        sector = CharField(12)
        started_on = DateField()
        paid_until = DateField()
        ended_on = DateField(null=True)

        class Meta:
            constraints = [
                Check("state IN ('AKTIF', 'MENUNGGAK', 'NONAKTIF')"),
                Check("sector IN ('transportasi', 'lainnya')"),
                Check("income >= 0 AND base > 0"),
                Check("(state = 'NONAKTIF') = (ended_on IS NOT NULL)"),
            ]

    class Switch(Table):
        public_id = UUIDField(unique=True)
        case = ForeignKeyField(Case, backref="+", unique=True)
        worker = ForeignKeyField(Worker, backref="+")
        membership = ForeignKeyField(Membership, backref="+", index=False)
        request = ForeignKeyField(DeactivationRequest, backref="+", null=True, unique=True)
        own = ForeignKeyField(OwnMembership, backref="+", null=True, unique=True)
        state = CharField(16)
        version = IntegerField()
        reason = CharField(3)
        last_day = DateField(null=True)
        income = BigIntegerField(null=True)
        has_savings = BooleanField()
        sector = CharField(12, null=True)
        starts_on = DateField(null=True)
        checklist = TextField()
        parameters = TextField()
        submitted_by = ForeignKeyField(User, backref="+", null=True, index=False)
        submitted_at = UtcDateTimeField(null=True)
        faults_sealed = BlobField(null=True)
        returned_by = ForeignKeyField(User, backref="+", null=True, index=False)
        returned_at = UtcDateTimeField(null=True)
        decided_by = ForeignKeyField(User, backref="+", null=True, index=False)
        decided_at = UtcDateTimeField(null=True)
        verdict_sealed = BlobField(null=True)

        class Meta:
            constraints = [
                Check("state IN ('DRAF', 'DIAJUKAN', 'DITINJAU', 'PERLU_PERBAIKAN', "
                      "'DISETUJUI', 'MENUNGGU_IURAN', 'AKTIF', 'DITOLAK', 'DIBATALKAN')"),
                Check("sector IS NULL OR sector IN ('transportasi', 'lainnya')"),
                Check("state IN ('DRAF', 'DIBATALKAN') OR (income IS NOT NULL AND sector "
                      "IS NOT NULL AND starts_on IS NOT NULL AND submitted_at IS NOT "
                      "NULL)"),
                Check("state NOT IN ('DISETUJUI', 'MENUNGGU_IURAN', 'AKTIF') OR "
                      "decided_by_id IS NOT NULL"),
                Check("decided_by_id IS NULL OR decided_by_id <> submitted_by_id"),
                Check("(state = 'DITOLAK') = (verdict_sealed IS NOT NULL)"),
                Check("(state = 'AKTIF') = (own_id IS NOT NULL)"),
            ]

    class ContributionFile(Table):
        digest = CharField(64, unique=True)
        taken_at = UtcDateTimeField()
        count = IntegerField()
        total = BigIntegerField()

        class Meta:
            constraints = [
                Check("count > 0 AND total > 0"),
            ]

    class Bill(Table):
        public_id = UUIDField(unique=True)
        code = CharField(16, unique=True)
        worker = ForeignKeyField(Worker, backref="+")
        switch = ForeignKeyField(Switch, backref="+", null=True)
        own = ForeignKeyField(OwnMembership, backref="+", null=True)
        kind = CharField(10)
        state = CharField(12)
        first_month = DateField()
        months = IntegerField()
        jkk = BigIntegerField()
        jkm = BigIntegerField()
        jht = BigIntegerField()
        discount = BigIntegerField()
        amount = BigIntegerField()
        parameters = TextField()
        made_at = UtcDateTimeField()
        expires_on = DateField()
        paid_on = DateField(null=True)
        file = ForeignKeyField(ContributionFile, backref="+", null=True)
        reference = CharField(60)

        class Meta:
            constraints = [
                Check("kind IN ('pertama', 'bulanan', 'aktif-lagi')"),
                Check("state IN ('MENUNGGU', 'DIBAYAR', 'KEDALUWARSA')"),
                Check("(switch_id IS NULL) <> (own_id IS NULL)"),
                Check("months > 0 AND jkk >= 0 AND jkm >= 0 AND jht >= 0 AND discount >= "
                      "0"),
                Check("amount > 0 AND amount = jkk + jkm + jht - discount"),
                Check("(state = 'DIBAYAR') = (paid_on IS NOT NULL)"),
                Check("(state = 'DIBAYAR') = (file_id IS NOT NULL)"),
            ]

    class Programme(Table):
        public_id = UUIDField(unique=True)
        name = CharField(80, unique=True)
        lead = CharField(200)
        grant = BigIntegerField()
        created_by = ForeignKeyField(User, backref="+", index=False)
        created_at = UtcDateTimeField()

        class Meta:
            constraints = [
                Check("\"grant\" > 0"),
            ]

    class Wave(Table):
        public_id = UUIDField(unique=True)
        programme = ForeignKeyField(Programme, backref="+")
        number = IntegerField()
        state = CharField(10)
        version = IntegerField()
        opens_at = UtcDateTimeField()
        closes_at = UtcDateTimeField()
        quota = IntegerField()
        declarations = TextField()
        secret_sealed = BlobField()
        commitment = CharField(64)
        digest = CharField(64, null=True)
        seed = CharField(64, null=True)
        applicants = IntegerField(null=True)
        chosen = IntegerField(null=True)
        drawn_at = UtcDateTimeField(null=True)
        announced_at = UtcDateTimeField(null=True)
        told_until = CharField(16)
        told_at = UtcDateTimeField(null=True)
        opened_by = ForeignKeyField(User, backref="+", index=False)
        created_at = UtcDateTimeField()

        class Meta:
            indexes = ((("programme", "number"), True), (("state", "opens_at"), False))
            constraints = [
                Check("state IN ('TERJADWAL', 'DIBUKA', 'DITUTUP', 'SELEKSI', "
                      "'DIUMUMKAN', 'SELESAI')"),
                Check("quota > 0 AND number > 0 AND closes_at > opens_at"),
                Check("state NOT IN ('DIUMUMKAN', 'SELESAI') OR (seed IS NOT NULL AND "
                      "digest IS NOT NULL AND applicants IS NOT NULL AND chosen IS NOT NULL "
                      "AND drawn_at IS NOT NULL AND announced_at IS NOT NULL)"),
            ]

    class Applicant(Table):
        public_id = UUIDField(unique=True)
        wave = ForeignKeyField(Wave, backref="+", index=False)
        programme = ForeignKeyField(Programme, backref="+", index=False)
        worker = ForeignKeyField(Worker, backref="+")
        number = CharField(16)
        family_index = CharField(32)
        state = CharField(14)
        version = IntegerField()
        is_listed = BooleanField()
        place = IntegerField(null=True)
        agreed = CharField(64)
        joined_at = UtcDateTimeField()
        revoked_by = ForeignKeyField(User, backref="+", null=True, index=False)
        revoked_at = UtcDateTimeField(null=True)
        reason_sealed = BlobField(null=True)

        class Meta:
            indexes = ((("wave", "worker"), True), (("wave", "number"), True),
                       (("wave", "family_index"), False))
            constraints = [
                Check("state IN ('TERDAFTAR', 'LOLOS', 'BELUM_BERHASIL', 'DICABUT')"),
                Check("state <> 'LOLOS' OR place IS NOT NULL"),
                Check("(state = 'DICABUT') = (revoked_at IS NOT NULL)"),
            ]

    class Beneficiary(Table):
        programme = ForeignKeyField(Programme, backref="+", index=False)
        wave = ForeignKeyField(Wave, backref="+", index=False)
        worker = ForeignKeyField(Worker, backref="+", index=False)
        applicant = ForeignKeyField(Applicant, backref="+", unique=True)
        family_index = CharField(32)

        class Meta:
            indexes = ((("programme", "worker"), True), (("programme", "family_index"), False))

    class Assistance(Table):
        public_id = UUIDField(unique=True)
        worker = ForeignKeyField(Worker, backref="+")
        programme = ForeignKeyField(Programme, backref="+", index=False)
        applicant = ForeignKeyField(Applicant, backref="+", null=True, unique=True)
        number = CharField(16, unique=True)
        amount = BigIntegerField()
        state = CharField(12)
        version = IntegerField()
        scheduled_on = DateField(null=True)
        paid_on = DateField(null=True)
        granted_at = UtcDateTimeField()

        class Meta:
            constraints = [
                Check("state IN ('DITETAPKAN', 'DIJADWALKAN', 'PENGECEKAN', 'TERTAHAN', "
                      "'TERSALURKAN', 'GAGAL')"),
                Check("amount > 0"),
                Check("state <> 'DIJADWALKAN' OR scheduled_on IS NOT NULL"),
                Check("(state = 'TERSALURKAN') = (paid_on IS NOT NULL)"),
            ]

    class AssistanceStep(Table):
        assistance = ForeignKeyField(Assistance, backref="+", on_delete="CASCADE")
        state = CharField(12)
        at = UtcDateTimeField()
        note = CharField(200)

        class Meta:
            constraints = [
                Check("state IN ('DITETAPKAN', 'DIJADWALKAN', 'PENGECEKAN', 'TERTAHAN', "
                      "'TERSALURKAN', 'GAGAL')"),
            ]

    class DisbursementFile(Table):
        digest = CharField(64, unique=True)
        taken_at = UtcDateTimeField()
        count = IntegerField()
        total = BigIntegerField()

        class Meta:
            constraints = [
                Check("count > 0 AND total > 0"),
            ]

    class Block(Table):
        public_id = UUIDField(unique=True)
        user = ForeignKeyField(User, backref="+")
        reason = CharField(20)
        note_sealed = BlobField()
        state = CharField(10)
        version = IntegerField()
        review_on = DateField()
        until = DateField()
        proposed_by = ForeignKeyField(User, backref="+", index=False)
        proposed_at = UtcDateTimeField()
        state_before = CharField(24, null=True)
        confirmed_by = ForeignKeyField(User, backref="+", null=True, index=False)
        confirmed_at = UtcDateTimeField(null=True)
        reviewed_by = ForeignKeyField(User, backref="+", null=True, index=False)
        reviewed_at = UtcDateTimeField(null=True)
        ended_by = ForeignKeyField(User, backref="+", null=True, index=False)
        ended_at = UtcDateTimeField(null=True)
        ending_sealed = BlobField(null=True)
        longer_until = DateField(null=True)
        longer_review_on = DateField(null=True)
        longer_by = ForeignKeyField(User, backref="+", null=True, index=False)
        longer_at = UtcDateTimeField(null=True)
        longer_sealed = BlobField(null=True)

        class Meta:
            constraints = [
                Check("reason IN ('DATA_PALSU', 'IDENTITAS_ORANG_LAIN', 'OTOMATISASI', "
                      "'DIWAKILKAN', 'LANGGAR_SK', 'PERMINTAAN_SENDIRI', 'KEAMANAN')"),
                Check("state IN ('DIUSULKAN', 'BERLAKU', 'BERAKHIR', 'DIBATALKAN')"),
                Check("review_on <= until"),
                Check("proposed_by_id <> user_id"),
                Check("confirmed_by_id IS NULL OR (confirmed_by_id <> proposed_by_id AND "
                      "confirmed_by_id <> user_id)"),
                Check("state <> 'BERLAKU' OR confirmed_by_id IS NOT NULL"),
                Check("(state IN ('BERAKHIR', 'DIBATALKAN')) = (ended_at IS NOT NULL)"),
                Check("(confirmed_by_id IS NULL) = (state_before IS NULL)"),
                Check("longer_until IS NULL OR longer_by_id IS NOT NULL"),
                Check("longer_review_on <= longer_until"),
                Check("longer_by_id <> user_id"),
            ]

    class Complaint(Table):
        public_id = UUIDField(unique=True)
        case = ForeignKeyField(Case, backref="+", unique=True)
        user = ForeignKeyField(User, backref="+", null=True)
        block = ForeignKeyField(Block, backref="+", null=True)
        state = CharField(18)
        version = IntegerField()
        subject_sealed = BlobField()
        story_sealed = BlobField()
        name_sealed = BlobField(null=True)
        phone_sealed = BlobField(null=True)
        phone_index = CharField(32, null=True, index=True)
        email_sealed = BlobField(null=True)
        secret_sealed = BlobField()
        sent_at = UtcDateTimeField()
        key = CharField(32, unique=True)
        decided_by = ForeignKeyField(User, backref="+", null=True, index=False)
        decided_at = UtcDateTimeField(null=True)
        verdict_sealed = BlobField(null=True)

        class Meta:
            constraints = [
                Check("state IN ('DITERIMA', 'DITINJAU', 'MENUNGGU_PELAPOR', "
                      "'DIKABULKAN', 'DITOLAK')"),
                Check("(state IN ('DIKABULKAN', 'DITOLAK')) = (decided_at IS NOT NULL)"),
                Check("(decided_at IS NULL) = (verdict_sealed IS NULL)"),
                Check("decided_by_id IS NULL OR user_id IS NULL OR decided_by_id <> "
                      "user_id"),
                Check("user_id IS NOT NULL OR phone_sealed IS NOT NULL OR email_sealed IS"
                      " NOT NULL"),
            ]

    class DailyFigure(Table):
        branch = ForeignKeyField(Branch, backref="+", null=True, index=False)
        day = DateField()
        measure = CharField(20)
        label = CharField(20)
        value = BigIntegerField()

        class Meta:
            indexes = ((("branch", "measure", "day", "label"), True),)
            constraints = [
                Check("value >= 0"),
            ]

    class AuditCheck(Table):
        checked_at = UtcDateTimeField()
        is_whole = BooleanField()
        chains = IntegerField()
        entries = BigIntegerField()
        faults = TextField()

        class Meta:
            indexes = ((("is_whole", "id"), False),)

    db.create_tables([OwnMembership, Switch, ContributionFile, Bill, Programme, Wave, Applicant, Beneficiary,
                      Assistance, AssistanceStep, DisbursementFile, Block, Complaint, DailyFigure, AuditCheck],
                     safe=False)
    for statement in PARTIAL_INDEXES:
        db.execute_sql(statement)
    for name, rows in CASE_INDEXES.items():
        db.execute_sql(f"CREATE INDEX {name} ON cases {rows}")
    if isinstance(db, SqliteDatabase):
        _rewrite(db, [("cases", f"kind IN ({CASE_KINDS})", f"kind IN ({MORE_CASE_KINDS})"),
                      *((table, f'"{column}" INTEGER NOT NULL', f'"{column}" INTEGER')
                        for table, column in WITHOUT_ACCOUNT)])
    else:
        _alter(db, MORE_CASE_KINDS, "DROP NOT NULL")
        # A draw changes every row once: with room beside each it takes half the time.
        db.execute_sql("ALTER TABLE applicant SET (fillfactor = 45)")


def down(migrator, db):
    for name in CASE_INDEXES:
        db.execute_sql(f"DROP INDEX {name}")
    db.execute_sql("DELETE FROM paper WHERE case_id IN (SELECT id FROM cases WHERE kind IN "
                   "('mandiri', 'pengaduan'))")
    for table in NEW_TABLES:
        migrator.migrate(migrator.drop_table(table))
    db.execute_sql("DELETE FROM cases WHERE kind IN ('mandiri', 'pengaduan')")
    for table, column in reversed(WITHOUT_ACCOUNT):
        db.execute_sql(f'DELETE FROM "{table}" WHERE "{column}" IS NULL')  # noqa: S608 (our names)
    if isinstance(db, SqliteDatabase):
        _rewrite(db, [("cases", f"kind IN ({MORE_CASE_KINDS})", f"kind IN ({CASE_KINDS})"),
                      *((table, f'"{column}" INTEGER', f'"{column}" INTEGER NOT NULL')
                        for table, column in WITHOUT_ACCOUNT)])
    else:
        _alter(db, CASE_KINDS, "SET NOT NULL")


def _alter(db, kinds, change):
    db.execute_sql("ALTER TABLE cases DROP CONSTRAINT cases_kind_check")
    db.execute_sql(f"ALTER TABLE cases ADD CHECK (kind IN ({kinds}))")
    for table, column in WITHOUT_ACCOUNT:
        db.execute_sql(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" {change}')


def _rewrite(db, changes):
    """Change what SQLite's tables allow, which it cannot alter: its documentation has the
    statement of a table written anew, which changes nothing of what is stored.

    :param changes: (table, words of its statement, the words in their place).
    """
    version, = db.execute_sql("PRAGMA schema_version").fetchone()
    db.execute_sql("PRAGMA writable_schema = ON")
    for table, before, after in changes:
        db.execute_sql("UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = ? AND "
                       "type = 'table'", (before, after, table))
    db.execute_sql(f"PRAGMA schema_version = {version + 1}")
    db.execute_sql("PRAGMA writable_schema = OFF")
