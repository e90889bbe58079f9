"""How cases, requests and objections are called on screen: code → (word, tone)."""

from webapp.models.cases import (
    APPROVED,
    ASKED,
    AT_BRANCH,
    AT_COMPANY,
    AT_WORKER,
    CLAIM,
    COMPLAINT,
    CORRECTION,
    DESTINATION,
    DONE,
    DRAFT,
    ESCALATED,
    FILLED,
    GRANTED,
    OBJECTION,
    RECOVERY,
    REFUSED,
    REQUEST,
    SWITCH,
    UPHELD,
    WALK_IN,
    WITHDRAWN,
)

KINDS = {REQUEST: "Permohonan nonaktif", OBJECTION: "Sanggahan", CORRECTION: "Permintaan koreksi",
         RECOVERY: "Pemulihan akun", WALK_IN: "Nonaktif di loket",
         CLAIM: "Pencairan", DESTINATION: "Pemeriksaan rekening",
         SWITCH: "Beralih ke Mandiri", COMPLAINT: "Pengaduan"}
SIDES = {AT_WORKER: "Pekerja", AT_COMPANY: "Perusahaan", AT_BRANCH: "Kantor cabang"}
REQUEST_STATES = {
    DRAFT: ("Belum dikirim", "quiet"), ASKED: ("Menunggu perusahaan", "info"),
    APPROVED: ("Menunggu formulir pekerja", "warning"),
    FILLED: ("Menunggu konfirmasi perusahaan", "info"), DONE: ("Selesai", "good"),
    REFUSED: ("Ditolak", "danger"), WITHDRAWN: ("Ditarik", "quiet"),
    ESCALATED: ("Ditangani kantor cabang", "warning"),
}
OBJECTION_STATES = {
    DRAFT: ("Belum dikirim", "quiet"), ASKED: ("Diperiksa kantor cabang", "warning"),
    UPHELD: ("Tidak dikabulkan", "quiet"), GRANTED: ("Dikabulkan", "good"),
    WITHDRAWN: ("Ditarik", "quiet"),
}
