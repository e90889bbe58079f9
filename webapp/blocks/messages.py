"""What somebody is told about a block of their account: {sms, email}."""

from webapp.blocks.words import REASONS
from webapp.clock import show_moment
from webapp.formats import show_date

OBJECT = "Keliru? Masuk ke Purna dan isi Formulir pengaduan."


def confirmed(block):
    """It holds from now on."""
    why, until = REASONS[block.reason].told, show_date(block.until)
    return {"sms": f"Purna: akun Anda diblokir sampai {until}, karena {why}. {OBJECT}",
            "email": ("Akun Purna Anda diblokir",
                      f"Akun Anda diblokir sampai {until}. Sebabnya: {why}.\n\n"
                      "Semua perangkat sudah keluar. Anda masih bisa masuk untuk membaca sebabnya. "
                      "Kepesertaan dan saldo Anda tetap milik Anda. Pembayaran menunggu.\n\n"
                      f"{OBJECT} Formulir itu juga bisa diisi tanpa masuk: buka Kontak > "
                      "Formulir pengaduan.\n")}


def rescheduled(until):
    """Its last day is another one."""
    return {"sms": f"Purna: akun Anda sekarang diblokir sampai {show_date(until)}. {OBJECT}",
            "email": ("Blokir akun Purna Anda berubah",
                      f"Akun Anda sekarang diblokir sampai {show_date(until)}.\n\n{OBJECT}\n")}


def ended(closes_at):
    """The account is what it was before.

    :param closes_at: when it closes, where its owner had asked for that; or None.
    """
    more = f" Penutupan akun berjalan lagi: {show_moment(closes_at)}." if closes_at else ""
    return {"sms": f"Purna: akun Anda tidak diblokir lagi. Masuk seperti biasa.{more}",
            "email": ("Akun Purna Anda tidak diblokir lagi",
                      "Akun Anda tidak diblokir lagi. Semuanya seperti sebelumnya. Masuk seperti "
                      f"biasa.{more}\n")}
