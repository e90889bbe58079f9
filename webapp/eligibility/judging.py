"""Whether a claim can be made on a day, as the page, the submission and the reviewer all judge it.

Pure: the facts are an argument (``facts.facts_of`` reads them), so are the parameters. Every rule
of rules §2 is one line of ``CONDITIONS``.
"""

from dataclasses import dataclass

from webapp.eligibility import conditions as must
from webapp.eligibility.kinds import KINDS, Kind
from webapp.eligibility.question import TIME, Condition, Facts, Question, Service
from webapp.papers.kinds import NPWP

__all__ = ["CONDITIONS", "Condition", "Facts", "Service", "Verdict", "as_record", "judge"]

_ALWAYS = (must.not_frozen, must.one_at_a_time)
_TREATMENT = (must.insured_then, must.receipt, must.amount)
_SAVINGS = (must.has_savings, must.amount)
_AFTER_A_MONTH = (must.ended, must.not_working, must.waited)

CONDITIONS = {
    "MED": (*_ALWAYS, *_TREATMENT),
    "OBT": (*_ALWAYS, *_TREATMENT),
    "LAIN": (*_ALWAYS, must.ever_insured, must.amount),     # how long the reason is: the form
    "JHT-PSN": (*_ALWAYS, must.pension_age, *_SAVINGS),
    "JHT-RSG": (*_ALWAYS, *_AFTER_A_MONTH, *_SAVINGS),
    "JHT-PHK": (*_ALWAYS, *_AFTER_A_MONTH, *_SAVINGS),
    "JHT-PKW": (*_ALWAYS, must.ended, must.not_working, *_SAVINGS),
    "JHT-LNG": (*_ALWAYS, must.ended, *_SAVINGS),
    "JHT-CTT": (*_ALWAYS, must.doctors_letter, *_SAVINGS),
    "JHT-MGL": (*_ALWAYS, must.death_recorded, *_SAVINGS),
    "JHT-S10": (*_ALWAYS, must.long_enough, must.first_part, *_SAVINGS),
    "JHT-S30": (*_ALWAYS, must.long_enough, must.first_part, must.housing_document, *_SAVINGS),
}


@dataclass(frozen=True)
class Verdict:
    """What was found about one kind of claim.

    ``most`` is the most that can be asked for in rupiah; None while nothing bounds it. ``lacks``
    names what was not typed yet: nothing was judged about it.
    """

    kind: Kind
    conditions: tuple
    most: int | None
    deactivation_id: int | None
    membership_id: int | None
    needs_interview: bool
    needs_second: bool
    papers: tuple
    lacks: tuple = ()

    @property
    def is_eligible(self):
        """Whether every condition is met, as far as things were said."""
        return all(condition.is_met for condition in self.conditions)

    @property
    def may_be_sent(self):
        """Whether every condition is met and everything was said."""
        return self.is_eligible and not self.lacks

    @property
    def unmet(self):
        """The conditions that are not met, a tuple."""
        return tuple(condition for condition in self.conditions if not condition.is_met)

    @property
    def opens_on(self):
        """The day from which all will be met, if only time is missing; else None."""
        if not self.unmet or any(condition.waits_for != TIME for condition in self.unmet):
            return None
        return max(condition.from_date for condition in self.unmet)


def judge(kind_code, facts, rules, *, treated_on=None, receipt_total=None, amount=None):
    """What rules §2 say about one kind of claim.

    What was not typed yet (None) is not judged: such a verdict is for showing the conditions.

    :param kind_code: of ``kinds.KINDS``.
    :param facts: ``Facts`` of the person today.
    :param rules: the parameters in force (``webapp.parameters.Rules``).
    :param treated_on: :param receipt_total: of MED and OBT; rupiah.
    :param amount: what is asked for, in rupiah.
    """
    kind = KINDS[kind_code]
    question = Question(kind, facts, rules, treated_on, receipt_total, amount)
    found = (condition(question) for condition in CONDITIONS[kind_code])
    basis = question.basis
    return Verdict(
        kind=kind, conditions=tuple(condition for condition in found if condition),
        most=question.most, deactivation_id=basis and _end_of(basis, kind),
        membership_id=basis and basis.membership_id, needs_interview=_needs_interview(question),
        needs_second=_needs_second(question), papers=_papers(question), lacks=_lacks(question))


def as_record(verdict, facts, rules):
    """What a decision rests on, as ``Claim.parameters`` keeps it: JSON values, nothing personal but
    the amounts.

    :param rules: those that the verdict was made with.
    """
    return {
        "on": facts.today.isoformat(), "kind": verdict.kind.code, "rules": dict(rules.used),
        "credited": facts.credited, "taken": facts.taken, "reserved": facts.reserved,
        "as_of": facts.as_of and facts.as_of.isoformat(), "most": verdict.most,
        "met": [condition.code for condition in verdict.conditions if condition.is_met],
        "unmet": [condition.code for condition in verdict.unmet],
        "interview": verdict.needs_interview, "second": verdict.needs_second,
        "papers": list(verdict.papers),
    }


def _end_of(service, kind):
    """The end a claim rests on; of a treatment it does not matter how the membership ended."""
    return service.deactivation_id if kind.is_savings else None


def _needs_interview(question):
    limit = question.rules["claim.self_service_max_rupiah"]
    return question.kind.is_savings and question.facts.balance > limit


def _needs_second(question):
    limit = question.rules["claim.second_person_above_rupiah"]
    return (_needs_interview(question)
            or question.kind.is_entered and (question.amount or 0) > limit)


def _papers(question):
    """The codes of the papers that must be there."""
    facts, papers = question.facts, question.kind.papers
    if question.kind.is_savings and (facts.balance > question.rules["claim.npwp_above_rupiah"]
                                     or facts.partial_on):
        return (*papers, NPWP)
    return papers


def _lacks(question):
    wanted = {"MED": ("treated_on", "receipt_total"), "OBT": ("treated_on", "receipt_total")}
    return tuple(name for name in (*wanted.get(question.kind.code, ()), "amount")
                 if getattr(question, name) is None)
