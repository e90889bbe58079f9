"""What the worker is told. An SMS fits one GSM message and holds no link, NIK or full number."""

from webapp.deactivation.reasons import REASONS
from webapp.formats import show_date, show_rupiah
from webapp.messages.outbox import shorten
from webapp.models.deactivations import SCHEDULED
from webapp.receipts.signing import show_number

SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")


def filed(membership, deactivation, receipt, objection_days, continuing=None):
    """Texts about a deactivation just filed: (sms, (subject, body)).

    :param continuing: what going on alone costs a month at least, in rupiah; None where the reason
        does not lead there.
    """
    number = show_number(receipt.number)
    sms = (f"Purna: {_who(deactivation, membership)} {_what(deactivation, membership)}. "
           f"Benar atau keliru? Buka Purna > Kepesertaan. Ref {number}.")
    return sms, ("Kepesertaan Anda dilaporkan berakhir",
                 _letter(membership, deactivation, number, objection_days, continuing))


def as_asked(membership, deactivation, receipt, objection_days, continuing=None):
    """The same to a worker who asked for it."""
    number = show_number(receipt.number)
    sms = (f"Purna: permohonan Anda selesai. {_who(deactivation, membership)} "
           f"{_what(deactivation, membership)}. Tanda terima {number}.")
    return sms, ("Permohonan nonaktif Anda selesai",
                 _letter(membership, deactivation, number, objection_days, continuing))


def _letter(membership, deactivation, number, objection_days, continuing):
    company = membership.company.name
    told = (f"Kantor cabang menonaktifkan kepesertaan Anda di {company}."
            if deactivation.branch_id else
            f"{company} melaporkan bahwa kepesertaan Anda berakhir.")
    return (
        f"Halo {membership.worker.name},\n\n"
        f"{told}\n\n"
        f"Sebab: {REASONS[deactivation.reason].label}\n"
        f"Hari kerja terakhir: {show_date(deactivation.last_day)}\n"
        f"Nomor tanda terima: {number}\n\n"
        "Jika benar, Anda tidak perlu melakukan apa-apa. Saldo Anda tetap milik Anda.\n"
        f"{_going_on(continuing)}"
        f"Jika keliru, sanggah dalam {objection_days} hari: buka Purna > Kepesertaan > Sanggah. "
        "Bisa juga di kantor cabang, dengan nomor tanda terima ini.\n\n"
        "Petugas tidak pernah meminta kata sandi atau kode Anda.\nPurna\n")


def _going_on(continuing):
    if not continuing:
        return ""
    return (f"Lanjutkan sendiri: mulai {show_rupiah(continuing)} sebulan. Buka Purna > "
            "Kepesertaan > Beralih ke Mandiri.\n")


def undone(membership, deactivation, number):
    """Texts about a deactivation taken back: (sms, (subject, body))."""
    company = membership.company.name
    if deactivation.reason == "SLH":
        what, which = "laporan salah data tentang Anda", "karena salah data"
    else:
        what = "laporan berhenti bekerja Anda"
        which = f"bahwa Anda berhenti bekerja per {show_date(deactivation.last_day)}"
    who = "Kantor cabang" if deactivation.branch_id else company
    sms = (f"Purna: {shorten(who, 30)} membatalkan {what}. "
           f"Kepesertaan Anda aktif lagi. Ref {number}.")
    body = (
        f"Halo {membership.worker.name},\n\n"
        f"{who} membatalkan laporan {which}.\nKepesertaan Anda aktif lagi seperti semula.\n\n"
        f"Nomor tanda terima: {number}\n\nPurna\n")
    return sms, ("Kepesertaan Anda aktif lagi", body)


def _who(deactivation, membership):
    return "Kantor cabang" if deactivation.branch_id else shorten(membership.company.name, 30)


def _what(deactivation, membership):
    if deactivation.reason == "SLH":
        return "menonaktifkan kepesertaan Anda karena salah data"
    if deactivation.branch_id:
        return (f"menonaktifkan kepesertaan Anda di {shorten(membership.company.name, 22)} per "
                f"{_short(deactivation.last_day)}")
    tense = "akan berhenti" if deactivation.state == SCHEDULED else "berhenti"
    return f"melaporkan Anda {tense} bekerja per {_short(deactivation.last_day)}"


def _short(day):
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year}"
