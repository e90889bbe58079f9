"""What a worker is told about the slot of an interview: {sms, email}."""

from webapp.claims.words import label_of
from webapp.clock import show_moment
from webapp.messages.outbox import shorten
from webapp.receipts.signing import show_number


def booked(claim, starts_at):
    """It is theirs."""
    when, branch = show_moment(starts_at), claim.case.branch.name
    return _told(claim, "Waktu wawancara Anda",
                 f"wawancara pencairan {when}, {shorten(branch, 40)}. Bawa KTP asli.",
                 f"Wawancara Anda {when} di {branch}.\n\nBawa KTP dan dokumen asli. Tidak bisa "
                 "datang? Ganti waktunya paling lambat sehari sebelumnya: buka Purna > Pencairan.")


def cancelled(claim):
    """It is given back; another one is to be chosen."""
    return _told(claim, "Waktu wawancara dibatalkan",
                 "waktu wawancara Anda dibatalkan. Pilih waktu lain: buka Purna > Pencairan.",
                 "Waktu wawancara Anda dibatalkan. Pencairan Anda menunggu sampai Anda memilih "
                 "waktu lain: buka Purna > Pencairan.")


def _told(claim, subject, sms, body):
    number = show_number(claim.case.number)
    return {"sms": f"Purna: {sms} Ref {number}.",
            "email": (subject, f"{body}\n\nPencairan {label_of(claim)}, nomor {number}")}
