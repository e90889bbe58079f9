"""Verifying the whole trail beside other work, and what is kept of it."""

from datetime import timedelta

import pytest

from tests.test_audit import disarm
from webapp import audit, clock, db
from webapp.audit import Event
from webapp.audit_desk.service import check_newest, once_a_day
from webapp.daily import EVERY
from webapp.db import write_transaction
from webapp.models.audit import AuditChain, AuditCheck, AuditEntry


@pytest.fixture
def entries(cast):
    """Six entries in two chains of their own."""
    for number in range(6):
        with write_transaction():
            audit.record(Event.COMPANY_ADDED, chain=f"test {number % 2}", actor=None, subject=None,
                         now=clock.now(), number=number)
    return (AuditEntry.select().join(AuditChain).where(AuditChain.name.startswith("test "))
            .order_by(AuditEntry.id))


def run(checking, now):
    rounds = 0
    while checking(now):
        rounds += 1
    return rounds


def test_everything_is_verified_once_a_day_a_page_at_a_time(entries, now, monkeypatch):
    monkeypatch.setattr(audit, "PAGE", 2)
    checking = once_a_day(list)
    assert run(checking, now) >= 4
    assert run(checking, now) == 0
    check, = AuditCheck.select()
    assert (check.is_whole, check.entries, check.chains) == (
        True, AuditEntry.select().count(), AuditChain.select().count())
    assert run(once_a_day(list), now + timedelta(hours=1)) == 0     # also by a new process
    assert run(checking, now + EVERY)
    assert AuditCheck.select().count() == 2


def test_what_is_wrong_is_kept_also_an_end_that_was_cut_off(entries, now):
    noted = list(audit.heads())
    disarm()
    first, *_, before, last = entries
    AuditEntry.update(details="{}").where(AuditEntry.id == first.id).execute()
    AuditEntry.delete().where(AuditEntry.id == last.id).execute()
    head = AuditEntry.get(AuditEntry.chain == last.chain_id, AuditEntry.sequence == 2).mac
    AuditChain.update(sequence=2, head=head).where(AuditChain.id == last.chain_id).execute()
    run(once_a_day(lambda: noted), now)
    faults = AuditCheck.get().faults
    assert '["test 0", 1, "was altered' in faults
    assert '["test 1", 3, "was noted before' in faults


def test_a_fault_of_the_database_does_not_count_as_done(entries, now):
    checking = once_a_day(list)
    assert checking(now)
    db.database.execute_sql("ALTER TABLE audit_entry RENAME TO away")
    with pytest.raises(Exception, match="audit_entry"):
        run(checking, now)
    if db.database.in_transaction():
        db.database.rollback()
    db.database.execute_sql("ALTER TABLE away RENAME TO audit_entry")
    assert not AuditCheck.select().exists()
    assert run(checking, now)
    assert AuditCheck.get().entries == AuditEntry.select().count()


@pytest.mark.parametrize("change", ["altered", "missing", "cut", "first"])
def test_the_newest_entries_show_every_kind_of_change(entries, cast, now, change):
    disarm()
    rows = list(entries.where(AuditEntry.chain == entries[0].chain_id))
    if change == "altered":
        AuditEntry.update(kind="x").where(AuditEntry.id == rows[1].id).execute()
    else:
        gone = {"missing": rows[1], "cut": rows[-1], "first": rows[0]}[change]
        AuditEntry.delete().where(AuditEntry.id == gone.id).execute()
    faults = audit.verify_newest(6)[1]
    assert [(fault.chain, fault.sequence) for fault in faults] == [
        ("test 0", {"altered": 2, "missing": 2, "cut": 3, "first": 1}[change])]


def test_the_newest_are_as_many_as_asked_for_and_what_is_before_them_counts(entries, cast, now):
    disarm()
    AuditEntry.update(kind="x").where(AuditEntry.id == entries[0].id).execute()
    assert audit.verify_newest(2) == (2, [])
    assert [fault.sequence for fault in audit.verify_newest(6)[1]] == [1]
    AuditEntry.update(mac="0" * 64).where(AuditEntry.id == entries[3].id).execute()
    assert [fault.sequence for fault in audit.verify_newest(2)[1]] == [3]


def test_a_clean_trail_is_clean(entries, cast, now):
    assert check_newest(cast.fajar, now).faults == "[]"
    assert audit.verify_newest(100)[1] == []
