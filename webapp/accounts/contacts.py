"""The addresses accounts have: whose one is, and how it may be shown."""

from webapp.formats import mask_email, mask_phone
from webapp.models.messages import EMAIL, SMS
from webapp.models.people import User
from webapp.prepared import prepared

_MASKS = {SMS: mask_phone, EMAIL: mask_email}


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
    sealed, owner = _PROVEN[channel]
    return owner.one(sealed.digest(address))


def other_owner_of(user, channel, address):
    """The same, if it is another account than this one."""
    owner = owner_of(channel, address)
    return None if owner == user else owner


# Prepared: a row takes hardly longer than none, and time tells nobody that there is an account.

@prepared
def _owner_of_phone(digest):
    return User.select().where(User.phone_index == digest)


@prepared
def _owner_of_email(digest):
    return User.select().where(User.email_index == digest)


_PROVEN = {SMS: (User.phone, _owner_of_phone), EMAIL: (User.email, _owner_of_email)}
