"""What the soak's checkers complain about."""

from http.client import HTTPMessage

import pytest

from bench.soak.ledger import Answered, complaint, kind_of
from bench.soak.plan import plan
from bench.soak.verdict import SLOWEST_SECONDS, late, slow, unanswered
from tests.faults.browser import PATIENCE_SECONDS, Answer

RECEIPT = "/perusahaan/1/nonaktif/2"


@pytest.mark.parametrize(("method", "path", "status", "belongs"), [
    ("GET", RECEIPT, 200, True), ("GET", RECEIPT, 303, False),
    ("GET", "/masuk", 303, True), ("GET", "/", 200, False), ("GET", "/perusahaan/1", 303, False),
    ("POST", f"{RECEIPT}/periksa", 303, True), ("POST", f"{RECEIPT}/periksa", 200, False)])
def test_each_kind_of_request_has_its_answers(method, path, status, belongs):
    found = complaint(kind_of(method, path), Answer(status, HTTPMessage(), b""))
    assert (found is None) == belongs


@pytest.mark.parametrize(("begun", "ended", "belongs"), [
    (99, 101, True), (100.1, 100.3, True),      # a node was killed from 100 to 100,2
    (100.3, 101, False), (98, 99, False),
    (99, 99 + PATIENCE_SECONDS, False)])        # nothing was cut off: nobody said anything
def test_no_answer_belongs_only_where_one_was_cut_off(begun, ended, belongs):
    found = list(unanswered([Answered("read", 0, begun, ended)], [(100, 100.2)]))
    assert found == ([] if belongs else [f"read had no answer within {ended - begun:.1f} s"])


def test_an_answer_that_came_too_late_is_told():
    in_time, too_late = (Answered("file", 303, 0, SLOWEST_SECONDS + more) for more in (0, 1))
    assert list(slow([in_time, too_late])) == ["file was answered 303 after 16.0 s"]


def test_a_failover_that_took_too_long_is_told_by_its_kind():
    told = list(late({"primary": [29, 30], "silent primary": [31]}))
    assert told == ["a silent primary was lost: 31.0 s until something was written"]


def test_every_other_primary_falls_silent_first():
    kinds = [fault.kind for fault in plan(200, 10, 1)]
    assert kinds.count("primary") == kinds.count("silent primary") == 5
