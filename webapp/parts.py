"""Long lists in parts, as databases and others take them."""


def parts_of(items, size):
    """The items of a list, in their order, in lists of at most ``size``."""
    return (items[at:at + size] for at in range(0, len(items), size))
