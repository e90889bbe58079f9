"""What officers type in the forms about a claim, and how it is called. Pure."""

from dataclasses import dataclass

from webapp.claims.faults import codes_for, label_of, why_of
from webapp.papers.kinds import NPWP


@dataclass(frozen=True)
class Part:
    """One form.

    :param endpoint: of its page.
    :param fields: name and label of what is typed in it.
    """

    endpoint: str
    fields: dict


PARTS = {
    "kembalikan": Part("claim_desk.give_back", {"wrong": "Yang keliru"}),
    "setujui": Part("claim_desk.approve", {"seen": "Dokumen yang diperiksa", "holder": "",
                                           "amount": "Jumlah yang disetujui",
                                           "less": "Alasan jumlahnya lebih kecil"}),
    "tolak": Part("claim_desk.refuse", {"verdict": "Alasan penolakan"}),
    "wawancara": Part("claim_desk.met", {"note": "Catatan wawancara"}),
    "kedua": Part("claim_desk.confirm", {"reason": "Yang perlu diperiksa lagi"}),
}


def fields_of(part, claim):
    """The names of the fields of a form about this claim, a set."""
    return {*PARTS[part].fields, *_sentences(part, claim)}


def typed_words(part, claim, typed):
    """Pairs of label and text of what was typed, for who must copy it.

    :param typed: a multi-dict, as a form sends it.
    """
    if part not in PARTS:
        return []
    pairs = [(PARTS[part].fields[name], typed.get(name, "")) for name in PARTS[part].fields
             if name not in ("wrong", "seen", "holder")]
    pairs += [(label, typed.get(name, "")) for name, label in _sentences(part, claim).items()]
    return [(label, text.strip()) for label, text in pairs if text.strip()]


def _sentences(part, claim):
    """The sentences about parts: name and label."""
    if part != "kembalikan":
        return {}
    return {why_of(code): label_of(code) for code in codes_for(claim.kind, (NPWP,))}
