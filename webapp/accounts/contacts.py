"""The addresses accounts have: whose one is, and how it may be shown."""

from webapp.formats import mask_email, mask_phone
from webapp.models.messages import EMAIL, SMS
from webapp.models.people import User

_MASKS = {SMS: mask_phone, EMAIL: mask_email}
_PROVEN = {SMS: User.phone, EMAIL: User.email}


def mask(channel, address):
    """An address as it may be shown, and stand in a record.

    :param channel: ``sms`` or ``email``.
    """
    return _MASKS[channel](address)


def owner_of(channel, address):
    """The ``User`` whose proven phone or e-mail this is, in whatever state it is; or None.

    :param address: None for none.
    """
    if address is None:
        return None
    # Not get_or_none, which takes longer to say that there is none.
    return User.select().where(_PROVEN[channel].matches(address)).first()


def other_owner_of(user, channel, address):
    """The same, if it is another account than this one."""
    owner = owner_of(channel, address)
    return None if owner == user else owner
