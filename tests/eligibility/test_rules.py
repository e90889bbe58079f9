"""Every boundary of rules §2 as a table."""

from datetime import date

import pytest

from tests.eligibility.asking import BEGAN, TODAY, asked, facts, left, on, rules, working
from webapp.claims.states import MOVES
from webapp.eligibility.conditions import JUST_WAIT
from webapp.eligibility.judging import CONDITIONS, as_record, judge
from webapp.eligibility.kinds import KINDS, ON_AN_END
from webapp.eligibility.question import BRANCH, COMPANY, TIME, WORKER
from webapp.models import claims
from webapp.models.deactivations import DISPUTED, SCHEDULED
from webapp.papers.kinds import KINDS as PAPERS

TREATED = {"treated_on": date(2026, 11, 2), "receipt_total": 400_000, "amount": 400_000}


def unmet(verdict):
    """Code → whom it awaits, of what is not met."""
    return {condition.code: condition.waits_for for condition in verdict.unmet}


def test_every_kind_of_the_table_has_conditions_papers_and_a_place_in_the_schema():
    assert tuple(KINDS) == tuple(CONDITIONS) == claims.KINDS
    assert set(MOVES) == set(claims.CLAIM_STATES)
    for kind in KINDS.values():
        assert set(kind.papers + kind.other_papers) <= set(PAPERS)
        assert not set(kind.papers) & set(kind.other_papers)
    for code in ON_AN_END:
        assert KINDS[code].reasons


@pytest.mark.parametrize(("treated_on", "covered"), [
    (date(2021, 4, 30), False), (date(2021, 5, 1), True),       # its first day
    (date(2026, 10, 31), True), (date(2026, 11, 1), False)])    # its last day, and the day after
@pytest.mark.parametrize("kind", ["MED", "OBT"])
def test_treatment_falls_on_a_day_of_membership(kind, treated_on, covered):
    known = facts(left("RSG", date(2026, 10, 31)))
    verdict = asked(kind, known, **TREATED | {"treated_on": treated_on})
    assert verdict.may_be_sent is covered
    assert verdict.membership_id == (1 if covered else None)
    assert verdict.deactivation_id is None
    assert unmet(verdict) == ({} if covered else {"insured": WORKER})


@pytest.mark.parametrize(("treated_on", "may"), [
    (TODAY, True), (date(2026, 11, 23), False)])
def test_treatment_is_not_ahead(treated_on, may):
    verdict = asked("MED", facts(working()), **TREATED | {"treated_on": treated_on})
    assert verdict.is_eligible is may
    assert "belum tiba" in " ".join(one.words for one in verdict.unmet) or may


def test_an_end_that_is_disputed_keeps_treatment_after_it_waiting():
    known = facts(left("RSG", date(2026, 10, 31), state=DISPUTED))
    assert unmet(asked("MED", known, **TREATED)) == {"insured": BRANCH}
    earlier = TREATED | {"treated_on": date(2026, 10, 31)}
    assert asked("MED", known, **earlier).is_eligible


@pytest.mark.parametrize(("amount", "receipt_total", "wrong"), [
    (1, 1, {}), (400_000, 400_000, {}), (400_001, 400_000, {"amount": WORKER}),
    (0, 400_000, {"amount": WORKER}), (-1, 400_000, {"amount": WORKER}),
    (1, 0, {"receipt": WORKER, "amount": WORKER})])
def test_costs_are_more_than_nothing_and_at_most_the_bill(amount, receipt_total, wrong):
    verdict = asked("MED", facts(working()), treated_on=TODAY, receipt_total=receipt_total,
                    amount=amount)
    assert unmet(verdict) == wrong
    assert verdict.most == receipt_total


def test_costs_need_no_savings_and_savings_no_membership():
    assert asked("MED", facts(working(), credited=None), **TREATED).may_be_sent
    assert asked("JHT-PSN", facts(born=date(1960, 1, 1)), amount=5_000_000).may_be_sent


def test_what_was_not_typed_yet_is_not_judged_and_is_named():
    verdict = asked("MED", facts(working()))
    assert verdict.is_eligible
    assert not verdict.may_be_sent
    assert verdict.lacks == ("treated_on", "receipt_total", "amount")
    assert asked("LAIN", facts(working())).lacks == ("amount",)


@pytest.mark.parametrize(("membership", "may"), [
    (working(), True), (left("MUT", date(2020, 1, 1)), True), (left("SLH", TODAY), False)])
def test_other_needs_want_a_membership_of_now_or_before(membership, may):
    assert asked("LAIN", facts(membership), amount=1).is_eligible is may
    assert not asked("LAIN", facts(), amount=1).is_eligible


@pytest.mark.parametrize(("born", "may", "opens_on"), [
    (date(1970, 11, 22), True, None),                       # the 56th birthday is today
    (date(1970, 11, 23), False, date(2026, 11, 23)),
    (date(1990, 8, 5), False, date(2046, 8, 5))])
def test_pension_savings_open_on_the_birthday(born, may, opens_on):
    verdict = asked("JHT-PSN", facts(working(), born=born))
    assert (verdict.is_eligible, verdict.opens_on) == (may, opens_on)


@pytest.mark.parametrize(("today", "age", "may"), [
    (date(2024, 2, 28), 56, False), (date(2024, 2, 29), 56, True),
    (date(2025, 2, 28), 57, False), (date(2025, 3, 1), 57, True)])
def test_those_of_29_february_have_their_birthday_on_1_march(today, age, may):
    values = rules(today, **{"claim.pension_age": age})
    known = facts(born=date(1968, 2, 29), today=today)
    assert judge("JHT-PSN", known, values).is_eligible is may


@pytest.mark.parametrize(("kind", "reason", "last_day", "opens_on"), [
    ("JHT-RSG", "RSG", date(2025, 1, 31), date(2025, 2, 28)),
    ("JHT-RSG", "RSG", date(2024, 1, 31), date(2024, 2, 29)),
    ("JHT-RSG", "RSG", date(2025, 3, 31), date(2025, 4, 30)),
    ("JHT-RSG", "RSG", date(2025, 2, 28), date(2025, 3, 28)),
    ("JHT-RSG", "RSG", date(2025, 12, 15), date(2026, 1, 15)),
    ("JHT-PHK", "PHK", date(2025, 1, 31), date(2025, 2, 28)),
    ("JHT-PHK", "TTP", date(2025, 1, 31), date(2025, 2, 28)),
    ("JHT-PKW", "PKW", date(2025, 1, 31), date(2025, 2, 1)),
    ("JHT-LNG", "LNG", date(2025, 1, 31), date(2025, 2, 1)),
])
def test_savings_open_on_the_day_of_the_rule(kind, reason, last_day, opens_on):
    known = facts(left(reason, last_day), today=last_day)
    verdict = asked(kind, known)
    assert (verdict.is_eligible, verdict.opens_on) == (False, opens_on)
    assert set(unmet(verdict).values()) == {TIME}
    day_before = date.fromordinal(opens_on.toordinal() - 1)
    assert not asked(kind, on(day_before, known)).is_eligible
    opened = asked(kind, on(opens_on, known))
    assert opened.is_eligible
    assert (opened.deactivation_id, opened.membership_id) == (101, 1)
    assert opened.most == 5_000_000


REASONS = ("RSG", "PKW", "PHK", "PSN", "CTT", "MGL", "LNG", "MUT", "TTP", "SLH")


@pytest.mark.parametrize("kind", ["JHT-RSG", "JHT-PHK", "JHT-PKW", "JHT-LNG"])
@pytest.mark.parametrize("reason", REASONS)
def test_only_the_ends_of_its_reasons_open_a_kind(kind, reason):
    opening = {"JHT-RSG": {"RSG"}, "JHT-PHK": {"PHK", "TTP"}, "JHT-PKW": {"PKW"},
               "JHT-LNG": {"LNG"}}[kind]
    verdict = asked(kind, facts(left(reason, date(2024, 1, 1))))
    assert verdict.is_eligible is (reason in opening)
    if reason not in opening:
        assert unmet(verdict)["ended"] == COMPANY
        assert verdict.deactivation_id is None


@pytest.mark.parametrize("kind", ["JHT-RSG", "JHT-PHK", "JHT-PKW"])
def test_whoever_still_works_somewhere_waits_for_that_company(kind):
    reason = kind[-3:]
    known = facts(left(reason, date(2024, 1, 1)), working(number=2, company="PT Lain"))
    verdict = asked(kind, known)
    assert unmet(verdict) == {"not working": COMPANY}
    assert "PT Lain" in verdict.unmet[0].words
    assert verdict.opens_on is None


def test_leaving_the_country_asks_nothing_about_other_work():
    assert asked("JHT-LNG", facts(left("LNG", date(2024, 1, 1)), working(number=2))).is_eligible


def test_a_scheduled_end_waits_for_its_day():
    known = facts(left("RSG", date(2026, 12, 10), state=SCHEDULED))
    verdict = asked("JHT-RSG", known)
    assert unmet(verdict) == {"ended": TIME, "not working": TIME, "waited": TIME}
    assert verdict.opens_on == date(2027, 1, 10)
    assert all(JUST_WAIT in one.advice for one in verdict.unmet)


def test_other_work_that_ends_soon_is_waited_for():
    known = facts(left("PKW", date(2024, 1, 1)),
                  left("MUT", date(2026, 12, 10), state=SCHEDULED, number=2))
    assert asked("JHT-PKW", known).opens_on == date(2026, 12, 11)


def test_a_disputed_end_keeps_the_claim_waiting_for_the_branch():
    verdict = asked("JHT-RSG", facts(left("RSG", date(2024, 1, 1), state=DISPUTED)))
    assert unmet(verdict) == {"ended": BRANCH}
    assert verdict.opens_on is None
    also = facts(left("RSG", date(2024, 1, 1)),
                 left("MUT", date(2024, 6, 1), state=DISPUTED, number=2, company="PT Lain"))
    assert unmet(asked("JHT-RSG", also)) == {"not working": BRANCH}


def test_of_two_ends_the_one_that_is_open_already_counts():
    known = facts(left("RSG", date(2024, 1, 1)), left("RSG", date(2026, 11, 20), number=2))
    verdict = asked("JHT-RSG", known)
    assert verdict.is_eligible
    assert verdict.deactivation_id == 101
    newer = facts(left("RSG", date(2020, 1, 1)), left("RSG", date(2024, 1, 1), number=2),
                  left("RSG", date(2025, 1, 1), number=3, state=DISPUTED))
    assert asked("JHT-PKW", newer).deactivation_id is None
    assert asked("JHT-RSG", newer).deactivation_id == 102


def test_a_membership_entered_by_mistake_is_none():
    mistaken = left("SLH", date(2026, 1, 1), began=date(2001, 1, 1), number=2)
    assert asked("JHT-RSG", facts(left("RSG", date(2024, 1, 1)), mistaken)).is_eligible
    assert "years" in unmet(asked("JHT-S10", facts(mistaken)))
    assert "insured" in unmet(asked("MED", facts(mistaken), **TREATED))


def test_a_lasting_disability_needs_the_doctors_letter_and_no_end():
    verdict = asked("JHT-CTT", facts(working()))
    assert verdict.is_eligible
    assert "SURAT_DOKTER" in verdict.papers
    assert verdict.deactivation_id is None


def test_a_recorded_death_freezes_ones_own_claims_and_opens_the_heirs():
    known = facts(left("MGL", TODAY), born=date(1960, 1, 1))
    for code, kind in KINDS.items():
        verdict = asked(code, known)
        assert ("frozen" in unmet(verdict)) is not kind.by_heirs
    heirs = asked("JHT-MGL", known)
    assert heirs.is_eligible
    assert heirs.deactivation_id == 101
    assert {"AKTA_KEMATIAN", "AHLI_WARIS", "KTP_AW"} <= set(heirs.papers)


@pytest.mark.parametrize(("membership", "waits"), [
    (working(), BRANCH), (left("MGL", TODAY, state=DISPUTED), BRANCH),
    (left("MGL", date(2026, 11, 23), state=SCHEDULED), TIME)])
def test_heirs_wait_for_the_death_on_record(membership, waits):
    assert unmet(asked("JHT-MGL", facts(membership))) == {"death": waits}


def test_a_worker_reads_that_heirs_claim_at_the_branch():
    words = asked("JHT-MGL", facts(working())).unmet[0]
    assert words.words == "Pencairan ini diajukan ahli waris di kantor cabang."


@pytest.mark.parametrize(("began", "may", "opens_on"), [
    (date(2016, 11, 22), True, None),                       # ten years today
    (date(2016, 11, 23), False, date(2026, 11, 23)),        # 9 years and 364 days
    (date(2024, 2, 29), False, date(2034, 3, 1))])
@pytest.mark.parametrize("kind", ["JHT-S10", "JHT-S30"])
def test_a_part_wants_ten_years(kind, began, may, opens_on):
    verdict = asked(kind, facts(working(began)))
    assert (verdict.is_eligible, verdict.opens_on) == (may, opens_on)
    if began == date(2016, 11, 23):
        assert "9 tahun 364 hari" in verdict.unmet[0].words


@pytest.mark.parametrize(("kind", "credited", "most"), [
    ("JHT-S10", 10_000_000, 1_000_000), ("JHT-S10", 9_999_999, 999_999),
    ("JHT-S30", 10_000_000, 3_000_000), ("JHT-S30", 9_999_999, 2_999_999)])
def test_a_part_is_at_most_its_share_rounded_down(kind, credited, most):
    known = facts(working(date(2010, 1, 1)), credited=credited)
    assert asked(kind, known, amount=most).may_be_sent
    assert asked(kind, known).most == most
    assert unmet(asked(kind, known, amount=most + 1)) == {"amount": WORKER}


def test_a_part_is_taken_once_in_a_life():
    known = facts(working(date(2010, 1, 1)), partial_on=date(2019, 3, 1))
    verdict = asked("JHT-S10", known)
    assert unmet(verdict) == {"first part": ""}
    assert verdict.opens_on is None
    asking = facts(working(date(2010, 1, 1)), open_kinds=frozenset({"JHT-S10"}), reserved=1)
    assert unmet(asked("JHT-S30", asking)) == {"first part": BRANCH}
    assert unmet(asked("JHT-S10", asking)) == {"running": BRANCH}


def test_a_home_wants_its_document():
    assert "DOK_RUMAH" in asked("JHT-S30", facts()).papers
    assert "DOK_RUMAH" not in asked("JHT-S10", facts()).papers


@pytest.mark.parametrize(("more", "words"), [
    ({"credited": None}, "belum tercatat"), ({"credited": 0}, "Rp0"),
    ({"taken": 5_000_000}, "sudah dicairkan semua"),
    ({"reserved": 5_000_000}, "sedang diajukan di pencairan lain")])
@pytest.mark.parametrize("kind", ["JHT-PSN", "JHT-CTT"])
def test_without_savings_there_is_nothing_to_claim(kind, more, words):
    verdict = asked(kind, facts(born=date(1960, 1, 1), **more))
    assert unmet(verdict) == {"savings": BRANCH}
    assert words in verdict.unmet[0].words


def test_what_other_claims_ask_for_is_not_there_twice():
    known = facts(born=date(1960, 1, 1), reserved=2_000_000)
    assert asked("JHT-PSN", known).most == 3_000_000
    assert unmet(asked("JHT-PSN", known, amount=3_000_001)) == {"amount": WORKER}


@pytest.mark.parametrize("kind", tuple(KINDS))
def test_one_open_claim_of_a_kind(kind):
    known = facts(working(), open_kinds=frozenset({kind}))
    assert unmet(asked(kind, known))["running"] == BRANCH


@pytest.mark.parametrize(("today", "credited", "needs"), [
    (TODAY, 15_000_000, False), (TODAY, 15_000_001, True),
    (date(2025, 4, 30), 10_000_000, False), (date(2025, 4, 30), 10_000_001, True),
    (date(2025, 5, 1), 10_000_001, False), (date(2025, 5, 1), 15_000_001, True)])
def test_above_the_limit_of_its_day_an_interview_and_a_second_person(today, credited, needs):
    known = facts(born=date(1960, 1, 1), credited=credited, today=today)
    verdict = asked("JHT-PSN", known)
    assert (verdict.needs_interview, verdict.needs_second) == (needs, needs)
    part = asked("JHT-S10", facts(working(date(2001, 1, 1)), credited=credited, today=today))
    assert (part.needs_interview, part.needs_second) == (needs, needs)


def test_what_was_taken_counts_no_more_for_the_limit_but_what_is_asked_for_does():
    known = facts(born=date(1960, 1, 1), credited=20_000_000, taken=5_000_000)
    assert not asked("JHT-PSN", known).needs_interview
    known = facts(born=date(1960, 1, 1), credited=20_000_000, reserved=5_000_000)
    assert asked("JHT-PSN", known).needs_interview


@pytest.mark.parametrize(("amount", "needs"), [(5_000_000, False), (5_000_001, True)])
@pytest.mark.parametrize("kind", ["MED", "OBT", "LAIN"])
def test_entered_amounts_above_five_million_need_two_people_and_no_interview(kind, amount, needs):
    known = facts(working(), credited=90_000_000)
    verdict = asked(kind, known, treated_on=TODAY, receipt_total=9_000_000, amount=amount)
    assert (verdict.needs_second, verdict.needs_interview) == (needs, False)


@pytest.mark.parametrize(("credited", "more", "wanted"), [
    (50_000_000, {}, False), (50_000_001, {}, True),
    (50_000_001, {"taken": 1}, False), (1_000, {"partial_on": date(2019, 3, 1)}, True)])
def test_npwp_above_fifty_million_or_after_a_part(credited, more, wanted):
    known = facts(born=date(1960, 1, 1), credited=credited, **more)
    assert ("NPWP" in asked("JHT-PSN", known).papers) is wanted
    assert "NPWP" not in asked("MED", known).papers


def test_a_decision_records_the_values_it_used():
    known, used = facts(left("RSG", date(2026, 10, 1))), rules()
    record = as_record(judge("JHT-RSG", known, used, amount=5_000_000), known, used)
    assert record["rules"]["claim.wait_months"] == 1
    assert record["rules"]["claim.self_service_max_rupiah"] == 15_000_000
    assert "claim.pension_age" not in record["rules"]
    assert record["most"] == record["credited"] == 5_000_000
    assert record["unmet"] == []
    assert record["on"] == "2026-11-22"


def test_every_unmet_condition_says_what_to_do_in_short_sentences():
    people = [facts(), facts(working(), credited=0),
              facts(left("RSG", date(2026, 11, 1), state=DISPUTED), credited=None),
              facts(left("PKW", TODAY), open_kinds=frozenset(KINDS)),
              facts(left("MGL", TODAY, state=DISPUTED)),
              facts(working(date(2018, 1, 1)), partial_on=BEGAN)]
    said = [condition for known in people for kind in KINDS
            for condition in asked(kind, known, **TREATED).conditions]
    for condition in said:
        sentences = f"{condition.words} {condition.advice}".replace("PT Maju", "X").split(". ")
        assert all(len(sentence.split()) < 20 for sentence in sentences), condition
        assert condition.words.endswith(".")
        assert condition.is_met or condition.advice
        assert (condition.waits_for == TIME) == (condition.from_date is not None)
