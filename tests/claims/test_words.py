"""What is said of a claim, without a database."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from tests.page import sms_for_every_name
from webapp.claims import messages
from webapp.claims.faults import PAPER, as_json, codes_for, faults_of, label_of, papers_among
from webapp.claims.states import MOVES
from webapp.claims.words import STATES, usual_of
from webapp.eligibility.kinds import KINDS
from webapp.models.claims import CLAIM_STATES
from webapp.papers.kinds import KINDS as PAPERS

MONDAY = date(2026, 11, 16)


def after(days):
    return MONDAY, MONDAY + timedelta(days=days)


@pytest.mark.parametrize(("decided", "words"), [
    ([after(1)] * 19, ""), ([after(1)] * 20, "1 hari kerja"),
    ([after(0)] * 20, "kurang dari 1 hari kerja"),
    ([after(1)] * 10 + [after(2)] * 10, "2 hari kerja"),     # half of them: never promised sooner
    ([after(2)] * 11 + [after(30)] * 9, "2 hari kerja"),
    ([after(7)] * 20, "5 hari kerja")])
def test_the_usual_time_is_the_median_of_enough(decided, words):
    assert usual_of(decided) == words


def test_every_state_has_its_words_and_can_be_reached():
    assert set(STATES) == set(MOVES) == set(CLAIM_STATES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_code_that_can_be_marked_has_its_words(kind):
    codes = codes_for(kind, ("NPWP",))
    assert len(set(codes)) == len(codes)
    assert f"{PAPER}NPWP" in codes
    assert all(label_of(code) != code for code in codes)
    assert set(papers_among(codes)) <= set(PAPERS)
    assert ("treated_on" in codes) == (kind in ("MED", "OBT"))
    assert ("amount" in codes) == KINDS[kind].is_entered


def test_what_was_marked_is_read_as_it_was_written():
    marked = [("amount", "Lebih dari \"rincian\"."), ("paper:KTP", "Buram; kabur")]
    claim = SimpleNamespace(faults=as_json(marked), faults_sealed=b"x")
    assert list(faults_of(claim).items()) == marked
    assert faults_of(SimpleNamespace(faults=None, faults_sealed=None)) == {}


@pytest.mark.parametrize("make", [
    lambda claim: messages.submitted(claim, date(2026, 9, 30), "ABCDEFGH"),
    lambda claim: messages.corrected(claim, date(2026, 9, 30)), messages.withdrawn])
def test_an_sms_holds_the_largest_amount(make):
    claim = SimpleNamespace(kind="JHT-S30", amount=10**15 - 1, approved=None,
                            case=SimpleNamespace(number="N7K422QD8MX2"))
    sms = make(claim)["sms"]
    assert len(next(sms_for_every_name(lambda _: sms))[1]) <= 160
    assert "Ref N7K4-22QD-8MX2." in sms
