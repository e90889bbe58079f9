"""When an account is closed, what it had linked goes; where a claim is to be paid goes with it."""

import pytest

from tests.destinations.linking import OTHERS, linked_before, newest
from tests.payouts.claiming import claim_of
from webapp.closure.erasure import erase
from webapp.db import write_transaction
from webapp.destinations import service
from webapp.models.cases import Case
from webapp.models.claims import APPROVED, CHECKING, FAILED, PAID, REFUSED, Claim, Destination
from webapp.models.people import CLOSED, User
from webapp.models.workers import Worker


def close(user, now):
    with write_transaction():
        User.update(state=CLOSED).where(User.id == user.id).execute()
        erase(user, now)


def kept(row):
    """What is left of a destination: whether its number, its index and its holder are."""
    row = Destination.get_by_id(row.id)
    return row.number is not None, row.number_index is not None, row.holder is not None


GONE, THERE = (False, False, False), (True, True, True)


def test_what_is_linked_is_erased_and_what_was_linked_before(user, now):
    before = linked_before(user)
    Destination.update(state="DIPUTUS", ended_at=now).execute()
    row = linked_before(user, "BCA", "1234568123")
    close(user, now)
    assert kept(row) == kept(before) == GONE
    assert Destination.get_by_id(row.id).state == "DIPUTUS"


def test_what_waits_for_a_code_or_at_the_branch_is_erased(siti, user, now):
    siti.link(OTHERS)
    row = newest()
    close(user, now)
    assert kept(row) == GONE
    assert Destination.get_by_id(row.id).state == "GAGAL"
    assert Case.get_by_id(row.case_id).holder is None


@pytest.mark.parametrize("state", [CHECKING, APPROVED, FAILED])
def test_what_an_open_claim_is_to_be_paid_to_stays_until_it_is_over(user, cast, now, state):
    row = linked_before(user)
    claim = claim_of(user, Worker.get(Worker.user == user), cast, state=state, destination=row)
    close(user, now)
    assert kept(row) == THERE
    assert Destination.get_by_id(row.id).state == "TERSAMBUNG"
    assert service.erase_unneeded(now) == 0
    assert kept(row) == THERE
    if state == CHECKING:
        claim.verdict = "Tidak"
        Claim.update(state=REFUSED, verdict_sealed=claim.verdict_sealed).execute()
    else:
        Claim.update(state=PAID, paid_on=now.date()).execute()
    assert service.erase_unneeded(now) == 1
    assert kept(row) == GONE
    assert service.erase_unneeded(now) == 0


def test_who_has_an_account_keeps_it(user, cast, now):
    row = linked_before(user)
    assert service.erase_unneeded(now) == 0
    assert kept(row) == THERE


def test_a_new_account_of_the_same_person_begins_with_none(user, cast, now):
    linked_before(user)
    close(user, now)
    again = User.create(name="Siti Rahayu", role="worker", created_at=now)
    assert not service.is_change(again, linked_before(again))
