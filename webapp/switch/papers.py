"""How the papers of a switch stand: handed in, brought along, or made needless by what we hold."""

import json

from webapp.switch import checklist
from webapp.switch.queries import kinds_handed_in


def brought(switch):
    """The codes of the papers whose original the person said to bring."""
    return [code for code, way in json.loads(switch.checklist).items()
            if way == checklist.ORIGINAL]


def standing_of(switch, ending):
    """How each paper of a switch stands, as ``checklist.standing`` has it.

    :param ending: of the membership that is left (``queries.ending_of``).
    """
    return checklist.standing(brought(switch), kinds_handed_in(switch),
                              checklist.held_here(ending))


def lacking(switch, ending):
    """The papers that are still to be shown, a list of ``checklist.Item``."""
    return [item for item, state in standing_of(switch, ending) if state == checklist.MISSING]
