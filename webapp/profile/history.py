"""Riwayat keamanan: what happened to an account, in words. Pure."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from webapp.audit import Event
from webapp.clock import day_of

WORDS = {
    Event.SIGNED_IN: "Masuk ke akun",
    Event.SIGN_IN_REFUSED: "Percobaan masuk ditolak",
    Event.SIGNED_OUT: "Keluar dari akun",
    Event.ACCOUNT_ADDED: "Akun dibuatkan",
    Event.REGISTERED: "Akun didaftarkan",
    Event.TERMS_AGREED: "Syarat dan Ketentuan disetujui",
    Event.MEMBERSHIPS_LINKED: "Kepesertaan disambungkan dengan akun",
    Event.MEMBERSHIPS_UNLINKED: "Kepesertaan dilepas dari akun",
    Event.PASSWORD_CHANGED: "Kata sandi diganti",
    Event.PASSWORD_RESET_ASKED: "Kata sandi baru diminta lewat Lupa sandi",
    Event.PASSWORD_RESET: "Kata sandi baru dibuat dengan kode",
    Event.WAYS_IN_ASKED: "Cara masuk ditanyakan lewat Lupa akun",
    Event.CONTACT_CHANGED: "Kontak diganti",
    Event.DATA_CHANGED: "Data akun diubah",
    Event.NOT_ME: "Tombol \"Ini bukan saya\" ditekan, semua perangkat dikeluarkan",
    Event.AUTHENTICATOR_ADDED: "Aplikasi autentikator dipasang",
    Event.AUTHENTICATOR_REMOVED: "Aplikasi autentikator dilepas",
    Event.RECOVERY_CODES_MADE: "Kode pemulihan dibuat",
    Event.RECOVERY_CODE_USED: "Kode pemulihan dipakai",
    Event.PASSKEY_ADDED: "Passkey ditambahkan",
    Event.PASSKEY_REMOVED: "Passkey dihapus",
    Event.IDENTITY_PROVEN: "Pemilik akun dibuktikan lagi",
    Event.DATA_DOWNLOADED: "Data akun diunduh",
    Event.CLOSURE_ASKED: "Penutupan akun diminta",
    Event.CLOSURE_CANCELLED: "Penutupan akun dibatalkan",
    Event.ACCOUNT_CLOSED: "Akun ditutup",
    Event.RECOVERY_ASKED: "Petugas meminta pemulihan akun",
    Event.RECOVERY_APPROVED: "Pemulihan akun disetujui",
    Event.RECOVERY_REFUSED: "Pemulihan akun ditolak",
    Event.PERSON_SEARCHED: "Petugas mencari data akun ini",
    Event.PERSON_SEEN: "Petugas membuka data akun ini",
    Event.CASE_SEEN: "Petugas membuka kasus orang ini",
    Event.PAPER_READ: "Petugas membuka dokumen orang ini",
    Event.AUDIT_SEEN: "Manajemen membuka jejak audit tentang orang ini",
    Event.CLAIM_SUBMITTED: "Pencairan didaftarkan",
    Event.CLAIM_TAKEN_UP: "Petugas mulai memeriksa pencairan",
    Event.CLAIM_RETURNED: "Petugas meminta perbaikan pencairan",
    Event.CLAIM_CORRECTED: "Perbaikan pencairan dikirim",
    Event.CLAIM_WITHDRAWN: "Pencairan dibatalkan",
    Event.INTERVIEW_ASKED: "Petugas meminta wawancara",
    Event.INTERVIEW_BOOKED: "Waktu wawancara dipilih",
    Event.INTERVIEW_HELD: "Wawancara selesai",
    Event.CLAIM_APPROVED: "Petugas menyetujui pencairan",
    Event.CLAIM_CONFIRMED: "Petugas kedua menyetujui pencairan",
    Event.CLAIM_SENT_BACK: "Petugas kedua mengembalikan pencairan kepada petugas pertama",
    Event.CLAIM_REFUSED: "Petugas menolak pencairan",
    Event.CLAIM_REDIRECTED: "Tujuan pencairan diganti",
    Event.CLAIM_PAID: "Pencairan dibayar",
    Event.PAYOUT_BOUNCED: "Bank menolak pembayaran pencairan",
    Event.DESTINATION_LINKED: "Rekening atau e-wallet disambungkan",
    Event.DESTINATION_IN_REVIEW: "Rekening atau e-wallet menunggu diperiksa",
    Event.DESTINATION_REFUSED: "Petugas menolak rekening atau e-wallet",
    Event.DESTINATION_CUT: "Rekening atau e-wallet diputus",
    Event.HOLD_BEGUN: "Pembayaran menunggu karena kontak atau rekening berubah",
    Event.HOLD_STOPPED: "Pencairan dihentikan dengan kode dari pesan kami",
    Event.HOLD_LIFTED: "Pencairan dibuka lagi di kantor cabang",
    Event.SWITCH_SUBMITTED: "Beralih ke Mandiri diajukan",
    Event.SWITCH_AT_BRANCH: "Kantor cabang menerima peralihan ke Mandiri",
    Event.SWITCH_HELD_UP: "Perusahaan menolak, peralihan ke Mandiri menunggu",
    Event.SWITCH_RETURNED: "Petugas meminta perbaikan peralihan ke Mandiri",
    Event.SWITCH_CORRECTED: "Perbaikan peralihan ke Mandiri dikirim",
    Event.SWITCH_APPROVED: "Petugas menyetujui peralihan ke Mandiri",
    Event.SWITCH_REFUSED: "Petugas menolak peralihan ke Mandiri",
    Event.SWITCH_WITHDRAWN: "Peralihan ke Mandiri dibatalkan",
    Event.BILL_MADE: "Tagihan iuran dibuat",
    Event.BILL_PAID: "Iuran dibayar",
    Event.BILL_EXPIRED: "Kode bayar iuran tidak berlaku lagi",
    Event.OWN_BEGAN: "Kepesertaan mandiri mulai",
    Event.OWN_BEHIND: "Iuran kepesertaan mandiri menunggak",
    Event.OWN_LAPSED: "Kepesertaan mandiri nonaktif karena iuran tidak dibayar",
    Event.OWN_ENDED: "Kepesertaan mandiri berakhir",
    Event.BLOCK_CONFIRMED: "Akun diblokir",
    Event.BLOCK_REVIEWED: "Blokir akun ditinjau",
    Event.BLOCK_EXTENDED: "Blokir akun diperpanjang",
    Event.BLOCK_ENDED: "Akun tidak diblokir lagi",
    Event.COMPLAINT_SENT: "Pengaduan dikirim",
    Event.COMPLAINT_ASKED: "Petugas bertanya tentang pengaduan",
    Event.COMPLAINT_ANSWERED: "Pertanyaan tentang pengaduan dijawab",
    Event.COMPLAINT_UNANSWERED: "Pengaduan dilanjutkan tanpa jawaban",
    Event.COMPLAINT_GRANTED: "Pengaduan dikabulkan",
    Event.COMPLAINT_REFUSED: "Pengaduan ditolak",
    Event.APPLICANT_JOINED: "Bergabung dengan gelombang program",
    Event.APPLICANT_WITHDRAWN: "Batal ikut gelombang program",
    Event.APPLICANT_REVOKED: "Petugas mencabut keikutsertaan di gelombang program",
    Event.ASSISTANCE_GRANTED: "Bantuan ditetapkan",
    Event.ASSISTANCE_CHANGED: "Keadaan bantuan berubah",
    Event.CLERK_ADDED: "Akses ke sebuah perusahaan diberikan",
}
# Where the owner is spoken to; whoever else reads a history gets the words above.
TO_OWNER = {
    Event.IDENTITY_PROVEN: "Anda membuktikan lagi bahwa ini Anda",
    Event.PERSON_SEARCHED: "Petugas mencari data Anda",
    Event.PERSON_SEEN: "Petugas membuka data Anda",
    Event.CASE_SEEN: "Petugas membuka kasus Anda",
    Event.PAPER_READ: "Petugas membuka dokumen Anda",
    Event.AUDIT_SEEN: "Manajemen membuka jejak audit tentang Anda",
}
LOOKS = (Event.PERSON_SEARCHED, Event.PERSON_SEEN, Event.CASE_SEEN, Event.PAPER_READ,
         Event.AUDIT_SEEN)
UNNAMED = "Kejadian lain"
CONTACTS = {"phone": "Nomor ponsel", "email": "Email"}
DATA = {"address": "Alamat diubah", "reminder": "Pengingat ganti sandi diubah"}


@dataclass(frozen=True)
class Happening:
    """One entry, ready to be shown.

    :param id: of the audit entry.
    :param words: for whoever reads it.
    :param to_owner: the same, said to the account's owner.
    :param by: who did it, where that was not the person; or empty.
    :param device: on which device, in words, where that was recorded; or empty.
    :param look: for what staff looked at: what all looks of one person on one day share; or None.
    :param times: how many of these it stands for.
    """

    id: int
    at: datetime
    words: str
    to_owner: str
    by: str
    device: str
    look: tuple | None = None
    times: int = 1


def happening(entry, user, names):
    """An audit entry in words.

    :param entry: an ``AuditEntry``.
    :param names: those of other actors, by public id.
    """
    by = "" if entry.actor in (None, user.public_id) else names.get(entry.actor, "petugas")
    details = json.loads(entry.details)
    words = words_for(entry.kind, details)
    return Happening(entry.id, entry.at, words, TO_OWNER.get(entry.kind, words), by,
                     details.get("device", ""), _look(entry))


def gathered(happenings):
    """The same, newest first, with one line for all looks of one person on one day: they would
    bury the rest."""
    counts, shown = Counter(row.look for row in happenings), {}
    for row in happenings:
        shown.setdefault(row.look or row.id, row)
    return [replace(row, times=counts[row.look]) if row.look else row for row in shown.values()]


def _look(entry):
    return (entry.kind, entry.actor, day_of(entry.at)) if entry.kind in LOOKS else None


def words_for(kind, details):
    """A sentence without its full stop.

    :param kind: of the entry, the value of an ``Event``.
    :param details: its details, a dict.
    """
    teller = _TELLERS.get(kind)
    return (teller and teller(details)) or WORDS.get(kind, UNNAMED)


def _signed_in(details):
    return "Masuk di perangkat baru" if details.get("new_device") else None


def _signed_out(details):
    count = details.get("sessions", 1)
    return f"Keluar dari {count} perangkat" if count > 1 else None


def _contact(details):
    what, new = CONTACTS.get(details.get("contact")), details.get("new")
    if not what or not new:
        return None
    if details.get("proven"):
        return f"{what} {new} dibuktikan"
    old = details.get("old")
    if old == new:     # masked alike
        return f"{what} {new} diganti dengan {what.lower()} lain yang mirip"
    return f"{what} diganti dari {old} menjadi {new}" if old else f"{what} {new} ditambahkan"


def _data(details):
    return DATA.get(details.get("what"))


def _held(details):
    return "Data akun dibuka di layar" if details.get("how") == "screen" else None


def _named(words):
    """The same words, with which account it was."""
    return lambda details: f"{words}: {details['to']}" if details.get("to") else None


_DESTINATIONS = (Event.DESTINATION_LINKED, Event.DESTINATION_IN_REVIEW, Event.DESTINATION_REFUSED,
                 Event.DESTINATION_CUT, Event.CLAIM_REDIRECTED)
_TELLERS = {Event.SIGNED_IN: _signed_in, Event.SIGNED_OUT: _signed_out,
            Event.CONTACT_CHANGED: _contact, Event.DATA_CHANGED: _data,
            Event.DATA_DOWNLOADED: _held,
            **{event: _named(WORDS[event]) for event in _DESTINATIONS}}
