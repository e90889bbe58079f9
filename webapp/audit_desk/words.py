"""The trail in words: what happened, and what is wrong with an entry. Pure."""

from webapp.audit import ALTERED, MISSING, MISSING_AT_END, Event
from webapp.profile.history import UNNAMED, words_for

# What happens to a company's papers or at the desk, not to an account: those are in its history.
OF_COMPANIES = {
    Event.DEACTIVATION_FILED: "Nonaktif dilaporkan",
    Event.DEACTIVATION_EFFECTIVE: "Nonaktif mulai berlaku",
    Event.DEACTIVATION_UNDONE: "Nonaktif dibatalkan",
    Event.CORRECTION_REQUESTED: "Koreksi diminta",
    Event.CORRECTION_MADE: "Koreksi disetujui",
    Event.CORRECTION_REFUSED: "Koreksi ditolak",
    Event.REQUEST_SENT: "Permohonan nonaktif dikirim",
    Event.REQUEST_APPROVED: "Permohonan nonaktif disetujui",
    Event.REQUEST_REFUSED: "Permohonan nonaktif ditolak",
    Event.REQUEST_FILLED: "Formulir nonaktif diisi",
    Event.REQUEST_WITHDRAWN: "Permohonan nonaktif ditarik",
    Event.REQUEST_ESCALATED: "Permohonan diteruskan ke kantor cabang",
    Event.OBJECTION_SENT: "Sanggahan dikirim",
    Event.OBJECTION_WITHDRAWN: "Sanggahan ditarik",
    Event.OBJECTION_ANSWERED: "Sanggahan dijawab",
    Event.OBJECTION_GRANTED: "Sanggahan dikabulkan",
    Event.OBJECTION_UPHELD: "Sanggahan tidak dikabulkan",
    Event.CASE_TAKEN: "Kasus diambil",
    Event.CASE_HANDED_OVER: "Kasus diserahkan",
    Event.WALK_IN_BEGUN: "Nonaktif di loket dimulai",
    Event.WALK_IN_PAIRED: "Draf pekerja dilanjutkan di loket",
    Event.WALK_IN_GIVEN_UP: "Nonaktif di loket tidak jadi",
    Event.REVERSAL_ASKED: "Pembatalan di loket diminta",
    Event.REVERSAL_GIVEN_UP: "Pembatalan di loket tidak jadi",
    Event.WALK_IN_REVERSED: "Nonaktif di loket dibatalkan",
    Event.PAPER_ADDED: "Dokumen ditambahkan",
    Event.PAPER_REMOVED: "Dokumen dihapus",
    Event.RADAR_LISTED: "Daftar pekerja tanpa iuran disiapkan",
    Event.WORK_LETTER_APPROVED: "Paklaring disetujui",
    Event.DOCUMENT_STORED: "Berkas disimpan",
    Event.DOCUMENT_READ: "Berkas dibuka",
    Event.UPLOADED: "Daftar diunggah",
    Event.UPLOAD_ROW_CHANGED: "Baris daftar diubah",
    Event.UPLOAD_STARTED: "Daftar mulai diterapkan",
    Event.UPLOAD_DONE: "Daftar selesai diterapkan",
    Event.UPLOAD_UNDONE: "Daftar dibatalkan",
    Event.UPLOAD_DISCARDED: "Daftar dihapus",
    Event.COMPANY_ADDED: "Perusahaan ditambahkan",
    Event.WORKERS_IMPORTED: "Daftar pekerja dimasukkan",
    Event.CONTRIBUTIONS_IMPORTED: "Daftar iuran dimasukkan",
    Event.SAVINGS_IMPORTED: "Daftar saldo dimasukkan",
    Event.PAYOUTS_EXPORTED: "Berkas pembayaran dibuat",
    Event.PAYOUTS_IMPORTED: "Jawaban bank dimasukkan",
    Event.AUDIT_CHECKED: "Jejak audit diperiksa",
    Event.BILLS_IMPORTED: "Daftar iuran yang dibayar dimasukkan",
    Event.PROGRAMME_MADE: "Program dibuat",
    Event.WAVE_MADE: "Gelombang dibuat",
    Event.WAVE_OPENED: "Gelombang dibuka",
    Event.WAVE_EXTENDED: "Gelombang diperpanjang",
    Event.WAVE_CLOSED: "Gelombang ditutup",
    Event.WAVE_DRAWING: "Undian dimulai",
    Event.WAVE_STOPPED: "Undian berhenti, ada yang diubah",
    Event.WAVE_ANNOUNCED: "Hasil undian diumumkan",
    Event.WAVE_OVER: "Gelombang selesai",
    Event.ASSISTANCE_IMPORTED: "Hasil penyaluran bantuan dimasukkan",
    Event.BLOCK_PROPOSED: "Pemblokiran diusulkan",
    Event.BLOCK_DROPPED: "Usulan pemblokiran dibatalkan",
    Event.BLOCK_LONGER_ASKED: "Perpanjangan pemblokiran diusulkan",
    Event.BLOCK_LONGER_REFUSED: "Perpanjangan pemblokiran ditolak",
    Event.COMPLAINT_ERASED: "Pengaduan lama dihapus",
}
PROBLEMS = {MISSING: "hilang", MISSING_AT_END: "hilang di ujung daftar",
            ALTERED: "diubah, atau tidak pada tempatnya"}


def happened(entry_kind, details):
    """What an entry tells, without a full stop.

    :param entry_kind: the value of an ``Event``.
    :param details: a dict.
    """
    if entry_kind == Event.AUDIT_SEEN and "number" not in details:
        return "Jejak audit dibuka"
    words = words_for(entry_kind, details)
    return OF_COMPANIES.get(entry_kind, words) if words == UNNAMED else words


def problem_of(text):
    """What is wrong with an entry, as the verification says it."""
    return PROBLEMS.get(text, "tidak seperti yang ditulis")
