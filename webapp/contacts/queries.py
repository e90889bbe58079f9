"""What changing a contact asks."""

from datetime import timedelta

from webapp.contacts.kinds import MAIL, PHONE

# Rules §4: what was changed within 72 hours authorises nothing that cannot be taken back.
SETTLED_AFTER = timedelta(hours=72)


def settled_channels(user, now):
    """The proven ways to reach somebody that were not changed within 72 hours, the phone first:
    list of (channel, target)."""
    return [(kind.channel, kind.of(user)) for kind in (PHONE, MAIL)
            if kind.of(user) and not settles_at(kind.changed_at(user), now)]


def settles_at(changed_at, now):
    """When a contact changed then authorises what cannot be taken back; None where it does now.

    :param changed_at: None for one that is as it was at registration.
    """
    settled = changed_at and changed_at + SETTLED_AFTER
    return settled if settled and settled > now else None
