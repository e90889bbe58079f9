"""The cast with more than it has from the start."""

PHONE = "+6281234564512"     # masked, it ends like Siti's card number


def with_phone(user, phone=PHONE):
    """A user whose phone is proven too."""
    user.phone = phone
    user.save()
    return user
