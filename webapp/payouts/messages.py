"""What whoever made a claim is told about the payment: {sms, email}, the e-mail as (subject, body).
An SMS holds no full number."""

from webapp.claims.words import label_of
from webapp.destinations.words import gsm_label, label
from webapp.formats import show_date, show_rupiah
from webapp.models.claims import BY_HEIRS
from webapp.receipts.signing import show_number


def paid(payout, day):
    """The money is on its way, as the bank says.

    :param payout: with its claim and case.
    :param day: when the bank sent it.
    """
    when, much = show_date(day), show_rupiah(payout.amount)
    return _told(
        payout, "Pencairan Anda sudah dibayar",
        f"sudah dikirim ke {gsm_label(payout)} pada {when}.",
        f"Pencairan {label_of(payout.claim)} sebesar {much} sudah dikirim ke {label(payout)} pada "
        f"{when}.\n\nAnda tidak perlu melakukan apa-apa. Jika uangnya belum masuk sesudah dua "
        "hari kerja, tanyakan ke bank Anda, lalu ke kantor cabang.")


def bounced(payout, problem):
    """The bank did not pay: why, and what to do.

    :param problem: the bank's words.
    """
    is_heirs = payout.claim.kind == BY_HEIRS
    todo = ("Datang ke kantor cabang dengan buku rekening Anda." if is_heirs
            else "Sambungkan rekening atau e-wallet: buka Purna > Pencairan.")
    return _told(
        payout, "Pembayaran pencairan Anda gagal",
        f"belum terkirim: ditolak bank. {todo}",
        f"Bank tidak bisa mengirim {show_rupiah(payout.amount)} ke {label(payout)}.\n\n"
        f"Alasan dari bank: {problem}\n\n{todo} Persetujuannya tetap berlaku, jadi Anda tidak "
        "perlu mendaftar lagi.")


def _told(payout, subject, sms, body):
    number = show_number(payout.claim.case.number)
    return {"sms": f"Purna: pencairan {show_rupiah(payout.amount)} {sms} Ref {number}.",
            "email": (subject, f"{body}\n\nNomor pencairan: {number}")}
