"""Who of a company's workers has had no contributions for months: perhaps they have left."""

from peewee import fn

from webapp.models.deactivations import STANDING, Deactivation
from webapp.models.workers import ACTIVE, Membership
from webapp.months import unpaid_since
from webapp.parameters import rules_on
from webapp.workers.queries import memberships_of

MOST_COUNTED = 999     # where it is only a hint; the radar itself counts all


def unpaid_at(company, until):
    """Active memberships, with their workers, whose last paid month is ``until`` or an earlier one;
    but for those whose end is filed. Of whom no month is known nothing can be said.

    :param until: as ``months.unpaid_since`` gives it.
    """
    is_ending = Deactivation.select().where(Deactivation.membership == Membership.id,
                                            Deactivation.state << STANDING)
    return memberships_of(company).where(
        Membership.status == ACTIVE, Membership.contributed_until <= until,
        ~fn.EXISTS(is_ending))


def is_anybody_paid(company, until):
    """Whether some worker is paid for later than that. Where nobody is, it is the company that has
    not paid: that tells nothing about who left."""
    return _paid_beyond(company, until).exists()


def _paid_beyond(company, until):
    paid = Membership.alias()
    return paid.select().where(paid.company == company, paid.status == ACTIVE,
                               paid.contributed_until > until)


def count_unpaid(company, today):
    """How many are on the radar, counted no further than one beyond ``MOST_COUNTED``; 0 where it
    is the company that has not paid."""
    until = unpaid_since(today, rules_on(today)["radar.months"])
    return (unpaid_at(company, until).where(fn.EXISTS(_paid_beyond(company, until)))
            .limit(MOST_COUNTED + 1).count())


def chosen_of(unpaid, *, ticked, left_out):
    """Those of the radar that a clerk wants in a list, in order of name.

    :param ticked: public ids, or None for all that were not left out.
    :param left_out: public ids of those shown and not ticked.
    """
    wanted = (Membership.public_id.not_in(list(left_out)) if ticked is None
              else Membership.public_id << list(ticked))
    return unpaid.where(wanted).order_by(Membership.name_key, Membership.id)
