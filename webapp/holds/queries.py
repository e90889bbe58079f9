"""To whom nothing is paid now, and until when."""

from datetime import timedelta

from webapp import vault
from webapp.clock import day_of
from webapp.models.claims import Hold
from webapp.models.people import User
from webapp.parameters import rules_on


def wait_of(now):
    """How long payouts wait after a change, a ``timedelta``: rules §4."""
    return timedelta(hours=rules_on(day_of(now))["claim.hold_hours"])


def held_until(user, now):
    """From when on something may be paid to this person, or None where it may be now.

    A stop has no end of its own: see ``is_stopped``.
    """
    ends = [hold.until for hold in Hold.select().where(Hold.user == user, _is_running(now))]
    changed = (user.phone_changed_at, user.email_changed_at)
    ends += [moment + wait_of(now) for moment in changed if moment]
    return max((end for end in ends if end > now), default=None)


def is_stopped(user):
    """Whether somebody stopped this person's payouts, and the branch has not met the person yet."""
    return Hold.select().where(Hold.user == user, is_standing_stop()).exists()


def held_users(now):
    """A query of the numbers of all users to whom nothing may be paid now.

    Contacts that were changed at the branch, which begins no hold, count like any other change.
    """
    lately = now - wait_of(now)
    return (Hold.select(Hold.user).where(_is_running(now) | is_standing_stop())
            | User.select(User.id).where((User.phone_changed_at > lately)
                                         | (User.email_changed_at > lately)))


def is_standing_stop():
    """The condition that a hold was stopped and not lifted."""
    return Hold.stopped_at.is_null(False) & Hold.lifted_at.is_null()


def hold_with(number):
    """The hold that this code stops, with its user; or None."""
    return (Hold.select(Hold, User).join(User, on=(Hold.user == User.id))
            .where(Hold.stop_index == stop_index(number)).first())


def holds_of(user):
    """Every hold of a person, the oldest first."""
    return Hold.select().where(Hold.user == user).order_by(Hold.id)


def stop_index(number):
    """By which a hold is found: the keyed digest of its code."""
    return vault.current().index(number, "hold.stop")


def _is_running(now):
    return (Hold.until > now) & Hold.lifted_at.is_null()
