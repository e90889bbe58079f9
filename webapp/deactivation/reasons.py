"""Why a membership can end (sebab nonaktif): rules §1 as a table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """One reason: who may use it, what it asks for and what it opens."""

    code: str
    label: str                       # as it stands on screen
    phrase: str                      # as it stands in a sentence: "karena …"
    by_employer: bool = True
    by_worker: bool = False          # who asks the company (Ajukan nonaktif)
    by_branch: bool = True
    proof: str = ""                  # the paper, in words; empty when none is asked
    proof_required: bool = False
    note_required: bool = False
    in_bulk: bool = True
    opens: tuple = ()                # claim codes
    ends_work: bool = True
    external_code: str = ""          # for mapping to an authority's own list


REASONS = {reason.code: reason for reason in (
    Reason("RSG", "Mengundurkan diri", "mengundurkan diri", by_worker=True,
           proof="surat pengunduran diri atau paklaring", opens=("JHT-RSG", "BPU")),
    Reason("PKW", "Masa kontrak berakhir", "masa kontraknya berakhir", by_worker=True,
           proof="perjanjian kerja (PKWT) atau paklaring", opens=("JHT-PKW", "BPU")),
    Reason("PHK", "Pemutusan hubungan kerja", "hubungan kerjanya diputus", by_worker=True,
           proof="bukti PHK, misalnya surat pemberitahuan PHK", opens=("JHT-PHK", "JKP")),
    Reason("PSN", "Memasuki usia pensiun", "memasuki usia pensiun", by_worker=True,
           proof="SK pensiun atau KTP", opens=("JHT-PSN",)),
    Reason("CTT", "Cacat total tetap", "cacat total tetap", proof="surat keterangan dokter",
           proof_required=True, in_bulk=False, opens=("JHT-CTT",)),
    Reason("MGL", "Meninggal dunia", "meninggal dunia", proof="akta atau surat kematian",
           proof_required=True, in_bulk=False, opens=("JHT-MGL", "JKM")),
    Reason("LNG", "Meninggalkan Indonesia", "meninggalkan Indonesia", by_worker=True,
           proof="paspor dan surat pernyataan", proof_required=True, in_bulk=False,
           opens=("JHT-LNG",)),
    Reason("MUT", "Pindah ke perusahaan lain", "pindah ke perusahaan lain", by_branch=False),
    Reason("TTP", "Perusahaan tutup atau pailit", "perusahaan tutup atau pailit",
           by_employer=False, proof="bukti perusahaan tutup", in_bulk=False,
           opens=("JHT-PHK", "JKP")),
    Reason("SLH", "Salah input atau data ganda", "salah input atau data ganda",
           note_required=True, in_bulk=False, ends_work=False),
)}

FOR_EMPLOYERS = [reason for reason in REASONS.values() if reason.by_employer]
FOR_WORKERS = [reason for reason in REASONS.values() if reason.by_worker]
FOR_BRANCHES = [reason for reason in REASONS.values() if reason.by_branch]
