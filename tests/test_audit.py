"""The audit trail notices what was done to it."""

from uuid import UUID

import pytest
from peewee import PeeweeException

from tests.conftest import POSTGRESQL
from tests.page import file, in_parallel
from webapp import audit, clock, db
from webapp.audit import Event
from webapp.db import database, write_transaction
from webapp.models.audit import AuditChain, AuditEntry


@pytest.fixture
def entries(app):
    for number in range(5):
        with write_transaction():
            audit.record(Event.COMPANY_ADDED, chain="test", actor=None, subject=None,
                         now=clock.now(), number=number)
    return AuditEntry.select().join(AuditChain).where(AuditChain.name == "test")


def disarm():
    """Take the triggers off, as somebody with the database's password could."""
    if db.is_sqlite():
        for act in ("update", "delete"):
            database.execute_sql(f"DROP TRIGGER audit_entry_no_{act}")
    else:
        database.execute_sql("DROP TRIGGER audit_entry_append_only ON audit_entry")


def faults():
    return [(fault.sequence, fault.problem) for fault in audit.verify() if fault.chain == "test"]


def test_an_untouched_trail_is_clean(entries):
    assert list(audit.verify()) == []


def test_the_database_itself_refuses_changes(entries):
    with pytest.raises(PeeweeException, match="append-only"), database.atomic():
        AuditEntry.update(kind="x").execute()
    with pytest.raises(PeeweeException, match="append-only"), database.atomic():
        AuditEntry.delete().execute()


@pytest.mark.parametrize("column", ["kind", "details", "actor", "subject", "at"])
def test_one_edited_entry_is_named(entries, column):
    disarm()
    value = {"actor": "0" * 32, "subject": "0" * 32, "at": clock.now()}.get(column, "{}")
    AuditEntry.update(**{column: value}).where(
        AuditEntry.sequence == 3, AuditEntry.chain == AuditChain.get(name="test")).execute()
    assert faults()[0][0] == 3


def test_a_deleted_entry_is_named(entries):
    disarm()
    AuditEntry.delete().where(AuditEntry.id == entries[1].id).execute()
    assert faults() == [(2, "is missing")]


def test_swapped_entries_are_named(entries):
    disarm()
    second, third = entries[1], entries[2]
    for row, place in ((second, 90), (third, 2), (second, 3)):
        AuditEntry.update(sequence=place).where(AuditEntry.id == row.id).execute()
    assert faults()[0][0] == 2


def test_cutting_the_end_off_shows_against_the_chain(entries):
    disarm()
    AuditEntry.delete().where(AuditEntry.id == entries[4].id).execute()
    assert faults() == [(5, "is missing at the end of the chain")]


def test_cutting_end_and_head_off_shows_against_noted_heads(entries):
    noted = list(audit.heads())
    disarm()
    last, before = entries[4], entries[3]
    AuditEntry.delete().where(AuditEntry.id == last.id).execute()
    AuditChain.update(sequence=4, head=before.mac).where(AuditChain.name == "test").execute()
    assert faults() == []
    assert [fault.sequence for fault in audit.verify_heads(noted)] == [5]


def test_an_entry_outside_a_transaction_is_a_defect(app):
    with pytest.raises(RuntimeError):
        audit.record(Event.COMPANY_ADDED, chain="test", actor=None, subject=None, now=clock.now())


def test_an_act_that_fails_leaves_no_entry(app):
    def fail():
        with write_transaction():
            audit.record(Event.COMPANY_ADDED, chain="undone", actor=None, subject=None,
                         now=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not AuditChain.select().where(AuditChain.name == "undone").exists()


def test_the_command_names_the_entry_and_fails(ani, cast, app):
    file(ani, cast.maju, cast.siti_at_maju)
    disarm()
    filed = AuditEntry.get(AuditEntry.kind == "deactivation:filed")
    AuditEntry.update(details=filed.details.replace("RSG", "PHK")).where(
        AuditEntry.id == filed.id).execute()
    answer = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert answer.exit_code == 1
    assert f"entry {filed.sequence} was altered" in answer.output


def of_account(number):
    audit.record(Event.SIGNED_IN, chain=audit.ACCOUNTS, actor=None, subject=UUID(int=number),
                 now=clock.now())


def chains_used():
    return [row.chain.name for row in AuditEntry.select().order_by(AuditEntry.id)
            if row.kind == Event.SIGNED_IN]


def test_one_transaction_writes_to_one_chain_of_accounts(database):
    for numbers in ((3, 7), (7, 3)):
        with db.write_transaction():
            for number in numbers:
                of_account(number)
    assert chains_used() == ["accounts:3", "accounts:3", "accounts:7", "accounts:7"]
    assert list(audit.verify()) == []


@pytest.mark.skipif(not POSTGRESQL, reason="on SQLite one writes at a time")
def test_entries_about_two_people_do_not_wait_for_each_other(database):
    def other(_):
        db.ensure_connection()
        with db.write_transaction():
            of_account(4)
        return chains_used()

    with db.write_transaction():
        of_account(3)
        assert in_parallel(other, 1) == [["accounts:4"]]
    assert len(chains_used()) == 2
