"""Judging a claim as it stands, with what was found to be kept on record."""

import json
from dataclasses import dataclass

from webapp.eligibility.facts import facts_of
from webapp.eligibility.judging import Verdict, as_record, judge
from webapp.eligibility.question import Facts
from webapp.parameters import Rules, rules_on


@dataclass(frozen=True)
class Judgement:
    """A ``Verdict`` with what it was made of; and the one without what the person typed."""

    standing: Verdict
    verdict: Verdict
    facts: Facts
    rules: Rules

    @property
    def record(self):
        """What ``Claim.parameters`` keeps of it, a dict."""
        return as_record(self.verdict, self.facts, self.rules)


def judged(claim, today, **changes):
    """Judge a claim on a day, its own amount not counted against it.

    :param claim: with its worker.
    :param changes: treated_on, receipt_total, amount, where they shall be other than they are.
    """
    facts, rules = facts_of(claim.worker, today, without=claim), rules_on(today)
    said = {"treated_on": claim.treated_on, "receipt_total": claim.receipt_total,
            "amount": claim.amount} | changes
    return Judgement(judge(claim.kind, facts, rules), judge(claim.kind, facts, rules, **said),
                     facts, rules)


def all_kinds_judged(worker, today, codes):
    """What stands against each kind today: dict of ``Verdict`` by code."""
    facts, rules = facts_of(worker, today), rules_on(today)
    return {code: judge(code, facts, rules) for code in codes}


def with_record(claim, act, record):
    """``Claim.parameters`` with what one more act rested on, as JSON.

    :param act: "sent", "corrected", "approved" …; the last of each stays.
    """
    return json.dumps(json.loads(claim.parameters) | {act: record}, sort_keys=True)
