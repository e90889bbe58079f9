"""What a code can be good for, and how its message says so."""

from enum import StrEnum

from webapp.otp import show_code


class Purpose(StrEnum):
    """One act each; a code for one is nothing for another."""

    REGISTER = "daftar"
    SIGN_IN = "masuk"
    SIGN_IN_AUTHENTICATOR = "masuk-autentikator"
    SIGN_IN_PASSKEY = "masuk-passkey"
    ADD_AUTHENTICATOR = "pasang-autentikator"
    ADD_PASSKEY = "tambah-passkey"
    PROVE = "buktikan"
    RESET_PASSWORD = "sandi-baru"  # noqa: S105 (a name)
    CHANGE_CONTACT_OLD = "ubah-kontak"
    CHANGE_CONTACT_NEW = "kontak-baru"
    CLOSE_ACCOUNT = "tutup-akun"
    RECOVER = "pulihkan-akun"
    SEND_CLAIM = "pencairan"
    LINK_DESTINATION = "rekening"
    HEIR_CLAIM = "pencairan-ahli-waris"


# As the message names the act, in capitals so that nobody overlooks it.
ACTS = {
    Purpose.REGISTER: "DAFTAR AKUN",
    Purpose.SIGN_IN: "MASUK DI PERANGKAT BARU",
    Purpose.RESET_PASSWORD: "MEMBUAT KATA SANDI BARU",
    Purpose.CHANGE_CONTACT_OLD: "MENGGANTI KONTAK AKUN",
    Purpose.CHANGE_CONTACT_NEW: "MEMBUKTIKAN KONTAK ANDA",
    Purpose.CLOSE_ACCOUNT: "TUTUP AKUN",
    Purpose.RECOVER: "MEMULIHKAN AKUN",
    Purpose.SEND_CLAIM: "PENCAIRAN",
    Purpose.LINK_DESTINATION: "MENYAMBUNGKAN",
    Purpose.HEIR_CLAIM: "PENCAIRAN AHLI WARIS",
}
# What of the act's data the message names besides.
TOWARDS = {Purpose.CHANGE_CONTACT_OLD: " menjadi {}", Purpose.SEND_CLAIM: " {}",
           Purpose.LINK_DESTINATION: " {}", Purpose.HEIR_CLAIM: " {}"}
NEVER = "Jangan beri tahu siapa pun, petugas tidak pernah memintanya."


def code_sms(purpose, code, to=""):
    """The text that carries a code: what it is for, how long it lasts, and to tell nobody.

    :param to: what the act puts in place, masked and short, where ``TOWARDS`` says so.
    """
    return f"Purna: {show_code(code)} untuk {_act(purpose, to)}, berlaku 10 menit. {NEVER}"


def code_email(purpose, code, to=""):
    """The same as (subject, body) of an e-mail; the subject holds no code."""
    return (f"Kode Purna untuk {ACTS[purpose].lower()}",
            f"Kode Anda: {show_code(code)}\n\n"
            f"Kode ini untuk {_act(purpose, to)} dan berlaku 10 menit.\n{NEVER}\n\n"
            "Bukan Anda yang meminta? Abaikan email ini. Tanpa kode ini tidak ada yang berubah.\n")


def _act(purpose, to):
    return ACTS[purpose] + (TOWARDS.get(purpose, "").format(to) if to else "")
