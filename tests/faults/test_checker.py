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
def sound(app, database, ani, cast):
    """A small sound house: two deactivations, one of them undone, all messages delivered."""
    history = [filed(ani, cast, cast.siti_at_maju)]
    undone = filed(ani, cast, next(row for row in cast.maju.memberships if row.kpj.endswith("1")))
    ani.open(f"{ani.page.path.partition('?')[0]}/batalkan")
    ani.send(reason="salah pilih")
    with Gateways() as gateways:
        deliver(gateways)
        received = gateways.received
    yield SimpleNamespace(
        history=[*history, undone], received=received, store=Store(database.url),
        audit_fault=lambda: audit_fault(app), first=history[0])


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
    assert sender.run_once(clock.now()) == 4


def audit_fault(app):
    """What ``flask audit verify`` says of the test's database."""
    verdict = app.test_cli_runner().invoke(args=["audit", "verify"])
    return verdict.output if verdict.exit_code else ""


def found(house):
    """The checker's sentences."""
    db.database.close()
    return checker.faults(house.history, house, house.received)


def test_a_sound_house_has_nothing_to_find(sound):
    assert found(sound) == []


def test_a_lost_deactivation_is_found(sound):
    sound.store.execute("DELETE FROM message WHERE about = ?", stored(sound))
    sound.store.execute("DELETE FROM work_letter")
    sound.store.execute("DELETE FROM receipt")
    sound.store.execute("DELETE FROM deactivation WHERE public_id = ?", stored(sound))
    assert f"acknowledged and lost: {sound.first.draft} is None" in found(sound)


def test_a_deactivation_that_is_still_a_draft_is_found(sound):
    sound.store.execute("UPDATE deactivation SET state = 'DRAF', filed_at = NULL "
                        "WHERE public_id = ?", stored(sound))
    assert f"acknowledged and lost: {sound.first.draft} is DRAF" in found(sound)


def test_two_receipt_numbers_for_one_draft_are_found(sound):
    sound.first.numbers.append("AAAA-BBBB-CCCC")
    assert any("was shown 2 receipt numbers" in fault for fault in found(sound))


def test_a_receipt_that_was_issued_again_is_found(sound):
    sound.store.execute("UPDATE receipt SET number = 'AAAABBBBCCCC' WHERE deactivation_id = "
                        "(SELECT id FROM deactivation WHERE public_id = ?)", stored(sound))
    words = found(sound)
    assert any("which is not its own" in fault for fault in words)
    assert any("the audit trail names another receipt" in fault for fault in words)


def test_a_missing_receipt_is_found(sound):
    sound.store.execute("DELETE FROM receipt")
    assert any("has receipts None" in fault for fault in found(sound))


def test_a_missing_audit_entry_is_found_twice(sound):
    sound.store.execute("DELETE FROM audit_entry WHERE kind = ? AND subject = ?",
                        "deactivation:filed", stored(sound))
    words = found(sound)
    assert f"{sound.first.draft} has 0 audit entries deactivation:filed" in words
    assert any(fault.startswith("audit: chain company:") for fault in words)


def test_an_audit_entry_for_what_did_not_happen_is_found(sound):
    sound.store.execute("UPDATE audit_entry SET subject = ? WHERE kind = ?",
                        stored(sound), "deactivation:undone")
    assert (f"audit entry deactivation:undone about {sound.first.draft}, which did not happen"
            in found(sound))


def test_an_edited_audit_row_is_found(sound):
    sound.store.execute("UPDATE audit_entry SET at = ? WHERE kind = ?",
                        "2026-01-01 00:00:00", "session:began")
    assert found(sound) == ["audit: chain accounts: entry 1 was altered, or follows another entry"]


def test_a_missing_message_is_found(sound):
    sound.store.execute("DELETE FROM message WHERE channel = 'sms' AND kind = ?",
                        "deactivation:filed")
    words = found(sound)
    assert any("has messages deactivation:filed by ['email']" in fault for fault in words)
    assert any("which nobody promised" in fault for fault in words)


def test_a_doubled_message_is_found(sound):
    sound.store.execute("UPDATE message SET kind = ? WHERE kind = ?",
                        "deactivation:filed", "deactivation:undone")
    assert any("has messages deactivation:undone by []" in fault for fault in found(sound))


def test_a_message_that_never_arrived_is_found(sound):
    channel, number = sound.received.pop()
    assert found(sound) == [f"message {number} never reached the gateway"]
    assert channel in ("sms", "email")


def test_a_message_that_was_only_marked_as_waiting_is_found(sound):
    sound.store.execute("UPDATE message SET state = 'MENUNGGU' WHERE channel = 'sms'")
    assert all(fault.endswith("is MENUNGGU") for fault in found(sound))


def test_a_membership_that_does_not_agree_with_its_deactivation_is_found(sound):
    sound.store.execute("UPDATE membership SET status = 'AKTIF', ended_on = NULL")
    assert any("is ('AKTIF', 'None'), not ('NONAKTIF'" in fault for fault in found(sound))


def test_repeats_of_the_same_message_are_counted_and_are_no_fault(sound):
    sound.received += sound.received[:1]
    assert checker.repeated(sound.received) == 1
    assert found(sound) == []


def stored(sound):
    """The first deactivation's public id as the database keeps it."""
    return sound.first.draft
