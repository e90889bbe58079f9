"""Whether an address is somebody's already."""

from webapp.models.messages import SMS
from webapp.models.people import User


def has_account(channel, address):
    """Whether an account has this phone or e-mail, whoever's and in whatever state it is.

    :param address: None for none.
    """
    proven = User.phone if channel == SMS else User.email
    return address is not None and User.select().where(proven.matches(address)).exists()
