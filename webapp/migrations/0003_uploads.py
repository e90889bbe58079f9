"""Lists of leavers: files that companies uploaded, and their rows."""

from peewee import (
    BlobField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
    UUIDField,
)

from webapp.db import UtcDateTimeField

STATES = ("DIUNGGAH", "DIPERIKSA", "ADA_GALAT", "SIAP", "BERJALAN", "SELESAI", "DIBATALKAN")
ROW_STATES = ("VALID", "PERINGATAN", "GALAT", "DILEWATI", "DITERAPKAN", "DITOLAK")
AT_WORK = ("CREATE INDEX upload_at_work ON upload (state, id) "
           "WHERE (state IN ('DIUNGGAH', 'DIPERIKSA', 'BERJALAN', 'DIBATALKAN'))")


def up(migrator, db):
    class Table(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Company(Table):
        pass

    class User(Table):
        pass

    class Membership(Table):
        pass

    class Deactivation(Table):
        pass

    class Upload(Table):
        public_id = UUIDField(unique=True)
        company = ForeignKeyField(Company, backref="+", index=False)
        uploaded_by = ForeignKeyField(User, backref="+", index=False)
        uploaded_at = UtcDateTimeField()
        name_sealed = BlobField()
        digest = CharField(32)
        state = CharField(12)
        version = IntegerField()
        problem_sealed = BlobField(null=True)
        columns = TextField()
        headers_sealed = BlobField(null=True)
        checks = IntegerField()
        leased_until = UtcDateTimeField(null=True)
        started_by = ForeignKeyField(User, null=True, backref="+", index=False)
        started_at = UtcDateTimeField(null=True)
        started_version = IntegerField(null=True)
        finished_at = UtcDateTimeField(null=True)
        undone_by = ForeignKeyField(User, null=True, backref="+", index=False)
        undone_at = UtcDateTimeField(null=True)
        undo_reason = TextField()

        class Meta:
            indexes = ((("company", "uploaded_at"), False), (("company", "digest"), False))
            constraints = [
                Check(f"state IN {STATES}"),
                Check("(state = 'ADA_GALAT') = (problem_sealed IS NOT NULL)"),
                Check("(state = 'DIBATALKAN') = (undone_at IS NOT NULL)"),
            ]

    class UploadRow(Table):
        public_id = UUIDField(unique=True)
        upload = ForeignKeyField(Upload, on_delete="CASCADE", backref="+", index=False)
        number = IntegerField()
        state = CharField(10)
        version = IntegerField()
        said_sealed = BlobField(null=True)
        membership = ForeignKeyField(Membership, null=True, backref="+")
        reason = CharField(3)
        last_day = DateField(null=True)
        deactivation = ForeignKeyField(Deactivation, null=True, unique=True, backref="+")

        class Meta:
            indexes = ((("upload", "number"), True),
                       (("upload", "state", "number", "membership", "deactivation"), False))
            constraints = [
                Check(f"state IN {ROW_STATES}"),
                Check("(state = 'DITERAPKAN') = (deactivation_id IS NOT NULL)"),
                Check("state NOT IN ('VALID', 'PERINGATAN') OR "
                      "(membership_id IS NOT NULL AND last_day IS NOT NULL)"),
            ]

    db.create_tables([Upload, UploadRow], safe=False)
    db.execute_sql(AT_WORK)


def down(migrator, db):
    for table in ("upload_row", "upload"):
        migrator.migrate(migrator.drop_table(table))
