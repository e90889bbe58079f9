"""From the worker's code to the bank's answer, through the pages; the check finds nothing."""

import pytest
import time_machine

from tests.claim_desk.claims import approve, confirm, take
from tests.claims.claiming import left, only_claim, savings, submitted, worker_siti
from tests.payouts.bank import answer_to, exported, run
from webapp import clock
from webapp.claims.redirecting import redirect
from webapp.db import write_transaction
from webapp.models.claims import CUT, FAILED, LINKED, PAID, Claim, Destination, Payout
from webapp.models.messages import Message


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "bank"
    made.mkdir()
    return made


def answered(app, folder, path, **outcome):
    result = folder / "hasil.csv"
    result.write_bytes(answer_to(path, **outcome))
    answer = run(app, "import", result)
    assert answer.exit_code == 0, answer.output


def is_sound(app):
    answer = run(app, "reconcile")
    assert answer.exit_code == 0, answer.output
    return True


def test_savings_are_asked_for_granted_and_paid(app, siti, dewi, cast, folder):
    saved = savings(worker_siti(), 9_000_000)
    left(cast)
    submitted(siti, cast, "JHT-RSG")
    claim = only_claim()
    take(dewi, claim)
    assert is_sound(app)
    approve(dewi, claim)
    assert is_sound(app)
    path, = exported(app, folder)
    assert is_sound(app)
    answered(app, folder, path)
    claim = only_claim()
    assert (claim.state, claim.approved) == (PAID, 9_000_000)
    assert type(saved).get().left == 0
    assert is_sound(app)
    assert "Uang dikirim pada 22 November 2026" in siti.open(
        f"/pencairan/{claim.case.public_id}").words()


def test_two_people_grant_the_bank_sends_it_back_and_it_is_paid_elsewhere(app, siti, dewi, eka,
                                                                          cast, folder):
    submitted(siti, cast, "MED", {"treated_on": "2026-11-10", "receipt_total": "6.000.000",
                                  "amount": "6.000.000"})
    claim = only_claim()
    take(dewi, claim)
    approve(dewi, claim, seen=("KUITANSI",))
    assert exported(app, folder) == [], "one person is not enough"
    take(eka, claim)
    confirm(eka, claim)
    path, = exported(app, folder)
    answered(app, folder, path, failed="all")
    assert only_claim().state == FAILED
    assert is_sound(app)
    assert "Rekening ditutup" in siti.open(f"/pencairan/{claim.case.public_id}").words()
    _link_another(cast.siti)
    assert is_sound(app)
    with time_machine.travel("2026-11-26T06:30:00Z"):
        second = exported(app, folder)[-1]
        assert second != path
        answered(app, folder, second, day="2026-11-26")
        assert is_sound(app)
    assert only_claim().state == PAID
    assert Payout.select().count() == 2
    assert Claim.select().count() == 1
    assert {row.kind for row in Message.select().where(Message.about == claim.case.public_id)} >= {
        "case:claim bounced", "case:claim redirected", "case:claim paid"}


def _link_another(user):
    with write_transaction():
        (Destination.update(state=CUT, ended_at=clock.now())
         .where(Destination.user == user, Destination.state == LINKED).execute())
        other = Destination(user=user, provider="BRI", state=LINKED, begun_at=clock.now(),
                            linked_at=clock.now())
        other.number, other.holder = "002101008123503", "Siti Rahayu"
        other.save(force_insert=True)
        redirect(user, other, clock.now())
