"""What of a claim staff can mark as wrong: codes and their words. Pure.

``Claim.faults`` holds what they marked as JSON, a list of [code, sentence]; the worker sees and
changes these alone.
"""

import json

from webapp.eligibility.kinds import COST, KINDS
from webapp.papers.kinds import KINDS as PAPERS

AMOUNT, RECEIPT_TOTAL, TREATED_ON = "amount", "receipt_total", "treated_on"
PURPOSE, REASON, ADDRESS, DESTINATION = "purpose", "reason", "address", "destination"
PAPER = "paper:"
LABELS = {
    TREATED_ON: "Tanggal berobat", RECEIPT_TOTAL: "Jumlah di kuitansi",
    AMOUNT: "Jumlah yang diminta", PURPOSE: "Tujuan pencairan", REASON: "Alasan",
    ADDRESS: "Alamat", DESTINATION: "Rekening atau e-wallet",
}
FIELDS = (TREATED_ON, RECEIPT_TOTAL, AMOUNT, PURPOSE, REASON, ADDRESS)     # as pages order them


def codes_for(kind, needed=()):
    """The codes that staff can mark in a claim of this kind, in the order of its pages.

    :param kind: the code of the claim's kind.
    :param needed: codes of the papers its verdict asks for besides those of the kind.
    """
    about = KINDS[kind]
    if about.group == COST and about.papers:     # a bill stands behind it
        asked = (TREATED_ON, RECEIPT_TOTAL, AMOUNT)
    else:
        asked = (AMOUNT,) if about.is_entered else ()
    papers = dict.fromkeys((*about.papers, *needed, *about.other_papers))
    return (*asked, PURPOSE, REASON, ADDRESS, DESTINATION, *(f"{PAPER}{code}" for code in papers))


def label_of(code):
    """A code in words, as it stands beside a tick box and in front of the sentence."""
    if code.startswith(PAPER):
        kind = PAPERS.get(code.removeprefix(PAPER))
        return kind.label if kind else "Dokumen"
    return LABELS.get(code, code)


def as_json(faults):
    """Marked faults as ``Claim.faults`` holds them.

    :param faults: pairs of code and sentence.
    """
    return json.dumps([[code, sentence] for code, sentence in faults], ensure_ascii=False)


def faults_of(claim):
    """What staff marked, a dict of sentences by code, in their order."""
    return {code: sentence for code, sentence in json.loads(claim.faults)} if (
        claim.faults_sealed) else {}


def papers_among(codes):
    """The kinds of paper among codes, in their order."""
    return [code.removeprefix(PAPER) for code in codes if code.startswith(PAPER)]


def why_of(code):
    """The name of the field for the sentence about a part of a claim."""
    return f"why_{code.replace(':', '_')}"
