"""Whose an address is already."""

from webapp.models.messages import SMS
from webapp.models.people import User


def has_account(channel, address):
    """Whether an account has this phone or e-mail, whoever's and in whatever state it is.

    :param address: None for none.
    """
    return address is not None and account_with(channel, address) is not None


def account_with(channel, address):
    """The ``User`` whose proven phone or e-mail this is, in whatever state it is; or None."""
    proven = User.phone if channel == SMS else User.email
    return User.get_or_none(proven.matches(address))
