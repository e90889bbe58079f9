"""``flask payouts export``: what is approved goes to the bank, once."""

import json
import os
import stat
import threading
from datetime import timedelta

import pytest

from tests.claim_desk.claims import reported
from tests.payouts.bank import answer_to, exported, payments, run
from tests.payouts.claiming import claim_of, destination_of, person, savings_of
from webapp import clock, db
from webapp.db import write_transaction
from webapp.models.audit import AuditEntry
from webapp.models.claims import (
    APPROVED,
    BOUNCED,
    CHECKING,
    CUT,
    DRAFT,
    EXPORTED,
    FAILED,
    IN_REVIEW,
    PAID,
    REFUSED,
    RETURNED,
    SUBMITTED,
    WITHDRAWN,
    Claim,
    Destination,
    Heir,
    Hold,
    Payout,
    PayoutFile,
)
from webapp.models.deactivations import Deactivation
from webapp.models.people import BLOCKED, CLOSED, User
from webapp.models.workers import Worker
from webapp.payouts import exporting
from webapp.receipts.signing import new_number, show_number


@pytest.fixture
def worker(cast):
    return cast.siti_at_maju.worker


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "bank"
    made.mkdir()
    return made


def test_what_is_approved_is_written_for_the_bank(app, cast, worker, folder):
    claim = claim_of(cast.siti, worker, cast, amount=4_250_000)
    answer = run(app, "export", folder)
    file = PayoutFile.get()
    name = f"purna-bayar-{show_number(file.number)}.csv"
    assert answer.output == f"{name}: 1 pembayaran, Rp4.250.000\n"
    payout = Payout.get()
    assert payments(folder / name) == [
        [payout.public_id.hex, "4250000", "BCA", "1234568123", "SITI RAHAYU",
         f"Purna {show_number(claim.case.number)}"]]
    assert (payout.claim, payout.state, payout.amount) == (claim, EXPORTED, 4_250_000)
    assert (payout.number, payout.holder) == ("1234568123", "SITI RAHAYU")
    assert (file.count, file.total, file.result_digest) == (1, 4_250_000, None)
    assert Claim.get().state == APPROVED
    entry = AuditEntry.get(AuditEntry.kind == "payouts:exported")
    assert json.loads(entry.details) == {"number": show_number(file.number), "count": 1,
                                         "total": 4_250_000}


def test_the_file_is_for_its_owner_alone_and_nothing_else_is_left(app, cast, worker, folder):
    claim_of(cast.siti, worker, cast)
    path, = exported(app, folder)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(folder.iterdir()) == [path]


def test_a_second_run_changes_nothing(app, cast, worker, folder):
    claim_of(cast.siti, worker, cast)
    path, = exported(app, folder)
    before = path.stat().st_mtime_ns, path.read_bytes()
    assert run(app, "export", folder).output == "tidak ada berkas baru\n"
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    assert (PayoutFile.select().count(), Payout.select().count()) == (1, 1)
    assert AuditEntry.select().where(AuditEntry.kind == "payouts:exported").count() == 1


def test_nothing_to_pay_makes_no_file(app, cast, folder):
    assert run(app, "export", folder).output == "tidak ada berkas baru\n"
    assert PayoutFile.select().count() == 0


@pytest.mark.parametrize("state", [DRAFT, SUBMITTED, CHECKING, RETURNED, PAID, FAILED, REFUSED,
                                   WITHDRAWN])
def test_only_what_is_approved_is_paid(app, cast, worker, folder, state):
    claim_of(cast.siti, worker, cast, state=state)
    assert exported(app, folder) == []


@pytest.mark.parametrize("state", [IN_REVIEW, CUT])
def test_only_a_linked_destination_is_paid_to(app, cast, worker, folder, state):
    claim_of(cast.siti, worker, cast)
    Destination.update(state=state).execute()
    assert exported(app, folder) == []


def test_nothing_is_paid_to_an_account_that_is_blocked(app, cast, worker, folder):
    claim_of(cast.siti, worker, cast)
    User.update(state=BLOCKED).where(User.id == cast.siti.id).execute()
    assert exported(app, folder) == []


def test_what_an_account_asked_for_before_it_was_closed_is_paid(app, cast, worker, folder):
    claim_of(cast.siti, worker, cast)
    claim_of(cast.siti, worker, cast, "OBT", submitted_by=cast.fajar)     # not by that account
    User.update(state=CLOSED).where(User.id == cast.siti.id).execute()
    Worker.update(user=None).where(Worker.id == worker.id).execute()
    path, = exported(app, folder)
    assert len(payments(path)) == 1
    result = folder / "hasil.csv"
    result.write_bytes(answer_to(path))
    assert run(app, "import", result).exit_code == 0
    assert Claim.get(Claim.kind == "LAIN").state == PAID


def test_nothing_is_paid_to_another_persons_destination(app, cast, worker, folder):
    other, _ = person(7)
    claim_of(cast.siti, worker, cast, destination=destination_of(other))
    claim_of(cast.siti, worker, cast, "OBT", destination=destination_of(None))
    assert exported(app, folder) == []


def hold(user, now, **more):
    return Hold.create(**{"user": user, "cause": "rekening", "begun_at": now - timedelta(hours=71),
                          "until": now + timedelta(hours=1), "stop_index": new_number()} | more)


@pytest.mark.parametrize(("more", "is_paid"), [
    ({}, False), ({"until": timedelta(seconds=1)}, False), ({"until": timedelta()}, True),
    ({"until": -timedelta(hours=1), "stopped_at": -timedelta(hours=2)}, False),
    ({"until": -timedelta(hours=1), "stopped_at": -timedelta(hours=2),
      "lifted_at": -timedelta(hours=1)}, True)])
def test_what_is_held_waits(app, cast, worker, folder, now, more, is_paid):
    claim_of(cast.siti, worker, cast)
    hold(cast.siti, now, **{name: now + apart for name, apart in more.items()})
    assert bool(exported(app, folder)) is is_paid


@pytest.mark.parametrize(("hours", "is_paid"), [(71, False), (72, True), (73, True)])
@pytest.mark.parametrize("contact", ["phone_changed_at", "email_changed_at"])
def test_a_contact_that_was_changed_makes_payouts_wait(app, cast, worker, folder, now, contact,
                                                       hours, is_paid):
    claim_of(cast.siti, worker, cast)
    User.update(**{contact: now - timedelta(hours=hours)}).where(
        User.id == cast.siti.id).execute()
    assert bool(exported(app, folder)) is is_paid


def test_another_persons_hold_holds_nobody_else(app, cast, worker, folder, now):
    user, other = person(1)
    claim_of(cast.siti, worker, cast)
    claim_of(user, other, cast)
    hold(cast.siti, now)
    path, = exported(app, folder)
    assert len(payments(path)) == 1
    assert Payout.get().claim.worker == other


def test_an_heir_is_paid_without_an_account(app, cast, worker, folder, now):
    savings_of(worker, 9_000_000)
    claim = claim_of(None, worker, cast, "JHT-MGL", 9_000_000,
                     destination=destination_of(None, provider="BRI", number="0021", holder="Budi"))
    heir = Heir(claim=claim, relation="anak")
    heir.name, heir.nik, heir.phone = "Budi", "3171064508900077", "+628120000077"
    heir.save(force_insert=True)
    hold(cast.siti, now)     # of the account of who died
    path, = exported(app, folder)
    assert payments(path)[0][1:5] == ["9000000", "BRI", "0021", "Budi"]


def test_a_claim_that_bounced_and_was_redirected_is_paid_anew(app, cast, worker, folder):
    claim = claim_of(cast.siti, worker, cast)
    first, = exported(app, folder)
    result = folder / "hasil.csv"
    result.write_bytes(answer_to(first, failed="all"))
    assert run(app, "import", result).exit_code == 0
    assert exported(app, folder) == [first]
    Claim.update(state=APPROVED).where(Claim.id == claim.id).execute()
    files = exported(app, folder)
    assert len(files) == 2
    assert {payout.state for payout in Payout.select()} == {BOUNCED, EXPORTED}


def test_a_crash_before_the_file_was_written_is_mended(app, cast, worker, folder):
    claim_of(cast.siti, worker, cast)
    made = exporting.export(clock.now())     # and the power goes
    assert len(made) == 1
    assert list(folder.iterdir()) == []
    path, = exported(app, folder)
    assert exporting.digest_of(path.read_bytes()) == PayoutFile.get().digest
    assert (PayoutFile.select().count(), Payout.select().count()) == (1, 1)


@pytest.mark.parametrize("damage", [lambda body: body[:-1], lambda body: b"",
                                    lambda body: body.replace(b"400000", b"900000")])
def test_a_file_that_is_not_as_it_was_is_written_again(app, cast, worker, folder, damage):
    claim_of(cast.siti, worker, cast)
    path, = exported(app, folder)
    body = path.read_bytes()
    path.write_bytes(damage(body))
    exported(app, folder)
    assert path.read_bytes() == body


def test_a_file_that_was_answered_is_written_on_demand_only(app, cast, worker, folder):
    claim_of(cast.siti, worker, cast)
    path, = exported(app, folder)
    body, result = path.read_bytes(), folder / "hasil.csv"
    result.write_bytes(answer_to(path))
    run(app, "import", result)
    path.unlink()
    assert exported(app, folder) == []
    number = show_number(PayoutFile.get().number)
    answer = run(app, "export", folder, "--again", number.lower())
    assert answer.exit_code == 0, answer.output
    assert path.read_bytes() == body
    assert run(app, "export", folder, "--again", "N7K4").exit_code == 1


def test_rows_that_were_altered_are_not_written(app, cast, worker, folder):
    claim_of(cast.siti, worker, cast)
    user, other = person(1)
    exporting.export(clock.now())
    claim_of(user, other, cast, amount=700_000)
    payout = Payout.get()
    payout.number = "9999999999"     # somebody with the keys
    payout.save()
    answer = run(app, "export", folder)
    assert answer.exit_code == 1
    assert "tidak seperti saat dibuat" in answer.output
    assert "1 pembayaran, Rp700.000" in answer.output, "the other file is written all the same"
    assert len(list(folder.iterdir())) == 1


def test_an_account_without_digits_is_named_and_keeps_nobody_else_waiting(app, cast, worker,
                                                                          folder):
    user, other = person(1)
    bad = claim_of(user, other, cast, destination=destination_of(user, number="12x"))
    claim_of(cast.siti, worker, cast)
    answer = run(app, "export", folder)
    assert f"pencairan {show_number(bad.case.number)} dilewati" in answer.output
    assert Payout.get().claim.worker == worker


def test_more_than_one_file_holds_what_one_file_does_not(app, cast, folder):
    for number in range(5):
        claim_of(*person(number), cast, amount=1000 + number)
    before, exporting.MOST_PAYOUTS = exporting.MOST_PAYOUTS, 2
    try:
        files = exported(app, folder)
    finally:
        exporting.MOST_PAYOUTS = before
    assert sorted(len(payments(path)) for path in files) == [1, 2, 2]
    assert sorted(int(one[1]) for path in files for one in payments(path)) == [
        1000, 1001, 1002, 1003, 1004]


def test_eight_exports_at_once_pay_once(app, cast, folder):
    for number in range(6):
        claim_of(*person(number), cast)
    problems = []

    def work():
        try:
            db.ensure_connection()
            exporting.export(clock.now())
        except Exception as problem:
            problems.append(problem)
        finally:
            db.database.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    exporting.export(clock.now())     # what another held at that moment
    assert Payout.select().count() == 6
    assert sum(file.count for file in PayoutFile.select()) == 6


@pytest.mark.skipif(os.environ.get("PURNA_TEST_DATABASE") != "postgresql",
                    reason="on SQLite one writes at a time")
def test_whoever_stops_payouts_at_this_moment_is_not_paid(app, cast, worker, folder, now):
    claim_of(cast.siti, worker, cast)
    locked, done = threading.Event(), threading.Event()

    def stop():
        db.ensure_connection()
        with write_transaction():
            User.select().where(User.id == cast.siti.id).for_update("FOR NO KEY UPDATE").get()
            locked.set()
            done.wait(5)
            hold(cast.siti, now)
        db.database.close()

    thread = threading.Thread(target=stop)
    thread.start()
    locked.wait(5)
    assert exporting.export(now) == []
    done.set()
    thread.join()
    assert exporting.export(now) == []


@pytest.mark.parametrize("state", ["TERJADWAL", "BERLAKU", "DISANGGAH"])
def test_a_recorded_death_freezes_what_was_approved(app, cast, worker, folder, state):
    claim_of(cast.siti, worker, cast)
    report = reported(cast, reason="MGL", last_day=clock.today() - timedelta(days=9))
    Deactivation.update(state=state).execute()
    assert exported(app, folder) == []
    Deactivation.update(state="DIBATALKAN", undone_at=clock.now(), undone_by=cast.ani).where(
        Deactivation.id == report.id).execute()
    assert len(exported(app, folder)) == 1


def test_who_was_displaced_and_then_closed_the_account_is_not_paid(app, cast, worker, folder):
    thief, _ = person(7)
    claim = claim_of(thief, worker, cast, destination=destination_of(thief))
    User.update(state=CLOSED).where(User.id == thief.id).execute()
    assert exported(app, folder) == []     # Siti has her memberships
    assert Claim.get_by_id(claim.id).state == APPROVED
