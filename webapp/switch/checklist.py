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
    KTP,
    OTHER,
    PASSPORT,
    PHOTO,
    RESIGNATION,
    WORK_LETTER,
)

UPLOADED, ORIGINAL, MISSING = "unggah", "asli", "kurang"
STATES = {UPLOADED: ("Diunggah", "good"), ORIGINAL: ("Asli dibawa", "info"),
          MISSING: ("Belum ada", "warning")}


@dataclass(frozen=True)
class Item:
    """One paper.

    :param kinds: codes of the papers that count as it, the first being the paper itself.
    :param instead: what else would do, in words.
    """

    code: str
    label: str
    kinds: tuple
    instead: str


ITEMS = (
    Item("SURAT", "Surat pengunduran diri atau referensi kerja",
         (RESIGNATION, WORK_LETTER, CONTRACT, DISMISSAL),
         "tanda terima nonaktif dari Purna, yang terbit saat kepesertaan berakhir"),
    Item("KTP", "KTP", (KTP, PASSPORT),
         "surat keterangan perekaman KTP dari Dukcapil, atau paspor"),
    Item("KK", "Kartu keluarga", (KK,), "salinan KK dari Dukcapil, atau KK di aplikasi IKD"),
    Item("AKTA", "Akta kelahiran", (BIRTH,), "ijazah, surat kenal lahir, atau buku nikah"),
    Item("KARTU", "Kartu peserta", (CARD,), "nomor KPJ, yang sudah tercatat di sini"),
    Item("FOTO", "Dua pas foto 3x4", (PHOTO,), "foto yang diambil petugas di kantor cabang"),
)
BY_CODE = {item.code: item for item in ITEMS}
KINDS = (*dict.fromkeys(kind for item in ITEMS for kind in item.kinds), OTHER)     # to be chosen


def standing(originals, kinds):
    """How each paper stands: pairs of ``Item`` and a code of ``STATES``, in their order.

    :param originals: codes of the items whose original the person brings.
    :param kinds: of the papers that were handed in.
    """
    return [(item, UPLOADED if {*item.kinds} & {*kinds} else
             ORIGINAL if item.code in originals else MISSING) for item in ITEMS]


def missing(originals, kinds):
    """The items that are neither there nor will be brought, a list."""
    return [item for item, state in standing(originals, kinds) if state == MISSING]
