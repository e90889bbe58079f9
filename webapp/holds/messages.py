"""What is told of a payout that waits, was stopped, or goes on. An SMS holds no link."""

from webapp.accounts.notices import OUT_OF_REACH
from webapp.clock import WIB, show_moment
from webapp.deactivation.messages import SHORT_MONTHS
from webapp.receipts.signing import show_number

STOP_PATH = "/hentikan-pencairan"
_where = {"address": ""}


def use_address(base_url):
    """Set where Purna is, as the link in an e-mail names it."""
    _where["address"] = base_url


def held(what, until, number, now):
    """To a contact that may be trusted: what was changed, and the code that stops payouts.

    :param what: a sentence without its full stop: "nomor ponsel akun Anda diganti".
    :returns: (sms, (subject, body)); so do the others.
    """
    code = show_number(number)
    sms = (f"Purna: {what}. Pencairan menunggu sampai {_short(until)}. Bukan Anda? "
           f"Buka Masuk > Hentikan pencairan, kode {code}")
    body = (f"{_said_at(what, now)}{_waits(until)}\n\n"
            "Jika Anda yang melakukannya, tidak ada yang perlu dilakukan.\n\n"
            f"Bukan Anda? Hentikan pencairan sekarang juga:\n{_where['address']}{STOP_PATH}\n"
            f"Kode: {code}\n\n"
            "Atau buka Purna > Masuk > Hentikan pencairan, lalu ketik kode itu. "
            "Kami tidak pernah meminta kode ini lewat telepon.\n")
    return sms, ("Keamanan akun Purna Anda", body)


def changed(what, until, now):
    """To a contact that came with the change: the same without the code."""
    return (f"Purna: {what}. Pencairan menunggu sampai {_short(until)}. {OUT_OF_REACH}",
            ("Keamanan akun Purna Anda",
             f"{_said_at(what, now)}{_waits(until)}\n\n"
             f"Jika Anda yang melakukannya, tidak ada yang perlu dilakukan.\n{OUT_OF_REACH}\n"))


def stopped(at_bank, now):
    """To everybody: nothing is paid until the branch has met the person.

    :param at_bank: whether a payment is at the bank already, where we cannot stop it.
    """
    bank = ("Satu pembayaran sudah diproses bank dan tidak bisa kami hentikan. "
            "Tanyakan di kantor cabang.\n\n" if at_bank else "")
    return ("Purna: pencairan akun Anda DIHENTIKAN dan rekening diputus. Semua perangkat keluar. "
            "Datang ke kantor cabang dengan KTP untuk membukanya lagi.",
            ("Pencairan akun Purna Anda dihentikan",
             f"{_said_at('pencairan akun Anda dihentikan', now)}"
             "Rekening yang tersambung diputus. Semua perangkat keluar dari akun. "
             "Tidak ada yang dibayar sampai pencairan dibuka lagi.\n\n"
             f"{bank}Datang ke kantor cabang dengan KTP. Petugas memasang kontak Anda yang benar "
             "dan membuka pencairan lagi.\n"))


def lifted(now):
    """To the contacts that the branch put in place."""
    return ("Purna: pencairan akun Anda dibuka lagi. Sambungkan rekening Anda: "
            "buka Purna > Pencairan > Rekening.",
            ("Pencairan akun Purna Anda dibuka lagi",
             f"{_said_at('pencairan akun Anda dibuka lagi', now)}"
             "Sambungkan rekening atau e-wallet Anda: buka Purna > Pencairan > Rekening.\n"))


def _said_at(what, now):
    return f"{what[0].upper()}{what[1:]}.\n\nWaktunya {show_moment(now)}.\n\n"


def _waits(until):
    return f"Demi keamanan, pencairan baru dibayar sesudah {show_moment(until)}."


def _short(moment):
    local = moment.astimezone(WIB)
    return (f"{local.day} {SHORT_MONTHS[local.month - 1]} {local.year} "
            f"{local.hour:02}.{local.minute:02}")
