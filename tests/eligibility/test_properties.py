"""What holds of every judgement, whoever it is about."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.eligibility.asking import left, rules, working
from webapp.eligibility.judging import Facts, judge
from webapp.eligibility.kinds import KINDS, PARTIAL
from webapp.eligibility.question import TIME
from webapp.models.deactivations import DISPUTED, EFFECTIVE, SCHEDULED

RULES = rules()
REASONS = ("RSG", "PKW", "PHK", "PSN", "CTT", "MGL", "LNG", "MUT", "TTP", "SLH")
days = st.dates(date(2005, 1, 1), date(2027, 12, 31))


@st.composite
def memberships(draw):
    rows = []
    for number in range(1, draw(st.integers(0, 3)) + 1):
        began = draw(days)
        if draw(st.booleans()):
            rows.append(working(began, number=number))
        else:
            last_day = began + timedelta(days=draw(st.integers(0, 5000)))
            rows.append(left(draw(st.sampled_from(REASONS)), last_day, began=began, number=number,
                             state=draw(st.sampled_from([EFFECTIVE, EFFECTIVE, DISPUTED,
                                                         SCHEDULED]))))
    return tuple(rows)


@st.composite
def people(draw):
    services = draw(memberships())
    credited = draw(st.none() | st.integers(0, 10 ** 8))
    taken = draw(st.integers(0, credited)) if credited else 0
    return Facts(
        today=draw(days), birth_date=draw(st.dates(date(1940, 1, 1), date(2000, 1, 1))),
        is_dead=any(one.reason == "MGL" for one in services), memberships=services,
        credited=credited, taken=taken, as_of=date(2026, 10, 31),
        partial_on=draw(st.none() | days),
        open_kinds=draw(st.frozensets(st.sampled_from(tuple(KINDS)), max_size=2)),
        reserved=draw(st.sampled_from([0, 0, taken // 2, 10 ** 9])))


kinds = st.sampled_from(tuple(KINDS))
amounts = st.none() | st.integers(-5, 10 ** 9)
much = settings(max_examples=300, deadline=None)


@much
@given(people(), kinds, amounts, days, st.integers(0, 10 ** 7))
def test_nobody_may_ask_for_more_than_there_is(known, kind, amount, treated_on, bill):
    verdict = judge(kind, known, RULES, treated_on=treated_on, receipt_total=bill, amount=amount)
    if KINDS[kind].is_savings:
        assert 0 <= verdict.most <= known.balance
        assert not verdict.is_eligible or (
            0 < verdict.most <= known.credited - known.taken - known.reserved)
    if verdict.may_be_sent:
        assert 0 < amount <= verdict.most
        assert kind not in known.open_kinds
        assert KINDS[kind].by_heirs or not known.is_dead


@much
@given(people(), kinds, st.integers(0, 9000))
def test_whoever_may_claim_today_may_later_if_nothing_changes(known, kind, later):
    # All that a verdict says without what is typed depends on time in one direction only.
    if judge(kind, known, RULES).is_eligible:
        future = replace(known, today=known.today + timedelta(days=later))
        assert judge(kind, future, RULES).is_eligible


@much
@given(people(), kinds)
def test_the_day_that_is_promised_is_the_first_one(known, kind):
    opens_on = judge(kind, known, RULES).opens_on
    if opens_on is None:
        return
    assert opens_on > known.today
    assert judge(kind, replace(known, today=opens_on), RULES).is_eligible
    before = replace(known, today=opens_on - timedelta(days=1))
    assert not judge(kind, before, RULES).is_eligible


@much
@given(people(), kinds)
def test_each_condition_says_who_or_when_and_only_then(known, kind):
    verdict = judge(kind, known, RULES)
    for condition in verdict.conditions:
        assert condition.words
        assert condition.is_met != bool(condition.advice)
        assert (condition.waits_for == TIME) == bool(condition.from_date)
    assert len({one.code for one in verdict.conditions}) == len(verdict.conditions)


@much
@given(people())
def test_the_limits_rise_with_the_balance_only(known):
    verdicts = {kind: judge(kind, known, RULES, amount=1) for kind in KINDS}
    needs = {verdict.needs_interview for verdict in verdicts.values() if verdict.kind.is_savings}
    assert needs == {known.balance > 15_000_000}
    assert all(one.needs_second >= one.needs_interview for one in verdicts.values())
    if known.partial_on:
        assert not any(verdicts[kind].is_eligible for kind in PARTIAL)


@pytest.mark.parametrize("kind", ["JHT-PSN", "JHT-RSG", "JHT-CTT"])
def test_two_claims_together_never_ask_for_more_than_the_balance(kind):
    known = Facts(today=date(2026, 11, 22), birth_date=date(1960, 1, 1), credited=999,
                  memberships=(left("RSG", date(2020, 1, 1)),), as_of=date(2026, 1, 1))
    first = judge(kind, known, RULES, amount=600).most
    second = judge("JHT-LNG", replace(known, reserved=600), RULES).most
    assert (first, second) == (999, 399)
