"""How long something has waited, in words."""


def age_in_words(since, now):
    """``3 jam``, ``2 hari``: the largest whole unit.

    :param since: an aware moment, not after ``now``.
    """
    minutes = int((now - since).total_seconds()) // 60
    for unit, name in ((24 * 60, "hari"), (60, "jam"), (1, "menit")):
        if minutes >= unit:
            return f"{minutes // unit} {name}"
    return "baru saja"
