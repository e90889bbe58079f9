"""What the database says of a person."""

from datetime import date, timedelta

import pytest

from tests.desk.matters import objected
from tests.payouts.claiming import claim_of, savings_of
from tests.statements import sent_by
from webapp.eligibility.facts import facts_of
from webapp.eligibility.judging import judge
from webapp.models.cases import Case
from webapp.models.claims import (
    APPROVED,
    CHECKING,
    DRAFT,
    FAILED,
    PAID,
    REFUSED,
    SUBMITTED,
    WITHDRAWN,
    Savings,
)
from webapp.models.deactivations import (
    DISPUTED,
    EFFECTIVE,
    RESTORED,
    SCHEDULED,
    UNDONE,
    Deactivation,
)
from webapp.models.workers import Membership
from webapp.parameters import rules_on

TODAY = date(2026, 11, 22)


@pytest.fixture
def siti(cast):
    """The worker; no browser is needed here."""
    return cast.siti_at_maju.worker


@pytest.fixture
def end(cast, now):
    """File the end of Siti's membership in some state."""
    def make(reason="RSG", last_day=date(2026, 10, 31), state=EFFECTIVE):
        return Deactivation.create(
            membership=cast.siti_at_maju, company=cast.maju, state=state, reason=reason,
            last_day=last_day, drafted_by=cast.ani, drafted_at=now, filed_by=cast.ani,
            filed_at=now, undone_at=now if state == UNDONE else None)
    return make


def test_somebody_at_work_without_anything_else(siti):
    known = facts_of(siti, TODAY)
    assert (known.birth_date, known.today, known.is_dead) == (siti.birth_date, TODAY, False)
    service, = known.memberships
    assert (service.company, service.last_on, service.state) == ("PT Maju Bersama", None, "")
    assert (known.credited, known.balance, known.reserved) == (None, 0, 0)


@pytest.mark.parametrize("state", [SCHEDULED, EFFECTIVE, DISPUTED])
def test_an_end_that_stands_is_known_with_its_state(siti, end, state):
    filed = end(state=state)
    service, = facts_of(siti, TODAY).memberships
    assert (service.deactivation_id, service.reason, service.last_day, service.state) == (
        filed.id, "RSG", date(2026, 10, 31), state)


@pytest.mark.parametrize("state", [UNDONE, RESTORED])
def test_an_end_that_was_taken_back_is_none(siti, end, state):
    end(state=state)
    service, = facts_of(siti, TODAY).memberships
    assert (service.deactivation_id, service.last_on, service.reason) == (None, None, "")


def test_a_recorded_death_is_known(siti, end):
    end("MGL")
    assert facts_of(siti, TODAY).is_dead


def test_an_old_membership_without_a_report_ends_all_the_same(siti, cast):
    (Membership.update(status="NONAKTIF", ended_on=date(2024, 1, 1))
     .where(Membership.id == cast.siti_at_maju.id).execute())
    assert facts_of(siti, TODAY).memberships[0].last_on == date(2024, 1, 1)


def test_the_balance_is_what_was_reported_less_what_was_taken(siti):
    savings_of(siti, 9_000_000, taken=2_000_000, partial_on=date(2019, 3, 1))
    known = facts_of(siti, TODAY)
    assert (known.credited, known.taken, known.left) == (9_000_000, 2_000_000, 7_000_000)
    assert (known.as_of, known.partial_on) == (date(2026, 10, 31), date(2019, 3, 1))


@pytest.mark.parametrize(("state", "is_open", "reserved"), [
    (DRAFT, False, 0), (SUBMITTED, True, 400_000), (CHECKING, True, 400_000),
    (APPROVED, True, 0), (FAILED, True, 0), (PAID, False, 0), (REFUSED, False, 0),
    (WITHDRAWN, False, 0)])
def test_claims_that_were_sent_ask_for_their_share(siti, cast, state, is_open, reserved):
    savings_of(siti, 9_000_000)
    claim = claim_of(cast.siti, siti, cast, "JHT-RSG", 400_000, state)
    known = facts_of(siti, TODAY)
    assert known.open_kinds == ({"JHT-RSG"} if is_open else set())
    assert known.reserved == reserved
    itself = facts_of(siti, TODAY, without=claim)
    assert (itself.open_kinds, itself.reserved, itself.left) == (frozenset(), 0, 9_000_000)


def test_costs_take_nothing_of_the_savings(siti, cast):
    savings_of(siti, 9_000_000)
    claim_of(cast.siti, siti, cast, "LAIN", 400_000, SUBMITTED)
    known = facts_of(siti, TODAY)
    assert (known.reserved, known.open_kinds) == (0, {"LAIN"})


def test_a_part_that_was_granted_was_the_one_part(siti, cast, now):
    savings_of(siti, 9_000_000)
    claim = claim_of(cast.siti, siti, cast, "JHT-S10", 400_000, APPROVED)
    assert facts_of(siti, TODAY).partial_on == TODAY
    assert facts_of(siti, TODAY, without=claim).partial_on is None
    assert Savings.get(Savings.worker == siti).taken == 400_000
    assert facts_of(siti, TODAY).left == 8_600_000


def test_it_takes_three_statements_however_much_there_is(siti, cast):
    savings_of(siti, 9_000_000)
    for number in range(4):
        Membership.create(worker=siti, company=cast.lain, kpj=f"5000000000{number}",
                          started_on=TODAY - timedelta(days=number), name_key="siti rahayu")
    claim_of(cast.siti, siti, cast, "JHT-S10", 400_000, SUBMITTED)
    claim_of(cast.siti, siti, cast, "LAIN", 400_000, SUBMITTED)
    assert queries_of(lambda: facts_of(siti, TODAY)) == 3


def queries_of(act):
    return len(sent_by(act))


def test_of_a_disputed_end_it_is_known_who_said_so_when_and_until_when_it_is_decided(cast, siti):
    objected(cast)
    known = facts_of(siti, TODAY)
    service, = known.memberships
    assert (service.disputed_on, service.decided_by) == (TODAY, Case.get().due_on)
    ended = next(one for one in judge("JHT-RSG", known, rules_on(TODAY)).conditions
                 if one.code == "ended")
    assert ended.words == "Anda menyanggah laporan PT Maju Bersama pada 22 November 2026."
    assert ended.advice.startswith("Pencairan menunggu putusan kantor cabang, paling lambat ")
