"""How an heir is related to who died. Pure."""

RELATIONS = {"PASANGAN": "suami atau istri", "ANAK": "anak", "ORANG_TUA": "orang tua",
             "SAUDARA": "saudara kandung", "LAIN": "ahli waris lain"}


def relation_of(heir):
    """The relation in words, as it stands in a sentence."""
    return RELATIONS.get(heir.relation, heir.relation)
