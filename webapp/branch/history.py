"""What happened to an account, in the words of the desk."""

from webapp.audit import Event

WORDS = {
    Event.SIGNED_IN: "Masuk",
    Event.SIGN_IN_REFUSED: "Kata sandi salah",
    Event.SIGNED_OUT: "Keluar",
    Event.ACCOUNT_ADDED: "Akun dibuat",
    Event.REGISTERED: "Mendaftar",
    Event.TERMS_AGREED: "Setuju dengan Syarat dan Ketentuan",
    Event.MEMBERSHIPS_LINKED: "Kepesertaan disambungkan",
    Event.PASSWORD_CHANGED: "Kata sandi diganti",
    Event.PASSWORD_RESET_ASKED: "Lupa sandi diminta",
    Event.PASSWORD_RESET: "Kata sandi dibuat baru lewat Lupa sandi",
    Event.WAYS_IN_ASKED: "Lupa akun diminta",
    Event.CONTACT_CHANGED: "Kontak diganti",
    Event.DATA_CHANGED: "Data akun diubah",
    Event.NOT_ME: "Pemilik menekan Ini bukan saya",
    Event.AUTHENTICATOR_ADDED: "Autentikator dipasang",
    Event.AUTHENTICATOR_REMOVED: "Autentikator dilepas",
    Event.RECOVERY_CODES_MADE: "Kode pemulihan dibuat",
    Event.RECOVERY_CODE_USED: "Kode pemulihan dipakai",
    Event.PASSKEY_ADDED: "Passkey dipasang",
    Event.PASSKEY_REMOVED: "Passkey dilepas",
    Event.IDENTITY_PROVEN: "Membuktikan diri lagi",
    Event.DATA_DOWNLOADED: "Data akun diunduh",
    Event.CLOSURE_ASKED: "Penutupan akun diminta",
    Event.CLOSURE_CANCELLED: "Penutupan akun dibatalkan",
    Event.ACCOUNT_CLOSED: "Akun ditutup",
    Event.RECOVERY_ASKED: "Pemulihan diajukan",
    Event.RECOVERY_APPROVED: "Pemulihan disetujui",
    Event.RECOVERY_REFUSED: "Pemulihan ditolak",
    Event.PERSON_SEARCHED: "Dicari petugas",
    Event.PERSON_SEEN: "Dilihat petugas",
    Event.CLERK_ADDED: "Diberi akses perusahaan",
}


def words_of(kind):
    """An entry's kind in words."""
    return WORDS.get(kind, "Perubahan lain")
