"""What somebody agreed to."""

from webapp.models.accounts import Agreement


def last_agreement(user):
    """A person's agreement to the newest version they ever agreed to, or None."""
    return (Agreement.select().where(Agreement.user == user)
            .order_by(Agreement.version.desc()).first())
