"""What stands beside a case: who else has it open, whether it is still as a page shows it, and what
waits next."""

from webapp.cases.service import others_at
from webapp.cases.words import KINDS
from webapp.clock import day_of
from webapp.desk.queries import upcoming_at

# A page left alone does not ask for ever: nobody is there, whom colleagues would wait for.
ASKS_FOR = 300     # seconds


def owner_code(case):
    """Who has taken a case, as a form carries it; empty for nobody."""
    return case.owner.public_id.hex if case.owner else ""


def presence(case, user, now, since=None, version=None):
    """What `templates/desk/_others.html` shows, a dict.

    :param case: with its owner.
    :param since: when the page was opened, in Unix seconds; None for the page itself.
    :param version: of the case, as the page shows it; the same.
    """
    seconds, current = int(now.timestamp()), f"{case.version}.{owner_code(case)}"
    since, version = since or seconds, version or current
    visits, is_outdated = list(others_at(case, user, now)), version != current
    return {"case": case, "others": visits, "is_outdated": is_outdated, "since": since,
            "version": version, "asks_again": seconds < since + ASKS_FOR,
            "who": "".join([*(visit.public_id.hex for visit in visits), str(int(is_outdated))])}


def beside(case, user, now):
    """What a page of a case shows beside it, a dict: ``presence``, and the beginning of the queue
    (`templates/desk/_upcoming.html`)."""
    return presence(case, user, now) | {
        "upcoming": list(upcoming_at(user.branch_id)), "queue_kinds": KINDS,
        "queue_day": day_of(now)}
