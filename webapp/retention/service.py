"""Forgetting what is due."""

from webapp.clock import day_of
from webapp.parameters import rules_on
from webapp.retention.rules import all_rules


def tidy(now):
    """Forget what is found at once; every hour. Returns how many of each, by the rule's name."""
    return {rule.name: rule.forget(now) for rule in _rules(now) if not rule.is_slow}


def forget(now):
    """Forget all that is due; once a day. Returns how many of each, by the rule's name."""
    return {rule.name: rule.forget(now) for rule in _rules(now)}


def due(now):
    """Every rule with how much is due by it: pairs."""
    return [(rule, rule.due(now).count()) for rule in _rules(now)]


def _rules(now):
    return all_rules(rules_on(day_of(now)))
