"""How far somebody's draft is, with all that it rests on read."""

from webapp.deactivation.last_day import last_day_fault
from webapp.parameters import rules_on
from webapp.switch.progress import CHECK, open_steps
from webapp.switch.queries import ending_of
from webapp.switch.words import REASONS


def undone_pages(switch, user, today, ending=None):
    """The pages of a draft that are not done, in their order.

    :param user: whose it is: where they live is theirs, not the switch's.
    """
    rules = rules_on(today)
    return open_steps(switch, ending or ending_of(switch), today, rules,
                      is_leaving_said=is_leaving_said(switch, user, today, rules))


def next_page(switch, user, today):
    """Where a draft is gone on with."""
    return next(iter(undone_pages(switch, user, today)), CHECK)


def is_leaving_said(switch, user, today, rules):
    """Whether reason and last day stand and still fit, and it is known where the person lives."""
    return bool(switch.last_day and user.address and switch.reason in REASONS
                and last_day_fault(switch.last_day, started_on=switch.membership.started_on,
                                   name="Anda", today=today, rules=rules) is None)
