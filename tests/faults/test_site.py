"""The soak of a whole site: its plan, and what it judges. It is run by ``make soak`` alone."""

import time
from collections import Counter
from types import SimpleNamespace
from uuid import UUID

import pytest

from bench.soak import plan, verdict
from bench.soak.crowd import Archivist, Clerk, Paper
from bench.soak.ledger import Ledger, Witness, complaint, kind_of
from tests.faults.checker import Facts, contradicted
from tests.faults.harness import Act, at_once

COMPANY = "/perusahaan/8c1f0f0e-0000-4000-8000-000000000001"
FILING = f"{COMPANY}/nonaktif/8c1f0f0e-0000-4000-8000-000000000002"


def answer(status, body=b"", **headers):
    return SimpleNamespace(status=status, body=body,
                           headers={"Retry-After": None, **headers})


def test_a_plan_is_the_same_each_time_and_another_for_another_seed():
    assert plan.plan(50, 3, seed=1) == plan.plan(50, 3, seed=1)
    assert plan.plan(50, 3, seed=1) != plan.plan(50, 3, seed=2)


@pytest.mark.parametrize(("kills", "primaries"), [(200, 10), (12, 1), (8, 0), (0, 2)])
def test_a_plan_has_all_that_was_asked_for(kills, primaries):
    faults = plan.plan(kills, primaries, seed=20261122)
    kinds = Counter(fault.kind for fault in faults)
    assert [kinds[kind] for kind in (*plan.PRIMARY, "standby", "store", "hanging store")] == [
        primaries - primaries // 2, primaries // 2, 1, 1, 1]
    assert kills <= sum(fault.kills for fault in faults) < kills + 4


def test_between_two_losses_of_the_primary_there_is_always_something_else():
    kinds = [fault.kind for fault in plan.plan(200, 10, seed=20261122)]
    places = [place for place, kind in enumerate(kinds) if kind in plan.PRIMARY]
    assert min(after - before for before, after in zip(places, places[1:], strict=False)) > 5
    assert not {kinds[0], kinds[-1]} & {*plan.PRIMARY}


def test_what_befalls_a_pool_is_not_counted_as_a_kill_of_a_node():
    assert plan.Fault("pool", ("web1.pgbouncer",)).kills == 0
    assert plan.Fault("nodes and senders", plan.NODES + plan.SENDERS).kills == 4


@pytest.mark.parametrize(("method", "path", "content_type", "kind"), [
    ("POST", f"{COMPANY}/tenaga-kerja/x/nonaktifkan", "multipart/form-data; boundary=b", "upload"),
    ("POST", f"{COMPANY}/tenaga-kerja/x/nonaktifkan", "", "draft"),
    ("POST", f"{FILING}/periksa", "", "file"),
    ("POST", f"{FILING}/batalkan", "", "undo"),
    ("GET", f"{COMPANY}/dokumen/x", "", "download"),
    ("GET", f"{FILING}/batalkan", "", "read"),
    ("GET", "/masuk?lanjut=/", "", "entrance"),
    ("POST", "/masuk/kode/x", "", "code"),
])
def test_requests_are_told_apart(method, path, content_type, kind):
    assert kind_of(method, path, content_type) == kind


def test_a_503_belongs_if_it_says_what_to_do_and_when():
    words = b"<p>Coba lagi sebentar lagi.</p>"
    assert complaint("file", answer(503, words, **{"Retry-After": "5"})) is None
    assert complaint("file", answer(503, words)) == "file was answered 503 without words"
    assert complaint("file", answer(503, b"", **{"Retry-After": "5"}))


@pytest.mark.parametrize("status", [500, 502, 504, 404, 200])
def test_any_other_answer_to_a_filing_is_a_complaint(status):
    assert complaint("file", answer(status)) == f"file was answered {status}"


def test_a_ledger_knows_what_was_first_written_after_a_moment():
    ledger = Ledger()
    before = time.monotonic()
    ledger.note("file", before - 1, answer(303))     # asked for before
    ledger.note("read", before + 1, answer(200))
    ledger.note("file", before + 1, answer(404))
    assert ledger.written(before) is None
    ledger.note("undo", before + 1, answer(303))
    ledger.note("file", before + 2, answer(303))
    assert before < ledger.written(before) < time.monotonic()
    assert [one.kind for one in ledger.since(before)] == ["read", "file", "undo", "file"]


def test_what_many_note_at_once_is_all_there():
    ledger = Ledger()
    at_once(*(lambda: [ledger.note("file", 0, answer(500)) for _ in range(100)] for _ in "abcd"))
    assert ledger.statuses() == {("file", 500): 400}
    assert ledger.complaints == {"file was answered 500": 400}


@pytest.mark.parametrize(("refused", "taken", "filed", "others", "faults"), [
    (3, 0, 40, 0, 0), (0, 0, 40, 0, 1), (3, 1, 40, 0, 1), (3, 0, 0, 0, 1), (3, 0, 40, 2, 1)])
def test_without_the_store_papers_wait_and_nothing_else(refused, taken, filed, others, faults):
    away = {"papers refused": refused, "papers taken": taken, "filed meanwhile": filed,
            "others refused": others}
    assert len(list(verdict.without_store(away))) == faults


@pytest.fixture
def witness(street):
    """Ani's browser, with a ledger."""
    browser = street.desks[0].browser
    found = Witness(Ledger(), browser.ports, browser.address, browser.cookies)
    found.token = browser.token
    return found


def test_papers_that_are_handed_in_come_back_and_missing_or_other_ones_are_found(street, witness):
    archivist, history = Archivist(witness, street.company, "seed"), []
    for membership in street.take(2):
        archivist.act(membership, history)
    assert [len(archivist.papers), archivist.complaints] == [2, []]
    assert witness.ledger.statuses()["upload", 303] == 2
    assert not witness.ledger.complaints
    first, second = archivist.papers
    next(street.house.folder.rglob(UUID(first.path.split("/")[-1]).hex)).unlink()
    assert list(archivist.looked_at(first)) == [f"paper {first.path} is answered 404"]
    other = Paper(second.path, first.digest)
    assert list(archivist.looked_at(other)) == [f"paper {second.path} is not what was handed in"]


def test_an_undoing_that_was_acknowledged_and_is_lost_is_found(street, witness):
    clerk, act = Clerk(witness, street.company, "seed"), Act(street.take(1)[0])
    clerk.confirm(act, *clerk.draft(act.membership, act))
    clerk.undo(act)
    assert act.undone == ["ok"]
    assert list(contradicted([act], Facts.read(street.store))) == []
    facts = Facts.read(street.store)
    state, *rest = facts.deactivations[act.draft]
    facts.deactivations[act.draft] = ("TERJADWAL", *rest)
    assert list(contradicted([act], facts)) == [
        f"acknowledged and lost: {act.draft} was undone and is TERJADWAL"]


def test_pressing_batalkan_again_changes_nothing(street, witness):
    clerk, act = Clerk(witness, street.company, "seed"), Act(street.take(1)[0])
    clerk.confirm(act, *clerk.draft(act.membership, act))
    clerk.undo(act)
    act.undone = ["unknown"]     # its answer was lost
    clerk.undo(act)
    assert act.undone == ["unknown", "ok"]
    assert list(contradicted([act], Facts.read(street.store))) == []
