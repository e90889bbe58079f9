"""What a worker is told about a claim, by SMS and e-mail: (sms, (subject, body))."""

from webapp.claims.words import amount_of, label_of
from webapp.formats import show_date
from webapp.receipts.signing import show_number

NOTHING_TO_DO = "Anda tidak perlu melakukan apa-apa sekarang."
NOT_YOU = ("Bukan Anda yang melakukannya? Segera batalkan di Purna > Pencairan, lalu hubungi "
           "kantor cabang.")


def submitted(claim, until, secret):
    """It is registered: how to follow it, also without signing in.

    :param secret: the letters that show its state to whoever has them.
    """
    return _told(
        claim, "Pencairan Anda terdaftar",
        f"terdaftar. Kantor cabang memutuskan paling lambat {show_date(until)}.",
        f"{_what(claim)} terdaftar. Kantor cabang memutuskan paling lambat {show_date(until)}.\n\n"
        f"Untuk melacak tanpa masuk: buka Purna > Lacak, lalu ketik nomor pencairan dan huruf "
        f"rahasia ini: {secret}. Jangan berikan huruf rahasia kepada orang lain.\n\n"
        f"{NOTHING_TO_DO}\n\n{NOT_YOU}")


def corrected(claim, until):
    """What was wrong was put right."""
    return _told(
        claim, "Perbaikan Anda terkirim",
        f"sudah diperbaiki. Kantor cabang memeriksanya lagi paling lambat {show_date(until)}.",
        f"Perbaikan Anda untuk {_what(claim)} sudah terkirim. Kantor cabang memeriksanya lagi "
        f"paling lambat {show_date(until)}.\n\n{NOTHING_TO_DO}\n\n{NOT_YOU}")


def withdrawn(claim):
    """It goes no further."""
    return _told(
        claim, "Pencairan Anda dibatalkan",
        "DIBATALKAN dari akun Anda. Bukan Anda? Masuk ke Purna dan ganti kata sandi.",
        f"{_what(claim)} dibatalkan dari akun Anda. Uangnya tidak dikirim. Anda bisa mendaftar "
        "lagi kapan saja.\n\nBukan Anda yang membatalkannya? Masuk ke Purna, lalu ganti kata "
        "sandi Anda.")


def _told(claim, subject, sms, body):
    number = show_number(claim.case.number)
    return {"sms": f"Purna: pencairan {amount_of(claim)} {sms} Ref {number}.",
            "email": (subject, f"{body}\n\nNomor pencairan: {number}")}


def _what(claim):
    return f"Pencairan {label_of(claim)} sebesar {amount_of(claim)}"
