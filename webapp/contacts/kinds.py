"""The two contacts an account can have."""

from dataclasses import dataclass

from webapp.models.messages import EMAIL, SMS


@dataclass(frozen=True)
class Kind:
    """A phone or an e-mail address.

    :param channel: by which messages reach it.
    :param field: its name in ``User``.
    :param word: as people call it.
    """

    channel: str
    field: str
    word: str

    def of(self, user):
        """This contact of a user, or None."""
        return getattr(user, self.field)

    def index_of(self, user):
        """Its keyed index, or None."""
        return getattr(user, f"{self.field}_index")

    def changed_at(self, user):
        """When it was changed; None where it is as it was at registration."""
        return getattr(user, f"{self.field}_changed_at")


PHONE = Kind(SMS, "phone", "nomor ponsel")
MAIL = Kind(EMAIL, "email", "email")
KINDS = {kind.field: kind for kind in (PHONE, MAIL)}


def kind_of(value):
    """Which kind a contact is, by its look."""
    return MAIL if "@" in value else PHONE
