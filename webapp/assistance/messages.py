"""What somebody is told about assistance: {sms, email}, the e-mail as (subject, body)."""

from webapp.formats import show_date, show_rupiah
from webapp.messages.gsm import shorten
from webapp.models.programmes import CHECKED, DISBURSED, HELD, PLANNED

MOST_IN_SMS = 30     # characters of a programme's name


def changed(assistance, state, day, note):
    """It stands elsewhere now.

    :param day: the day it is scheduled for, or was paid on; or None.
    :param note: why, or empty.
    """
    what, todo = _words(state, day)
    name = f"Bantuan {assistance.programme.name}"
    return {
        "sms": f"Purna: bantuan {shorten(assistance.programme.name, MOST_IN_SMS)} "
               f"{show_rupiah(assistance.amount)} {what}. Buka Purna > Bantuan saya.",
        "email": (f"{name}: {what}",
                  f"{name} sebesar {show_rupiah(assistance.amount)} {what}.\n"
                  f"{f'{chr(10)}Keterangan: {note}{chr(10)}' if note else ''}\n{todo}"),
    }


def _words(state, day):
    if state == PLANNED:
        return (f"dijadwalkan {show_date(day)}",
                "Uangnya dikirim ke rekening atau e-wallet yang tersambung. Belum ada? Buka Purna "
                "> Bantuan saya.")
    if state == DISBURSED:
        return (f"dikirim {show_date(day)}",
                "Jika uangnya belum masuk sesudah dua hari kerja, tanyakan ke bank Anda, lalu ke "
                "kantor cabang.")
    if state == CHECKED:
        return "sedang dicek", "Anda tidak perlu melakukan apa-apa."
    if state == HELD:
        return "tertahan", "Uangnya tidak hilang. Buka Purna > Bantuan saya."
    return "gagal dikirim", "Buka Purna > Bantuan saya, atau datang ke kantor cabang dengan KTP."
