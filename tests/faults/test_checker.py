"""The checker is checked: each way in which a build could be broken must be found."""

from types import SimpleNamespace

import pytest

from tests.faults import checker
from tests.faults.harness import Act, Gateways
from tests.faults.houses import Store
from tests.page import draft
from webapp import clock, db
from webapp.messages.mail import Mailer
from webapp.messages.sender import Sender
from webapp.messages.sms import SmsGateway


@pytest.fixture
def house(app, database, ani, cast):
    """A small sound house: filed, undone and filed again, all messages delivered."""
    undone = filed(ani, cast, cast.siti_at_maju)
    ani.open(f"{ani.page.path.partition('?')[0]}/batalkan")
    ani.send(reason="salah tanggal")
    standing = filed(ani, cast, cast.siti_at_maju)
    with Gateways() as gateways:
        deliver(gateways)
        received = gateways.received
    return SimpleNamespace(
        history=[undone, standing], received=received, store=Store(database.url),
        audit_fault=lambda: audit_fault(app), standing=standing)


def filed(clerk, cast, membership):
    """Deactivate through the pages: the act as a client records it."""
    check = draft(clerk, cast.maju, membership)
    number = check.action().split("/")[-2].replace("-", "")
    receipt = clerk.send()
    return Act(str(membership.public_id), number, 1, ["ok"], [receipt.words(".receipt-number")])


def deliver(gateways):
    """Send what waits, once."""
    sender = Sender({"sms": SmsGateway(gateways.sms.url, "Purna"),
                     "email": Mailer(gateways.smtp.url, "purna@purna.example")})
    assert sender.run_once(clock.now()) == 6


def audit_fault(app):
    """What ``flask audit verify`` says of the test's database."""
    verdict = app.test_cli_runner().invoke(args=["audit", "verify"])
    return verdict.output if verdict.exit_code else ""


def tamper(store, statement, *values):
    """Change the audit trail as somebody does who owns the database: its guard removed first."""
    if store.is_sqlite:
        store.execute("DROP TRIGGER audit_entry_no_update")
        store.execute("DROP TRIGGER audit_entry_no_delete")
    else:
        store.execute("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
    store.execute(statement, *values)


def found(house):
    """The checker's sentences."""
    db.database.close()
    return checker.faults(house.history, house, house.received)


def test_a_sound_house_has_nothing_to_find(house):
    assert found(house) == []


def test_a_lost_deactivation_is_found(house):
    house.store.execute("DELETE FROM message WHERE about = ?", house.standing.draft)
    house.store.execute("DELETE FROM work_letter")
    house.store.execute("DELETE FROM receipt")
    house.store.execute("DELETE FROM deactivation WHERE public_id = ?", house.standing.draft)
    assert f"acknowledged and lost: {house.standing.draft} is None" in found(house)


def test_a_deactivation_that_is_still_a_draft_is_found(house):
    house.store.execute("UPDATE deactivation SET state = 'DRAF', filed_at = NULL "
                        "WHERE public_id = ?", house.standing.draft)
    assert f"acknowledged and lost: {house.standing.draft} is DRAF" in found(house)


def test_two_receipt_numbers_for_one_draft_are_found(house):
    house.standing.numbers.append("AAAA-BBBB-CCCC")
    assert any("was shown 2 receipt numbers" in fault for fault in found(house))


def test_a_receipt_that_was_issued_again_is_found(house):
    house.store.execute("UPDATE receipt SET number = 'AAAABBBBCCCC' WHERE deactivation_id = "
                        "(SELECT id FROM deactivation WHERE public_id = ?)", house.standing.draft)
    words = found(house)
    assert any("which is not its own" in fault for fault in words)
    assert any("the audit trail names another receipt" in fault for fault in words)


def test_a_missing_receipt_is_found(house):
    house.store.execute("DELETE FROM receipt")
    assert any("has receipts None" in fault for fault in found(house))


def test_a_missing_audit_entry_is_found_twice(house):
    tamper(house.store, "DELETE FROM audit_entry WHERE kind = ? AND subject = ?",
           "deactivation:filed", house.standing.draft)
    words = found(house)
    assert f"{house.standing.draft} has 0 audit entries deactivation:filed" in words
    assert any(fault.startswith("audit: chain company:") for fault in words)


def test_an_audit_entry_for_what_did_not_happen_is_found(house):
    tamper(house.store, "UPDATE audit_entry SET subject = ? WHERE kind = ?",
           house.standing.draft, "deactivation:undone")
    assert (f"audit entry deactivation:undone about {house.standing.draft}, which did not happen"
            in found(house))


def test_an_edited_audit_row_is_found(house):
    tamper(house.store, "UPDATE audit_entry SET at = ? WHERE kind = ?",
           "2026-01-01 00:00:00", "deactivation:undone")
    (fault,) = found(house)
    assert fault.startswith("audit: chain company:")
    assert "was altered, or follows another entry" in fault


def test_a_missing_message_is_found(house):
    house.store.execute("DELETE FROM message WHERE channel = 'sms' AND kind = ?",
                        "deactivation:filed")
    words = found(house)
    assert any("has messages deactivation:filed by ['email']" in fault for fault in words)
    assert any("which nobody promised" in fault for fault in words)


def test_a_doubled_message_is_found(house):
    house.store.execute("UPDATE message SET kind = ? WHERE kind = ?",
                        "deactivation:filed", "deactivation:undone")
    assert any("has messages deactivation:undone by []" in fault for fault in found(house))


def test_a_message_that_never_arrived_is_found(house):
    channel, number = house.received.pop()
    assert found(house) == [f"message {number} never reached the gateway"]
    assert channel in ("sms", "email")


def test_a_message_that_was_only_marked_as_waiting_is_found(house):
    house.store.execute("UPDATE message SET state = 'MENUNGGU' WHERE channel = 'sms'")
    assert all(fault.endswith("is MENUNGGU") for fault in found(house))


def test_a_membership_that_does_not_agree_with_its_deactivation_is_found(house):
    house.store.execute("UPDATE membership SET status = 'AKTIF', ended_on = NULL")
    assert any("is ('AKTIF', 'None'), not ('NONAKTIF'" in fault for fault in found(house))


def test_repeats_of_the_same_message_are_counted_and_are_no_fault(house):
    house.received += house.received[:1]
    assert checker.repeated(house.received) == 1
    assert found(house) == []
