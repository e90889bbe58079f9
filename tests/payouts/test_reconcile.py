"""``flask payouts reconcile``: any difference is found, each is said, and the exit tells."""

from datetime import timedelta

import pytest
from peewee import PeeweeException

from tests.payouts.bank import answer_to, exported, payments, run
from tests.payouts.claiming import claim_of, person, savings_of
from tests.statements import sent_by
from webapp import audit, db
from webapp.audit import Event
from webapp.claims.service import record
from webapp.db import database, write_transaction
from webapp.models.audit import AuditEntry
from webapp.models.cases import AT_BRANCH, Case
from webapp.models.claims import (
    APPROVED,
    CHECKING,
    DELIVERED,
    DRAFT,
    FAILED,
    REFUSED,
    SUBMITTED,
    Claim,
    Hold,
    Payout,
    PayoutFile,
    Reconciliation,
    Savings,
)
from webapp.models.messages import Message
from webapp.models.people import User
from webapp.models.workers import Worker
from webapp.payouts.reconciling import last_reconciliation, once_a_day
from webapp.receipts.signing import new_number, show_number


@pytest.fixture
def told(app, cast, tmp_path):
    """A bit of everything: JHT paid, a cost bounced, one approved by two, one refused, one at the
    bank, one under review. Claims by name."""
    worker = cast.siti_at_maju.worker
    savings_of(worker, 20_000_000)
    claims = {"paid": claim_of(cast.siti, worker, cast, "JHT-RSG", 3_000_000),
              "bounced": claim_of(cast.siti, worker, cast, "OBT", 600_000)}
    path, = exported(app, tmp_path)
    bounces = {one[0] for one in payments(path) if one[1] == "600000"}
    result = tmp_path / "hasil.csv"
    result.write_bytes(answer_to(path, failed=bounces))
    assert run(app, "import", result).exit_code == 0
    claims |= {"two": claim_of(*person(1), cast, "LAIN", 6_000_000, second=True)}
    assert len(exported(app, tmp_path)) == 2
    claims |= {"approved": claim_of(cast.siti, worker, cast, "JHT-PSN", 500_000),
               "refused": claim_of(cast.siti, worker, cast, "MED", state=REFUSED),
               "draft": claim_of(cast.siti, worker, cast, "OBT", state=DRAFT),
               "sent": claim_of(*person(2), cast, state=SUBMITTED)}
    return {name: Claim.get_by_id(claim.id) for name, claim in claims.items()}


def differences(app):
    answer = run(app, "reconcile")
    lines = answer.output.splitlines()
    assert answer.exit_code == (1 if lines[0] != SOUND else 0)
    return [] if lines == [SOUND] else lines


SOUND = "semua cocok: pencairan, pembayaran, saldo, jejak audit, dan pesan"


def alter(sql, *values):
    """Change rows as somebody with the database's password could, whatever the schema says."""
    place = "%s" if not db.is_sqlite() else "?"
    for statement in (("PRAGMA ignore_check_constraints = 1", "PRAGMA foreign_keys = 0")
                      if db.is_sqlite() else ()):
        database.execute_sql(statement)
    if not db.is_sqlite():
        _drop_constraints()
    database.execute_sql(sql.replace("?", place), values)


def _drop_constraints():
    rows = database.execute_sql(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('c', 'f') "
        "AND conrelid::regclass::text IN ('claim', 'payout', 'savings', 'payout_file')").fetchall()
    for table, name in rows:
        database.execute_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def test_a_sound_database_has_none(app, told):
    assert differences(app) == []


def test_an_empty_one_neither(app, cast):
    assert differences(app) == []


def test_what_was_withdrawn_before_it_was_sent_is_nothing(app, cast, told):
    alter("UPDATE claim SET state = 'DIBATALKAN' WHERE id = ?", told["draft"].id)
    Case.update(holder=None, closed_at=told["paid"].approved_at).where(
        Case.id == told["draft"].case_id).execute()
    assert differences(app) == []


def expect(app, claim, words):
    found = differences(app)
    start = f"{show_number(claim.case.number)}: "
    assert [line for line in found if line.startswith(start) and words in line], found
    return found


CORRUPTIONS = [
    ("paid", "UPDATE payout SET state = 'DIEKSPOR' WHERE claim_id = ?", "tidak ada pembayaran"),
    ("paid", "DELETE FROM payout WHERE claim_id = ?", "tidak ada pembayaran yang berhasil"),
    ("paid", "UPDATE payout SET amount = amount + 1 WHERE claim_id = ?", "tidak sebesar"),
    ("paid", "UPDATE payout SET amount = amount + 1 WHERE claim_id = ?", "lebih dari yang"),
    ("paid", "UPDATE payout SET amount = amount - 1 WHERE claim_id = ?", "tidak seperti yang"),
    ("paid", "UPDATE claim SET approved = approved - 1 WHERE id = ?", "tidak sebesar"),
    ("paid", "UPDATE claim SET state = 'DISETUJUI' WHERE id = ?", "pembayarannya DIBAYAR"),
    ("paid", "UPDATE claim SET entitlement = 1 WHERE id = ?", "lebih dari yang diminta"),
    ("paid", "UPDATE claim SET amount = 1 WHERE id = ?", "lebih dari yang diminta"),
    ("two", "UPDATE claim SET state = 'GAGAL_BAYAR' WHERE id = ?", "pembayarannya DIEKSPOR"),
    ("two", "UPDATE claim SET state = 'DIBAYAR' WHERE id = ?", "tidak ada pembayaran"),
    ("two", "UPDATE claim SET state = 'DIBAYAR' WHERE id = ?", "claim:paid, seharusnya 1"),
    ("two", "UPDATE claim SET confirmed_by_id = NULL WHERE id = ?", "tanpa dua orang"),
    ("two", "UPDATE claim SET confirmed_by_id = approved_by_id WHERE id = ?", "tanpa dua"),
    ("two", "UPDATE claim SET confirmed_by_id = submitted_by_id WHERE id = ?", "tanpa dua"),
    ("two", "UPDATE claim SET approved_by_id = submitted_by_id WHERE id = ?", "tanpa dua"),
    ("two", "UPDATE claim SET approved_by_id = (SELECT user_id FROM worker WHERE worker.id = "
            "claim.worker_id), submitted_by_id = NULL WHERE id = ?", "tanpa dua"),
    ("approved", "UPDATE claim SET approved = NULL WHERE id = ?", "tanpa dua orang"),
    ("approved", "UPDATE claim SET approved_by_id = NULL WHERE id = ?", "tanpa dua orang"),
    ("approved", "UPDATE claim SET needs_second = (1 = 1) WHERE id = ?", "tanpa dua orang"),
    ("approved", "UPDATE claim SET needs_second = (1 = 1) WHERE id = ?", "claim:confirmed"),
    ("approved", "UPDATE claim SET needs_interview = (1 = 1) WHERE id = ?", "tanpa wawancara"),
    ("approved", "UPDATE claim SET state = 'VERIFIKASI' WHERE id = ?", "yang harus bertindak: -"),
    ("bounced", "UPDATE claim SET state = 'DITOLAK' WHERE id = ?", "yang harus bertindak: worker"),
    ("bounced", "UPDATE payout SET state = 'DIBAYAR' WHERE claim_id = ?", "pembayarannya DIBAYAR"),
    ("bounced", "DELETE FROM payout WHERE claim_id = ?", "payout bounced, seharusnya 0"),
    ("sent", "UPDATE claim SET state = 'DITOLAK' WHERE id = ?", "claim:refused, seharusnya 1"),
    ("sent", "UPDATE claim SET state = 'DITOLAK' WHERE id = ?", "tidak ada pesan"),
    ("refused", "UPDATE claim SET state = 'VERIFIKASI' WHERE id = ?", "refused, seharusnya 0"),
]


@pytest.mark.parametrize(("name", "sql", "words"), CORRUPTIONS)
def test_a_row_that_was_corrupted_is_named(app, told, name, sql, words):
    alter(sql, told[name].id)
    expect(app, told[name], words)


@pytest.mark.parametrize(("name", "entries"), [
    ("paid", {"claim:submitted": "claim:submitted", "claim:approved": "claim:approved",
              "claim:paid": "0 claim:paid"}),
    ("two", {"claim:confirmed": "claim:confirmed"}),
    ("refused", {"claim:refused": "0 claim:refused"}),
    ("bounced", {"claim:payout bounced": "0 claim:payout bounced"})])
def test_an_audit_entry_that_is_gone_is_named(app, told, name, entries):
    if db.is_sqlite():
        database.execute_sql("DROP TRIGGER audit_entry_no_delete")
    else:
        database.execute_sql("DROP TRIGGER audit_entry_append_only ON audit_entry")
    number = show_number(told[name].case.number)
    for kind, words in entries.items():
        AuditEntry.delete().where(AuditEntry.kind == kind,
                                  AuditEntry.details.contains(number)).execute()
        expect(app, told[name], words)


def test_an_audit_entry_too_many_is_named(app, told, now):
    with write_transaction():
        record(Event.CLAIM_PAID, told["paid"], None, now)
    expect(app, told["paid"], "2 claim:paid, seharusnya 1")


@pytest.mark.parametrize(("name", "kind"), [
    ("paid", "claim paid"), ("paid", "claim approved"), ("refused", "claim refused"),
    ("bounced", "claim bounced")])
def test_a_message_that_is_not_there_is_named_unless_nobody_can_be_reached(app, told, name, kind):
    claim = told[name]
    Message.delete().where(Message.kind == f"case:{kind}",
                           Message.about == claim.case.public_id).execute()
    expect(app, claim, f"tidak ada pesan tentang ini: case:{kind}")
    for table in (User, Worker):
        table.update(phone_sealed=None, email_sealed=None).execute()
    assert differences(app) == []


@pytest.mark.parametrize("change", ["taken + 1", "taken - 1", "credited + 1"])
def test_savings_that_do_not_add_up_are_named(app, told, cast, change):
    alter(f"UPDATE savings SET taken = {change}")
    found, = differences(app)
    assert found.startswith(f"peserta {cast.siti_at_maju.worker.public_id}: saldo mencatat Rp")
    assert "yang disetujui Rp3.500.000" in found


def test_savings_that_are_gone_are_named(app, told):
    alter("DELETE FROM savings")
    found, = differences(app)
    assert "tidak ada saldo" in found


@pytest.mark.parametrize("change", [
    "count = count + 1", "total = total + 1", "result_digest = NULL"])
def test_a_payment_file_that_is_not_its_rows_is_named(app, told, change):
    file = PayoutFile.select().order_by(PayoutFile.id).get()
    alter(f"UPDATE payout_file SET {change} WHERE id = ?", file.id)
    found = differences(app)
    assert f"{show_number(file.number)}: berkas ini berisi 2 pembayaran" in found[0]


def test_a_payment_file_without_rows_or_records_is_named(app, told, now):
    empty = PayoutFile.create(number=new_number(), made_at=now, count=1, total=1, digest="x")
    found = differences(app)
    assert [line.startswith(show_number(empty.number)) for line in found] == [True, True]
    assert "berisi 0 pembayaran" in found[0]
    assert "jejak audit berkas" in found[1]


def test_a_second_payout_is_named(app, told):
    database.execute_sql("DROP INDEX payout_one_each")
    payout = Payout.get(Payout.claim == told["paid"])
    second = Payout(claim=payout.claim, file=payout.file, amount=payout.amount, provider="BCA",
                    state=DELIVERED, reported_at=payout.reported_at)
    second.number, second.holder = payout.number, payout.holder
    second.save(force_insert=True)
    expect(app, told["paid"], "2 pembayaran, seluruhnya Rp6.000.000")
    expect(app, told["paid"], "dibayar 2 kali")


@pytest.mark.parametrize(("begun", "until", "stopped", "lifted", "wrong"), [
    (-1, 71, None, None, True), (-100, -28, None, None, False), (1, 73, None, None, False),
    (-100, -28, -50, None, True), (-100, -28, -50, 1, True), (-100, -28, -50, -1, False),
    (-100, -28, 1, None, False)])
def test_what_was_told_the_bank_while_it_was_held_is_named(app, told, cast, begun, until, stopped,
                                                           lifted, wrong):
    file = PayoutFile.select().order_by(PayoutFile.id).get()

    def at(hours):
        return None if hours is None else file.made_at + timedelta(hours=hours)

    Hold.create(user=cast.siti, cause="rekening", begun_at=at(begun), until=at(until),
                stopped_at=at(stopped), lifted_at=at(lifted), stop_index=new_number())
    found = differences(app)
    assert len(found) == (2 if wrong else 0)     # Siti's two payouts in that file
    assert all("saat pembayaran ditahan" in line for line in found)


def test_a_case_that_stands_elsewhere_than_its_claim_is_named(app, told, now):
    Case.update(holder=AT_BRANCH, due_on=now.date(), closed_at=None).where(
        Case.id == told["paid"].case_id).execute()
    expect(app, told["paid"], "pencairannya DIBAYAR, tetapi yang harus bertindak: branch")


def queries_of(act):
    return len(sent_by(act))


def test_the_number_of_statements_does_not_grow(app, told, cast):
    few = queries_of(lambda: run(app, "reconcile"))
    for number in range(3, 9):
        claim_of(*person(number), cast, state=[APPROVED, CHECKING, FAILED][number % 3])
    assert queries_of(lambda: run(app, "reconcile")) == few


def test_it_is_done_once_a_day_a_check_at_a_time_and_what_came_of_it_is_kept(told, now):
    Savings.update(taken=1).execute()
    reconciling = once_a_day()
    assert rounds(reconciling, now) > 10
    assert rounds(reconciling, now) == 0
    assert rounds(once_a_day(), now + timedelta(hours=23)) == 0     # also by a new process
    assert Reconciliation.get().differences > 0
    Savings.update(taken=3_500_000).execute()
    assert rounds(reconciling, now + timedelta(days=1)) > 10
    assert last_reconciliation().differences == 0


def rounds(reconciling, now):
    """How often there was something to do."""
    count = 0
    while reconciling(now):
        count += 1
    return count


def test_what_was_interrupted_says_nothing(told, now, app):
    reconciling = once_a_day()
    database.execute_sql("ALTER TABLE savings RENAME TO away")
    with pytest.raises(PeeweeException, match="savings"):
        rounds(reconciling, now)
    database.execute_sql("ALTER TABLE away RENAME TO savings")
    assert last_reconciliation() is None
    assert rounds(reconciling, now) > 10
    assert last_reconciliation().differences == 0


def test_the_command_keeps_what_it_found_as_well(app, told):
    run(app, "reconcile")
    assert last_reconciliation().differences == 0


def test_what_the_walk_left_is_audited_soundly(app, told):
    assert list(audit.verify()) == []
    assert Savings.get().taken == 3_500_000
