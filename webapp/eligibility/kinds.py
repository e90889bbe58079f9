"""What can be claimed (jenis pencairan): rules §2 as a table. Pure.

Which papers each asks for: research 2.5; NPWP comes on top where the savings ask for it.
"""

from dataclasses import dataclass

from webapp.deactivation.reasons import REASONS
from webapp.papers.kinds import (
    BANK_BOOK,
    BIRTH,
    CARD,
    CONTRACT,
    DEATH,
    DISMISSAL,
    DOCTOR,
    HEIR_KTP,
    HEIRSHIP,
    HOUSING,
    KK,
    KTP,
    MEDICAL,
    OTHER,
    PASSPORT,
    PENSION,
    RECEIPT,
    RESIGNATION,
    STATEMENT,
    WORK_LETTER,
)

COST, SAVINGS = "biaya", "jht"


@dataclass(frozen=True)
class Kind:
    """One kind of claim: what it is called, whether its amount is typed, which papers it needs."""

    code: str
    label: str                       # as it stands on screen
    group: str                       # COST or SAVINGS
    hint: str                        # a sentence: for whom it is
    is_entered: bool = False         # the person types the amount; else it is the whole balance
    papers: tuple = ()               # codes of papers.kinds that must be there
    other_papers: tuple = ()         # codes offered besides
    by_heirs: bool = False           # claimed by heirs at the counter, never by the person
    external_code: str = ""          # for mapping to an authority's own list

    @property
    def is_savings(self):
        """Whether it is paid out of the old-age savings."""
        return self.group == SAVINGS

    @property
    def reasons(self):
        """Codes of the deactivation reasons that open it, a tuple."""
        return tuple(reason.code for reason in REASONS.values() if self.code in reason.opens)


KINDS = {kind.code: kind for kind in (
    Kind("MED", "Biaya medis", COST, "Biaya rumah sakit, dokter, atau obat yang sudah Anda bayar.",
         is_entered=True, papers=(RECEIPT,), other_papers=(MEDICAL, KTP, OTHER)),
    Kind("OBT", "Biaya pengobatan", COST, "Biaya berobat jalan yang sudah Anda bayar.",
         is_entered=True, papers=(RECEIPT,), other_papers=(MEDICAL, KTP, OTHER)),
    Kind("LAIN", "Lainnya", COST, "Keperluan lain. Anda menuliskan alasannya.",
         is_entered=True, other_papers=(KTP, OTHER)),
    Kind("JHT-PSN", "JHT: usia pensiun", SAVINGS,
         "Seluruh saldo, sesudah Anda mencapai usia pensiun.",
         papers=(KTP,), other_papers=(CARD, PENSION, BANK_BOOK, OTHER)),
    Kind("JHT-RSG", "JHT: mengundurkan diri", SAVINGS,
         "Seluruh saldo, satu bulan sesudah Anda mengundurkan diri.",
         papers=(KTP,), other_papers=(CARD, RESIGNATION, WORK_LETTER, BANK_BOOK, OTHER)),
    Kind("JHT-PHK", "JHT: PHK", SAVINGS,
         "Seluruh saldo, satu bulan sesudah hubungan kerja Anda diputus.",
         papers=(KTP,), other_papers=(CARD, DISMISSAL, WORK_LETTER, BANK_BOOK, OTHER)),
    Kind("JHT-PKW", "JHT: kontrak berakhir", SAVINGS,
         "Seluruh saldo, sesudah masa kontrak Anda berakhir.",
         papers=(KTP,), other_papers=(CARD, CONTRACT, WORK_LETTER, BANK_BOOK, OTHER)),
    Kind("JHT-LNG", "JHT: meninggalkan Indonesia", SAVINGS,
         "Seluruh saldo, untuk yang meninggalkan Indonesia selamanya.",
         papers=(PASSPORT, STATEMENT), other_papers=(CARD, BANK_BOOK, OTHER)),
    Kind("JHT-CTT", "JHT: cacat total tetap", SAVINGS,
         "Seluruh saldo, dengan surat dokter yang diterima kantor cabang.",
         papers=(KTP, DOCTOR), other_papers=(CARD, BANK_BOOK, OTHER)),
    Kind("JHT-MGL", "JHT: meninggal", SAVINGS, "Diajukan ahli waris di kantor cabang.",
         papers=(DEATH, HEIRSHIP, HEIR_KTP, KK), other_papers=(CARD, BIRTH, BANK_BOOK, OTHER),
         by_heirs=True),
    Kind("JHT-S10", "JHT sebagian 10 %", SAVINGS,
         "Sebagian saldo, sekali saja, sesudah 10 tahun menjadi peserta.",
         is_entered=True, papers=(KTP,), other_papers=(CARD, KK, BANK_BOOK, OTHER)),
    Kind("JHT-S30", "JHT sebagian 30 % (rumah)", SAVINGS,
         "Untuk rumah, sekali saja, sesudah 10 tahun menjadi peserta.",
         is_entered=True, papers=(KTP, HOUSING), other_papers=(CARD, KK, BANK_BOOK, OTHER)),
)}
PARTIAL = ("JHT-S10", "JHT-S30")     # a part of the balance, once in a life
# These rest on the end of a membership: while it is disputed they wait, and it stays once approved.
ON_AN_END = ("JHT-RSG", "JHT-PHK", "JHT-PKW", "JHT-LNG", "JHT-MGL")
