"""What somebody brings to the counter to end a membership, and what would do instead. Pure.

Seed 003 and research 1.7: KTP, kartu keluarga, kartu peserta, paklaring. The reason may ask for a
paper of its own (rules §1).
"""

from dataclasses import dataclass

SHOWN, SCANNED, SUBSTITUTE, MISSING = "asli", "pindai", "ganti", "kurang"
WAYS = {SHOWN: "Asli ditunjukkan", SCANNED: "Dipindai", SUBSTITUTE: "Penggantinya ditunjukkan",
        MISSING: "Belum ada"}


@dataclass(frozen=True)
class Item:
    """One paper of the checklist.

    :param kinds: codes of the papers that count as a scan of it: one of them, or each of them.
    :param instead: what else would do, in words; empty when nothing would.
    """

    code: str
    label: str
    instead: str
    kinds: tuple
    needs_each: bool = False


BASIC = (
    Item("KTP", "KTP", "surat keterangan perekaman KTP dari Dukcapil, atau paspor",
         ("KTP", "PASPOR")),
    Item("KK", "Kartu keluarga", "salinan KK dari Dukcapil, atau KK di aplikasi IKD", ("KK",)),
    Item("KARTU", "Kartu peserta", "nomor KPJ di slip gaji, atau petugas mencarinya dengan NIK",
         ("KARTU",)),
    Item("PAKLARING", "Paklaring", "surat pengunduran diri, perjanjian kerja (PKWT), surat PHK, "
         "atau surat pernyataan bermeterai",
         ("PAKLARING", "SURAT_RESIGN", "PKWT", "PHK", "PERNYATAAN")),
)
# The paper a reason asks for at the branch: rules §1; the five proofs of PHK: research 2.5.
OF_REASONS = {
    "PHK": Item("BUKTI", "Bukti PHK", "satu dari: tanda terima laporan PHK ke Disnaker, laporan "
                "PHK dari perusahaan, pemberitahuan PHK yang diterima pekerja, perjanjian bersama, "
                "atau putusan pengadilan hubungan industrial", ("PHK",)),
    "PSN": Item("BUKTI", "SK pensiun", "KTP yang menunjukkan usia pensiun", ("SK_PENSIUN", "KTP")),
    "CTT": Item("BUKTI", "Surat keterangan dokter", "resume medis dari rumah sakit",
                ("SURAT_DOKTER",)),
    "MGL": Item("BUKTI", "Akta kematian", "surat kematian dari kelurahan atau rumah sakit",
                ("AKTA_KEMATIAN",)),
    "LNG": Item("BUKTI", "Paspor dan surat pernyataan meninggalkan Indonesia", "",
                ("PASPOR", "PERNYATAAN"), needs_each=True),
    "TTP": Item("BUKTI", "Bukti perusahaan tutup", "surat perusahaan atau dinas, SPT nihil, "
                "putusan pailit, atau berita acara kunjungan dengan dua saksi", ("BUKTI_TUTUP",)),
}


def items_for(reason):
    """The papers that ending a membership for this reason asks for, in order."""
    own = OF_REASONS.get(reason)
    return (*BASIC, own) if own else BASIC


def missing(reason, answers, scanned):
    """The items that are still to be brought: all of them at once.

    :param answers: dict of an item's code and a code of ``WAYS``.
    :param scanned: kinds of the papers that were handed in as files.
    """
    return [item for item in items_for(reason) if not _is_there(item, answers, scanned)]


def awaits_scan(item, answers):
    """Whether the person has it, and only the scan is not there."""
    return answers.get(item.code) == SCANNED


def scanned_ways(scanned):
    """The answers that papers handed in before make true: dict of an item's code and ``SCANNED``.

    :param scanned: kinds of the papers that were handed in as files.
    """
    return {item.code: SCANNED for item in BASIC if {*item.kinds} & {*scanned}}


def _is_there(item, answers, scanned):
    way, found = answers.get(item.code, MISSING), {*item.kinds} & {*scanned}
    if way == SCANNED:
        return len(found) == len(item.kinds) if item.needs_each else bool(found)
    return way == SHOWN or (way == SUBSTITUTE and bool(item.instead))
