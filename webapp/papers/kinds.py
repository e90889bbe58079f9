"""The kinds of paper that can be handed in with a case: code → words. Pure.

Research C7; which paper proves which reason: rules §1, research C1.
"""

from dataclasses import dataclass

(KTP, KK, CARD, WORK_LETTER, RESIGNATION, CONTRACT, DISMISSAL, PENSION, DOCTOR, DEATH, PASSPORT,
 STATEMENT, CLOSED_DOWN, OTHER) = (
    "KTP", "KK", "KARTU", "PAKLARING", "SURAT_RESIGN", "PKWT", "PHK", "SK_PENSIUN", "SURAT_DOKTER",
    "AKTA_KEMATIAN", "PASPOR", "PERNYATAAN", "BUKTI_TUTUP", "LAIN")
PHOTO = "PAS_FOTO"     # of a switch
RECEIPT, BANK_BOOK, NPWP, HOUSING, HEIRSHIP, HEIR_KTP, BIRTH, MEDICAL = (     # of claims
    "KUITANSI", "REKENING", "NPWP", "DOK_RUMAH", "AHLI_WARIS", "KTP_AW", "AKTA_LAHIR",
    "SURAT_MEDIS")

# How what a case needs stands: handed in, its original brought along, missing; what we hold
# ourselves stands in its place, or will.
UPLOADED, ORIGINAL, MISSING, KNOWN, LATER = "unggah", "asli", "kurang", "tercatat", "menyusul"
STATES = {UPLOADED: ("Diunggah", "good"), ORIGINAL: ("Asli dibawa", "info"),
          MISSING: ("Belum ada", "warning"), KNOWN: ("Sudah tercatat", "good"),
          LATER: ("Menyusul", "info")}


@dataclass(frozen=True)
class Kind:
    """One kind of paper, and what it is called."""

    code: str
    label: str


KINDS = {kind.code: kind for kind in (
    Kind(KTP, "KTP"), Kind(KK, "Kartu keluarga"), Kind(CARD, "Kartu peserta"),
    Kind(WORK_LETTER, "Paklaring"), Kind(RESIGNATION, "Surat pengunduran diri"),
    Kind(CONTRACT, "Perjanjian kerja (PKWT)"), Kind(DISMISSAL, "Bukti PHK"),
    Kind(PENSION, "SK pensiun"), Kind(DOCTOR, "Surat keterangan dokter"),
    Kind(DEATH, "Akta kematian"), Kind(PASSPORT, "Paspor"), Kind(STATEMENT, "Surat pernyataan"),
    Kind(CLOSED_DOWN, "Bukti perusahaan tutup"), Kind(RECEIPT, "Kuitansi"),
    Kind(MEDICAL, "Surat keterangan medis"), Kind(BANK_BOOK, "Buku rekening"), Kind(NPWP, "NPWP"),
    Kind(HOUSING, "Dokumen perumahan"), Kind(HEIRSHIP, "Surat keterangan ahli waris"),
    Kind(HEIR_KTP, "KTP ahli waris"), Kind(BIRTH, "Akta kelahiran"),
    Kind(PHOTO, "Pas foto 3x4"), Kind(OTHER, "Dokumen lain"),
)}
ALL = tuple(KINDS)
PROOFS = {"RSG": (RESIGNATION, WORK_LETTER), "PKW": (CONTRACT, WORK_LETTER),
          "PHK": (DISMISSAL, WORK_LETTER), "PSN": (PENSION, KTP), "CTT": (DOCTOR,),
          "MGL": (DEATH,), "LNG": (PASSPORT, STATEMENT), "TTP": (CLOSED_DOWN, STATEMENT)}


def proofs_of(reason):
    """The kinds of paper that fit a reason's code, the best first; any reason may need another."""
    return (*PROOFS.get(reason, ()), OTHER)


def known(codes):
    """Of these codes those that are kinds, each once."""
    return tuple(code for code in dict.fromkeys(codes) if code in KINDS)
