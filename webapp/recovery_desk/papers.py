"""What somebody shows at the desk to be known without phone and e-mail."""

KTP, FAMILY_CARD, MEMBER_CARD = "KTP", "KK", "KARTU"
LABELS = {KTP: "KTP asli", FAMILY_CARD: "Kartu keluarga (KK) asli", MEMBER_CARD: "Kartu peserta"}


def missing(shown):
    """All that is still missing, in words, a list: the KTP, and one of the two others.

    :param shown: codes.
    """
    lacking = [] if KTP in shown else ["KTP asli"]
    if not {FAMILY_CARD, MEMBER_CARD} & set(shown):
        lacking.append("kartu keluarga (KK) atau kartu peserta")
    return lacking
