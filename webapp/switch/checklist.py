"""The papers of seed 003, and what would do instead of each. Pure.

Nobody is refused for one that is missing: what is missing is named all at once, with what else
would do.
"""

from dataclasses import dataclass

from webapp.papers.kinds import (
    BIRTH,
    CARD,
    CONTRACT,
    DISMISSAL,
    KK,
    KNOWN,
    KTP,
    LATER,
    MISSING,
    ORIGINAL,
    OTHER,
    PASSPORT,
    PHOTO,
    RESIGNATION,
    UPLOADED,
    WORK_LETTER,
)

TO_BE_SEEN = (UPLOADED, ORIGINAL)


@dataclass(frozen=True)
class Item:
    """One paper.

    :param kinds: codes of the papers that count as it, the first being the paper itself.
    :param instead: what else would do, in words.
    :param known: what we hold stands in its place, a sentence.
    :param later: what we shall hold will, a sentence.
    """

    code: str
    label: str
    kinds: tuple
    instead: str = ""
    known: str = ""
    later: str = ""

    def note(self, state):
        """What is said beside it, where it stands so; or nothing."""
        if state == MISSING and self.instead:
            return f"Tidak punya? Bisa juga {self.instead}."
        return {KNOWN: self.known, LATER: self.later}.get(state, "")


ITEMS = (
    Item("SURAT", "Surat pengunduran diri atau referensi kerja",
         (RESIGNATION, WORK_LETTER, CONTRACT, DISMISSAL),
         "perjanjian kerja atau bukti PHK",
         known="Tanda terima nonaktif di Purna sudah menggantikannya.",
         later="Tidak punya? Tanda terima nonaktif menggantikannya. Itu terbit sendiri saat "
               "kepesertaan berakhir."),
    Item("KTP", "KTP", (KTP, PASSPORT),
         "paspor, atau surat perekaman dari Dukcapil yang diunggah sebagai KTP"),
    Item("KK", "Kartu keluarga", (KK,), "salinan KK dari Dukcapil, atau KK di aplikasi IKD"),
    Item("AKTA", "Akta kelahiran", (BIRTH,),
         "ijazah, surat kenal lahir, atau buku nikah, diunggah sebagai akta kelahiran"),
    Item("KARTU", "Kartu peserta", (CARD,), known="Nomor KPJ sudah tercatat di sini."),
    Item("FOTO", "Dua pas foto 3x4", (PHOTO,), "foto yang diambil petugas di kantor cabang"),
)
BY_CODE = {item.code: item for item in ITEMS}
KINDS = (*dict.fromkeys(kind for item in ITEMS for kind in item.kinds), OTHER)     # to be chosen


def standing(originals, kinds, held=()):
    """How each paper stands: pairs of ``Item`` and a code of ``papers.kinds.STATES``, in order.

    :param originals: codes of the items whose original the person brings.
    :param kinds: of the papers that were handed in.
    :param held: what ``held_here`` gives; nothing where the very paper is wanted.
    """
    held = dict(held)
    return [(item, UPLOADED if {*item.kinds} & {*kinds} else
             ORIGINAL if item.code in originals else held.get(item.code, MISSING))
            for item in ITEMS]


def held_here(ending):
    """In the place of which papers stands what we hold: dict of ``KNOWN`` or ``LATER`` by code.
    The card's number is the membership's; the report of its end has a receipt.

    :param ending: a ``queries.Ending``.
    """
    held = {"KARTU": KNOWN}
    if ending.report:
        held["SURAT"] = KNOWN
    elif not ending.is_over:
        held["SURAT"] = LATER
    return held
