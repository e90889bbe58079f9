"""Forgetting what is due."""

import logging

from webapp import db, faults
from webapp.clock import day_of
from webapp.parameters import rules_on
from webapp.retention.rules import all_rules

logger = logging.getLogger(__name__)


class NotForgotten(Exception):
    """Some rules could not be followed; all the others were. Its text names them."""


def tidy(now):
    """Forget what is found at once; every hour. Returns how many of each, by the rule's name.

    :raises NotForgotten: at the end.
    """
    return _follow([rule for rule in _rules(now) if not rule.is_slow], now)


def forget(now):
    """Forget all that is due; once a day. Returns how many of each, by the rule's name.

    :raises NotForgotten: at the end.
    """
    return _follow(_rules(now), now)


def due(now):
    """Every rule with how much is due by it: pairs."""
    return [(rule, rule.due(now).count()) for rule in _rules(now)]


def _follow(rules, now):
    """Each rule by itself: what one stumbles over does not keep the others' data."""
    counts, problems = {}, {}
    for rule in rules:
        try:
            db.ensure_connection()
            counts[rule.name] = rule.forget(now)
        except Exception as problem:
            logger.error("rule %s failed: %s", rule.name, faults.described(problem))
            problems[rule.name] = problem
            db.drop_connection()
    if problems:
        raise NotForgotten(", ".join(problems)) from next(iter(problems.values()))
    return counts


def _rules(now):
    return all_rules(rules_on(day_of(now)))
