"""What officers type in the forms about a switch, and how it is called. Pure."""

from webapp.claims.faults import why_of
from webapp.switch.faults import CODES, label_of

RETURN, REFUSE = "kembalikan", "tolak"
ENDPOINTS = {RETURN: "switch_desk.give_back", REFUSE: "switch_desk.refuse"}
_SENTENCES = {why_of(code): label_of(code) for code in CODES}
_FIELDS = {RETURN: {"wrong": "Yang keliru", **_SENTENCES},
           REFUSE: {"verdict": "Alasan penolakan"}}


def fields_of(part):
    """The names of the fields of a form, a set."""
    return {*_FIELDS[part]}


def typed_words(part, typed):
    """Pairs of label and text of what was typed, for who must copy it.

    :param typed: a multi-dict, as a form sends it.
    """
    pairs = [(label, typed.get(name, "").strip()) for name, label in _FIELDS.get(part, {}).items()
             if name != "wrong"]
    return [(label, text) for label, text in pairs if text]
