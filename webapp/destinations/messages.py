"""What somebody is told about a destination whose holder's name the branch compares: {sms, email}.
What is linked or cut is told as ``holds.messages`` and ``accounts.notices`` say."""

from webapp.destinations.words import gsm_label, label
from webapp.formats import show_date
from webapp.receipts.signing import show_number

LINKED = "{} tersambung untuk menerima pencairan"     # the first one ever: nothing waits
NEW, GONE = "{} tersambung", "{} diputus"             # a change: an SMS has room for no more


def in_review(destination, case, until):
    """The branch compares the names."""
    return _told(destination, case, "Nama pemilik rekening diperiksa",
                 "diperiksa kantor cabang karena nama pemiliknya berbeda dari nama Anda. "
                 f"Hasilnya paling lambat {show_date(until)}.",
                 "belum tersambung. Nama pemiliknya berbeda dari nama Anda, jadi kantor cabang "
                 f"memeriksanya dulu. Hasilnya paling lambat {show_date(until)}.\n\n"
                 "Anda tidak perlu melakukan apa-apa sekarang.\n\n"
                 "Bukan Anda? Buka Purna > Profil > Ini bukan saya.")


def refused(destination, case, verdict):
    """The branch did not link it, and why."""
    return _told(destination, case, "Rekening tidak disambungkan",
                 "tidak disambungkan. Alasannya: buka Purna > Pencairan > Rekening.",
                 f"tidak disambungkan.\n\nAlasan: {verdict}\n\n"
                 "Sambungkan rekening atau e-wallet atas nama Anda sendiri: "
                 "buka Purna > Pencairan > Rekening.")


def _told(destination, case, subject, sms, body):
    return {"sms": f"Purna: {gsm_label(destination)} {sms}",
            "email": (subject, f"{label(destination)} {body}\n\n"
                               f"Nomor pemeriksaan: {show_number(case.number)}")}
