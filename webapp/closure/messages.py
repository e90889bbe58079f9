"""What somebody is told who closes the account. An SMS fits one GSM message and holds no link."""

from webapp.clock import WIB, show_moment
from webapp.deactivation.messages import SHORT_MONTHS
from webapp.receipts.signing import show_number


def asked(closure, number):
    """Texts about a closure that waits: (sms, (subject, body)).

    :param number: the code that cancels it.
    """
    code, due = show_number(number), show_moment(closure.due_at)
    sms = (f"Purna: akun Anda akan DITUTUP {_short(closure.due_at)}. Bukan Anda atau ingin batal? "
           f"Masuk ke Purna atau buka Masuk > Batalkan penutupan akun: {code}")
    body = (
        f"Anda meminta akun Purna Anda ditutup.\n\nAkun ditutup: {due}\n"
        f"Kode batal: {code}\n\n"
        "Sampai saat itu Anda bisa membatalkannya. Masuk ke Purna dan tekan Batalkan penutupan "
        "akun. Atau buka Masuk > Batalkan penutupan akun, lalu ketik kode batal di atas.\n\n"
        "Bukan Anda yang meminta? Batalkan sekarang juga, lalu ganti kata sandi Anda.\n\n"
        "Sesudah ditutup, kontak dan kata sandi Anda kami hapus. Purna tidak bisa lagi mengabari "
        "Anda. Kepesertaan, saldo, dan tanda terima tetap ada.\n\nPurna\n")
    return sms, ("Akun Purna Anda akan ditutup", body)


def closed(now):
    """The last texts that an account gets: (sms, (subject, body))."""
    sms = ("Purna: akun Anda sudah DITUTUP. Kontak dan kata sandi Anda kami hapus. "
           "Kepesertaan dan saldo tetap ada. Anda boleh mendaftar lagi kapan saja.")
    body = (
        f"Akun Purna Anda ditutup {show_moment(now)}.\n\n"
        "Kontak dan kata sandi Anda sudah kami hapus. Alamat email ini juga kami hapus "
        "setelah pesan ini terkirim. Ini pesan terakhir dari kami.\n\n"
        "Kepesertaan, saldo, dan tanda terima Anda tetap ada. Anda boleh mendaftar lagi kapan "
        "saja dengan NIK yang sama.\n\nPurna\n")
    return sms, ("Akun Purna Anda sudah ditutup", body)


def _short(moment):
    local = moment.astimezone(WIB)
    return (f"{local.day} {SHORT_MONTHS[local.month - 1]} {local.year} "
            f"pukul {local.hour:02}.{local.minute:02} WIB")
