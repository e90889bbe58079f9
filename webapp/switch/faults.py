"""What of a switch staff can mark as wrong: codes and their words. Pure.

``Switch.faults`` holds what they marked as JSON, as a claim's do: the worker changes these alone.
"""

from webapp.claims.faults import PAPER, as_json, faults_of
from webapp.switch.checklist import ITEMS

__all__ = ["CODES", "FIELDS", "as_json", "faults_of", "items_among", "label_of"]

LABELS = {"income": "Penghasilan sebulan", "has_savings": "Tabungan hari tua (JHT)",
          "sector": "Bidang pekerjaan", "starts_on": "Tanggal mulai"}
FIELDS = tuple(LABELS)
# As papers are marked, by the first kind of each: what is handed in again is of that kind.
_PAPERS = {f"{PAPER}{item.kinds[0]}": item for item in ITEMS}
CODES = (*FIELDS, *_PAPERS)


def label_of(code):
    """A code in words, as it stands beside a tick box and in front of the sentence."""
    return _PAPERS[code].label if code in _PAPERS else LABELS.get(code, code)


def items_among(codes):
    """The papers of the checklist among codes, in their order, a list of ``Item``."""
    return [_PAPERS[code] for code in codes if code in _PAPERS]
