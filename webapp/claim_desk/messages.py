"""What whoever made a claim is told about its review: {sms, email}, the e-mail as (subject, body).

An heir has no account to look into: what they have to do, they do at the branch.
"""

from webapp.claims.faults import label_of as fault_label
from webapp.claims.words import amount_of, label_of
from webapp.destinations.words import gsm_label, label
from webapp.formats import show_date, show_rupiah
from webapp.messages.outbox import shorten
from webapp.models.claims import BANKS, BY_HEIRS
from webapp.receipts.signing import show_number

NOTHING_TO_DO = "Anda tidak perlu melakukan apa-apa sekarang."


def taken_up(claim, until):
    """An officer has it."""
    return _told(claim, "Pencairan Anda sedang diperiksa",
                 f"sedang diperiksa. Putusan paling lambat {show_date(until)}.",
                 f"Kantor cabang mulai memeriksa pencairan Anda. Putusannya paling lambat "
                 f"{show_date(until)}.\n\n{NOTHING_TO_DO}")


def returned(claim, faults):
    """What is wrong, all of it at once.

    :param faults: pairs of code and sentence.
    """
    names = ", ".join(fault_label(code).lower() for code, _ in faults)
    wrong = "\n".join(f"- {fault_label(code)}: {sentence}" for code, sentence in faults)
    return _told(claim, "Pencairan Anda perlu diperbaiki",
                 f"perlu diperbaiki: {shorten(names, 44)}. {_where(claim)}",
                 f"Yang perlu diperbaiki:\n{wrong}\n\nYang lain sudah benar dan tetap tersimpan. "
                 f"{_where(claim, 'Perbaiki')}")


def interview_asked(claim):
    """A slot is to be chosen."""
    return _told(claim, "Pilih waktu wawancara",
                 f"perlu wawancara di kantor cabang. Pilih waktunya. {_where(claim)}",
                 "Pencairan sebesar ini perlu wawancara singkat di kantor cabang. "
                 f"{_where(claim, 'Pilih waktunya')} Bawa KTP dan dokumen asli.")


def interview_held(claim, until):
    """It was held; the decision is next."""
    return _told(claim, "Wawancara selesai",
                 f"sudah diwawancara. Putusan paling lambat {show_date(until)}.",
                 f"Wawancara Anda sudah selesai. Kantor cabang memutuskan paling lambat "
                 f"{show_date(until)}.\n\n{NOTHING_TO_DO}")


def agreed(claim):
    """One of two has agreed."""
    return _told(claim, "Satu petugas sudah setuju", None,
                 "Satu petugas sudah menyetujui pencairan Anda. Untuk jumlah sebesar ini, petugas "
                 f"kedua memeriksanya sekali lagi.\n\n{NOTHING_TO_DO}")


def sent_back(claim):
    """The second one wants it to be looked at again."""
    return _told(claim, "Pencairan Anda diperiksa sekali lagi", None,
                 "Petugas kedua meminta pencairan Anda diperiksa sekali lagi. Anda diberi tahu "
                 f"begitu ada putusan.\n\n{NOTHING_TO_DO}")


def approved(claim, amount, why_less):
    """It is granted; the bank is next.

    :param claim: with its destination.
    :param amount: what was approved, in rupiah.
    :param why_less: in the officer's words, where that is less than was asked for.
    """
    less = (f"Anda meminta {show_rupiah(claim.amount)}. Yang disetujui lebih kecil: {why_less}\n\n"
            if amount < claim.amount else "")
    wallet = "" if claim.destination.provider in BANKS else " sebagai e-wallet"
    return _told(claim, "Pencairan Anda disetujui",
                 f"DISETUJUI. Uang dikirim lewat bank ke {gsm_label(claim.destination)}.",
                 f"Pencairan Anda disetujui sebesar {show_rupiah(amount)}.\n\n{less}Uangnya "
                 f"dikirim ke {label(claim.destination)}{wallet}. Anda diberi tahu sesudah "
                 f"terkirim.\n\n{NOTHING_TO_DO}", amount)


def refused(claim, verdict):
    """It is not granted, and why."""
    return _told(claim, "Pencairan Anda ditolak", f"tidak disetujui. Alasannya: {_where(claim)}",
                 f"Kantor cabang tidak menyetujui pencairan Anda.\n\nAlasan: {verdict}\n\nSaldo "
                 "Anda tetap milik Anda. Jika alasannya sudah tidak berlaku, daftarkan lagi. Jika "
                 "keliru, datang ke kantor cabang dengan KTP dan buktinya.")


def _told(claim, subject, sms, body, amount=None):
    number = show_number(claim.case.number)
    much = show_rupiah(amount) if amount else amount_of(claim)
    text = sms and f"Purna: pencairan {much} {sms} Ref {number}."
    return {"sms": text, "email": (subject, f"{body}\n\nPencairan {label_of(claim)}, nomor "
                                   f"{number}")}


def _where(claim, act=""):
    """Where to go on, a sentence."""
    if claim.kind == BY_HEIRS:
        return f"{act} di kantor cabang.".strip().capitalize()
    return f"{act} di Purna > Pencairan.".strip() if act else "Buka Purna > Pencairan."
