"""How reports call what they count."""

from webapp.claims.faults import LABELS, label_of
from webapp.eligibility.kinds import KINDS as CLAIM_KINDS
from webapp.models.cases import (
    CLAIM,
    COMPLAINT,
    CORRECTION,
    DESTINATION,
    OBJECTION,
    RECOVERY,
    REQUEST,
    SWITCH,
)
from webapp.papers.kinds import KINDS as PAPERS
from webapp.switch.faults import label_of as of_switches

CASES = {REQUEST: "Permohonan nonaktif", OBJECTION: "Sanggahan", CORRECTION: "Permintaan koreksi",
         RECOVERY: "Pemulihan akun", CLAIM: "Pencairan", DESTINATION: "Pemeriksaan rekening",
         SWITCH: "Beralih ke Mandiri", COMPLAINT: "Pengaduan"}
AGES = ("Sampai 1 hari", "1 sampai 3 hari", "3 sampai 7 hari", "7 sampai 14 hari",
        "14 sampai 30 hari", "Lebih dari 30 hari")


def case_label(kind):
    """What a kind of case is called."""
    return CASES.get(kind, kind.capitalize())


def refused_label(code):
    """What was refused: a kind of claim, or of case."""
    return CLAIM_KINDS[code].label if code in CLAIM_KINDS else case_label(code)


def fault_label(code):
    """What was wrong with something that was given back."""
    if code in PAPERS:
        return PAPERS[code].label
    return label_of(code) if code in LABELS else of_switches(code)
