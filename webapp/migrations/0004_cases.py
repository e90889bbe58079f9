"""Branches, and the matters that workers, companies and branches act on."""

import secrets
import uuid
from datetime import UTC, datetime, timedelta

from peewee import (
    BlobField,
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
from webapp.receipts.signing import new_number

SIDES = ("worker", "company", "branch")
KINDS = ("permohonan", "sanggahan", "koreksi", "pemulihan", "loket")
REQUEST_STATES = ("DRAF", "DIAJUKAN", "DISETUJUI", "FORMULIR_TERISI", "SELESAI", "DITOLAK",
                  "DIBATALKAN", "ESKALASI_CABANG")
OBJECTION_STATES = ("DRAF", "DIAJUKAN", "DITEGUHKAN", "DIPULIHKAN", "DIBATALKAN")
# Table, column, its type; a moment has another one on each database.
COLUMNS = (
    ("company", "branch_id", "INTEGER REFERENCES branch (id)"),
    ("user", "branch_id", "INTEGER REFERENCES branch (id)"),
    ("deactivation", "branch_id", "INTEGER REFERENCES branch (id)"),
    ("membership", "contributed_until", "DATE"),
    ("correction", "decided_by_id", 'INTEGER REFERENCES "user" (id)'),
    ("correction", "decided_at", "{moment}"),
    ("correction", "verdict", "TEXT NOT NULL DEFAULT ''"),
)
PARTIAL_INDEXES = (
    "CREATE INDEX cases_at_branch ON cases (branch_id, due_on, id) WHERE (holder = 'branch')",
    "CREATE INDEX cases_at_company ON cases (company_id, due_on, id) WHERE (holder = 'company')",
    "CREATE INDEX cases_of_company ON cases (company_id, opened_at)",
    "CREATE UNIQUE INDEX request_one_open ON deactivation_request (membership_id) WHERE "
    "(state IN ('DRAF', 'DIAJUKAN', 'DISETUJUI', 'FORMULIR_TERISI', 'ESKALASI_CABANG'))",
    "CREATE UNIQUE INDEX objection_once ON objection (deactivation_id) "
    "WHERE (state != 'DIBATALKAN')",
    "CREATE UNIQUE INDEX walk_in_one_draft ON walk_in (membership_id) WHERE (state = 'DRAF')",
)
# Who comes to the desk without a number is found by birth date and name.
BIRTH_DATES = ("worker", "user")
NEW_TABLES = ("pairing", "walk_in", "objection", "deactivation_request", "paper", "statement",
              "case_visit", "cases")
HEAD_OFFICE = ("000", "Kantor pusat")


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Branch(Table):
        public_id = UUIDField(unique=True)
        code = CharField(10, unique=True)
        name = CharField(100)
        city = CharField(100)
        address = CharField(200)

    db.create_tables([Branch], safe=False)
    Branch.insert(public_id=uuid.uuid4(), code=HEAD_OFFICE[0], name=HEAD_OFFICE[1], city="",
                  address="").execute()
    moment = "DATETIME" if isinstance(db, SqliteDatabase) else "TIMESTAMP"
    for table, column, kind in COLUMNS:
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" {kind.format(moment=moment)}')
    db.execute_sql("UPDATE \"user\" SET branch_id = 1 WHERE role NOT IN ('worker', 'employer')")

    class User(Table):
        pass

    class Company(Table):
        pass

    class Membership(Table):
        pass

    class Worker(Table):
        pass

    class Document(Table):
        pass

    class Deactivation(Table):
        pass

    class Correction(Table):
        pass

    class Recovery(Table):
        pass

    class Case(Table):
        public_id = UUIDField(unique=True)
        number = CharField(16, unique=True)
        kind = CharField(12)
        branch = ForeignKeyField(Branch, backref="+", index=False)
        company = ForeignKeyField(Company, backref="+", null=True, index=False)
        membership = ForeignKeyField(Membership, backref="+", null=True)
        worker = ForeignKeyField(Worker, backref="+", null=True)
        user = ForeignKeyField(User, backref="+", null=True, on_delete="CASCADE")
        recovery = ForeignKeyField(Recovery, backref="+", null=True, unique=True,
                                   on_delete="CASCADE")
        correction = ForeignKeyField(Correction, backref="+", null=True, unique=True,
                                     on_delete="CASCADE")
        opened_by = ForeignKeyField(User, backref="+", index=False)
        opened_at = UtcDateTimeField()
        holder = CharField(8, null=True)
        held_since = UtcDateTimeField()
        due_on = DateField(null=True)
        owner = ForeignKeyField(User, backref="+", null=True)
        owned_since = UtcDateTimeField(null=True)
        closed_at = UtcDateTimeField(null=True)
        version = IntegerField()

        class Meta:
            table_name = "cases"
            constraints = [
                Check(f"kind IN {KINDS}"),
                Check(f"holder IN {SIDES}"),
                Check("(holder IS NULL) = (closed_at IS NOT NULL)"),
                Check("owner_id IS NULL OR holder IS NULL OR holder = 'branch'"),
                Check("holder IS NULL OR holder = 'worker' OR due_on IS NOT NULL"),
            ]

    class CaseVisit(Table):
        public_id = UUIDField(unique=True)
        case = ForeignKeyField(Case, backref="+", on_delete="CASCADE", index=False)
        user = ForeignKeyField(User, backref="+", on_delete="CASCADE")
        opened_at = UtcDateTimeField()
        seen_at = UtcDateTimeField()
        typed_sealed = BlobField(null=True)

        class Meta:
            indexes = ((("case", "user"), True),)

    class Statement(Table):
        public_id = UUIDField(unique=True)
        case = ForeignKeyField(Case, backref="+", on_delete="CASCADE")
        side = CharField(8)
        author = ForeignKeyField(User, backref="+", index=False)
        text_sealed = BlobField()
        made_at = UtcDateTimeField()

        class Meta:
            constraints = [Check(f"side IN {SIDES}")]

    class Paper(Table):
        public_id = UUIDField(unique=True)
        case = ForeignKeyField(Case, backref="+", on_delete="CASCADE")
        kind = CharField(20)
        document = ForeignKeyField(Document, backref="+", unique=True)
        side = CharField(8)
        added_by = ForeignKeyField(User, backref="+", index=False)
        added_at = UtcDateTimeField()

        class Meta:
            constraints = [Check(f"side IN {SIDES}")]

    class DeactivationRequest(Table):
        public_id = UUIDField(unique=True)
        case = ForeignKeyField(Case, backref="+", unique=True, on_delete="CASCADE")
        membership = ForeignKeyField(Membership, backref="+", index=False)
        state = CharField(16)
        version = IntegerField()
        reason = CharField(3)
        last_day = DateField(null=True)
        note_sealed = BlobField(null=True)
        asked_at = UtcDateTimeField(null=True)
        answered_by = ForeignKeyField(User, backref="+", null=True, index=False)
        answered_at = UtcDateTimeField(null=True)
        answer_sealed = BlobField(null=True)
        address_sealed = BlobField(null=True)
        filled_at = UtcDateTimeField(null=True)
        escalated_at = UtcDateTimeField(null=True)
        deactivation = ForeignKeyField(Deactivation, backref="+", null=True)

        class Meta:
            constraints = [
                Check(f"state IN {REQUEST_STATES}"),
                Check("state = 'DRAF' OR state = 'DIBATALKAN' OR state = 'SELESAI' OR "
                      "(last_day IS NOT NULL AND reason <> '')"),
                Check("(state = 'SELESAI') = (deactivation_id IS NOT NULL)"),
            ]

    class Objection(Table):
        public_id = UUIDField(unique=True)
        case = ForeignKeyField(Case, backref="+", unique=True, on_delete="CASCADE")
        deactivation = ForeignKeyField(Deactivation, backref="+")
        state = CharField(12)
        version = IntegerField()
        reason_sealed = BlobField(null=True)
        asked_at = UtcDateTimeField(null=True)
        decided_by = ForeignKeyField(User, backref="+", null=True, index=False)
        decided_at = UtcDateTimeField(null=True)
        verdict_sealed = BlobField(null=True)

        class Meta:
            constraints = [
                Check(f"state IN {OBJECTION_STATES}"),
                Check("(state IN ('DITEGUHKAN', 'DIPULIHKAN')) = (decided_at IS NOT NULL)"),
            ]

    class WalkIn(Table):
        public_id = UUIDField(unique=True)
        case = ForeignKeyField(Case, backref="+", unique=True, on_delete="CASCADE")
        membership = ForeignKeyField(Membership, backref="+", index=False)
        request = ForeignKeyField(DeactivationRequest, backref="+", null=True)
        paired_at = UtcDateTimeField(null=True)
        state = CharField(12)
        version = IntegerField()
        reason = CharField(3)
        last_day = DateField(null=True)
        note_sealed = BlobField(null=True)
        checklist = TextField()
        officer = ForeignKeyField(User, backref="+", index=False)
        deactivation = ForeignKeyField(Deactivation, backref="+", null=True, unique=True)
        reversal_asked_by = ForeignKeyField(User, backref="+", null=True, index=False)
        reversal_asked_at = UtcDateTimeField(null=True)
        reversal_sealed = BlobField(null=True)
        reversed_by = ForeignKeyField(User, backref="+", null=True, index=False)
        reversed_at = UtcDateTimeField(null=True)

        class Meta:
            constraints = [
                Check("state IN ('DRAF', 'SELESAI', 'DIBATALKAN')"),
                Check("state <> 'SELESAI' OR deactivation_id IS NOT NULL"),
                Check("reversed_by_id IS NULL OR reversed_by_id <> reversal_asked_by_id"),
            ]

    class Pairing(Table):
        public_id = UUIDField(unique=True)
        case = ForeignKeyField(Case, backref="+", unique=True, on_delete="CASCADE")
        code_sealed = BlobField()
        code_index = CharField(32, unique=True)
        made_at = UtcDateTimeField()
        expires_at = UtcDateTimeField()
        used_at = UtcDateTimeField(null=True)
        used_by = ForeignKeyField(User, backref="+", null=True, index=False)

    db.create_tables([Case, CaseVisit, Statement, Paper, DeactivationRequest, Objection, WalkIn,
                      Pairing], safe=False)
    for statement in PARTIAL_INDEXES:
        db.execute_sql(statement)
    for table in BIRTH_DATES:
        db.execute_sql(f'CREATE INDEX {table}_birth_date ON "{table}" (birth_date)')
    _take_over_what_waits(db)


def _take_over_what_waits(db):
    """What waits at the branch already stands in its queue: corrections, recoveries."""
    corrections = db.execute_sql(
        "SELECT correction.id, correction.number, deactivation.company_id, "
        "deactivation.membership_id, membership.worker_id, correction.requested_by_id "
        "FROM correction JOIN deactivation ON deactivation.id = correction.deactivation_id "
        "JOIN membership ON membership.id = deactivation.membership_id "
        "WHERE correction.state = 'DIAJUKAN'").fetchall()
    for row, number, company, membership, worker, user in corrections:
        _add_case(db, number=number, kind="koreksi", company_id=company, membership_id=membership,
                  worker_id=worker, opened_by_id=user, correction_id=row)
    recoveries = db.execute_sql("SELECT id, user_id, asked_by_id FROM recovery "
                                "WHERE state = 'DIAJUKAN'").fetchall()
    for row, user, officer in recoveries:
        _add_case(db, number=new_number(), kind="pemulihan", user_id=user, opened_by_id=officer,
                  recovery_id=row)


def _add_case(db, **values):
    now = datetime.now(UTC).replace(tzinfo=None)
    values |= {"public_id": uuid.UUID(bytes=secrets.token_bytes(16), version=4), "branch_id": 1,
               "opened_at": now, "holder": "branch", "held_since": now, "version": 1,
               "due_on": (now + timedelta(days=7)).date()}
    if db.param == "?":
        values["public_id"] = values["public_id"].hex
    names = ", ".join(values)
    places = ", ".join([db.param] * len(values))
    db.execute_sql(f"INSERT INTO cases ({names}) VALUES ({places})",  # noqa: S608 (our own)
                   list(values.values()))


def down(migrator, db):
    for table in NEW_TABLES:
        migrator.migrate(migrator.drop_table(table))
    for table in BIRTH_DATES:
        db.execute_sql(f"DROP INDEX {table}_birth_date")
    for table, column, _ in reversed(COLUMNS):
        db.execute_sql(f'ALTER TABLE "{table}" DROP COLUMN "{column}"')
    migrator.migrate(migrator.drop_table("branch"))
