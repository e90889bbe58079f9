"""Several people at the same moment, over four server processes: one wins, the others are told."""

import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from tests.faults import checker
from tests.faults.harness import Act, at_once, tomorrow
from tests.faults.processes import ROOT
from webapp import clock

ROUNDS = 40


@pytest.fixture
def ani_and_budi(street):
    """Two clerks of one company, each asking another server."""
    return street.desks[0], street.desks[1]


@pytest.fixture
def midnight(street):
    """A process that lets due deactivations take effect when told to."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.midnight"], cwd=ROOT, text=True, bufsize=1,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={"PATH": "", **street.house.environment()})
    assert process.stdout.readline() == "ready\n"

    def strike(after=0.0):
        time.sleep(after)
        process.stdin.write("now\n")
        return int(process.stdout.readline())

    yield strike
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdout.close()


def filed(desk, street, history, last_day=None):
    """One more deactivation of a fresh worker; its act."""
    act = desk.act(street.take(1)[0], history, last_day=last_day)
    assert act.is_acknowledged
    return act


def undo(desk, act, reason):
    """Send the form that takes it back."""
    path = f"/perusahaan/{desk.company}/nonaktif/{UUID(act.draft)}/batalkan"
    return desk.browser.post(path, {"csrf_token": desk.browser.token, "reason": reason})


def test_two_clerks_who_undo_at_once_with_different_reasons_are_one_winner_and_one_told(
        street, ani_and_budi):
    ani, budi = ani_and_budi
    history, answers = [], Counter()
    for _ in range(ROUNDS):
        act = filed(ani, street, history)
        both = at_once(lambda act=act: undo(ani, act, "salah pilih"),
                       lambda act=act: undo(budi, act, "tidak jadi berhenti"))
        answers[tuple(sorted(answer.status for answer in both))] += 1
    assert answers == {(303, 409): ROUNDS}
    assert checker.faults(history, street.house) == []


def test_a_deactivation_undone_while_it_takes_effect_ends_up_undone_and_whole(
        street, ani_and_budi, midnight):
    ani, _ = ani_and_budi
    history, took, dice = [], 0, random.Random(7)
    yesterday = clock.today() - timedelta(days=1)
    for _ in range(ROUNDS):
        act = filed(ani, street, history, last_day=tomorrow())
        street.store.execute("UPDATE deactivation SET last_day = ? WHERE state = ?",
                             yesterday.isoformat(), "TERJADWAL")
        answer, effective = at_once(lambda act=act: undo(ani, act, "tidak jadi"),
                                    lambda: midnight(after=dice.random() * 0.02))
        assert answer.status == 303
        took += effective
    assert 0 < took < ROUNDS, "always in the same order: no race was run"
    assert checker.faults(history, street.house) == []
    assert not street.store.rows("SELECT 1 FROM deactivation WHERE state = ?", "TERJADWAL")


def test_two_clerks_who_file_the_same_worker_at_once_are_one_receipt_and_one_told(
        street, ani_and_budi):
    history, outcomes = [], Counter()
    for membership in street.take(ROUNDS):
        acts = [Act(membership), Act(membership)]
        forms = [desk.draft(membership, act)
                 for desk, act in zip(ani_and_budi, acts, strict=True)]
        at_once(*(lambda desk=desk, act=act, form=form: desk.confirm(act, *form)
                  for desk, act, form in zip(ani_and_budi, acts, forms, strict=True)))
        history += acts
        outcomes[tuple(sorted(act.outcomes[0] for act in acts))] += 1
    assert outcomes == {("fail", "ok"): ROUNDS}
    assert all(act.statuses <= {200, 303, 409} for act in history)
    assert checker.faults(history, street.house) == []


def test_eight_threads_that_each_confirm_forty_drafts_make_forty_deactivations(street):
    owner = street.desks[0]
    acts = [Act(membership) for membership in street.take(40)]
    forms = [owner.draft(act.membership, act) for act in acts]
    desks = [type(owner)(owner.browser.another(street.ports[place % 4:]), owner.company)
             for place in range(8)]

    def confirm_all(desk):
        return [desk.press(act, *form) for act, form in zip(acts, forms, strict=True)]

    presses = at_once(*(lambda desk=desk: confirm_all(desk) for desk in desks))
    assert {outcome for mine in presses for outcome, _ in mine} == {"ok"}
    for act, answers in zip(acts, zip(*presses, strict=True), strict=True):
        assert len({answer.location for _, answer in answers}) == 1, "one receipt for all"
        owner.confirm(act, *forms[acts.index(act)])
    assert checker.faults(acts, street.house) == []
