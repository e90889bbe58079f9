"""What a worker is told about contributions: {sms, email as (subject, body)}.

The payment code stands in no message: whoever finds one in a message knows that it is false.
"""

from webapp.bills.words import months_of
from webapp.formats import show_date, show_rupiah
from webapp.months import show_month

WHERE = ("Kode bayarnya ada di Purna > Kepesertaan > Iuran. Kami tidak pernah mengirimnya lewat "
         "pesan.")


def due(bill):
    """A month's contribution can be paid."""
    much, until = show_rupiah(bill.amount), show_date(bill.expires_on)
    return _told(f"Iuran {_last_month(bill)}",
                 f"iuran {_last_month(bill)} {much}, bayar sampai {until}. Kodenya di Purna > "
                 "Iuran.",
                 f"Iuran kepesertaan mandiri Anda untuk {months_of(bill)} sebesar {much}. Bayar "
                 f"sampai {until}.\n\n{WHERE}")


def behind(bill, lapses_on):
    """Months before this one are not paid."""
    much, day = show_rupiah(bill.amount), show_date(lapses_on)
    return _told("Iuran Anda menunggak",
                 f"iuran Anda menunggak {bill.months} bulan, {much}. Tidak dibayar? Nonaktif mulai "
                 f"{day}. Kodenya di Purna > Iuran.",
                 f"Iuran kepesertaan mandiri Anda belum dibayar untuk {months_of(bill)}: {much}. "
                 f"Jika tetap tidak dibayar, kepesertaan itu nonaktif mulai {day}.\n\n{WHERE}")


def lapsed(own, most_owed):
    """Nothing was paid for too long.

    :param most_owed: so many months can be owed before.
    """
    return _told("Kepesertaan mandiri Anda nonaktif",
                 "kepesertaan mandiri Anda nonaktif karena iuran tidak dibayar. Bisa diaktifkan "
                 "lagi di Purna > Iuran.",
                 f"Kepesertaan mandiri Anda nonaktif karena iurannya lebih dari {most_owed} bulan "
                 f"tidak dibayar. Perlindungannya sampai {show_date(own.ended_on)}.\n\nAnda bisa "
                 "mengaktifkannya lagi kapan saja di Purna > Kepesertaan > Iuran. Yang dibayar "
                 "hanya bulan itu. Bulan-bulan sebelumnya tidak ditagih.")


def paid(bill, own):
    """A contribution has come."""
    much = show_rupiah(bill.amount)
    return _told("Iuran Anda sudah kami terima",
                 f"iuran {much} sudah kami terima. Lunas sampai {show_month(own.paid_until)}.",
                 f"Iuran kepesertaan mandiri Anda sebesar {much} sudah kami terima, dibayar "
                 f"{show_date(bill.paid_on)}. Iuran lunas sampai {show_month(own.paid_until)}.")


def active_again(bill, own):
    """It lapsed, and goes on."""
    much, start = show_rupiah(bill.amount), show_date(own.started_on)
    return _told("Kepesertaan mandiri Anda aktif lagi",
                 f"iuran {much} sudah kami terima. Kepesertaan mandiri Anda aktif lagi mulai "
                 f"{start}.",
                 f"Iuran sebesar {much} sudah kami terima, dibayar {show_date(bill.paid_on)}. "
                 f"Kepesertaan mandiri Anda aktif lagi mulai {start}. Bulan-bulan sebelumnya "
                 "tidak ditagih.")


def expired(bill):
    """A first contribution was not paid in time."""
    return _told("Kode bayar Anda tidak berlaku lagi",
                 f"kode bayar iuran {show_rupiah(bill.amount)} tidak berlaku lagi. Minta kode baru "
                 "di Purna > Iuran.",
                 f"Iuran {show_rupiah(bill.amount)} untuk {months_of(bill)} belum dibayar sampai "
                 f"{show_date(bill.expires_on)}, jadi kode bayarnya tidak berlaku lagi.\n\nMinta "
                 "kode baru di Purna > Kepesertaan > Iuran. Sudah membayar? Tunggu kabar dari "
                 "bank. Uang yang dibayar tetap dihitung.")


def not_counted(bill):
    """It was paid for a switch that was taken back."""
    much = show_rupiah(bill.amount)
    return _told("Iuran Anda dikembalikan",
                 f"iuran {much} kami terima, tetapi peralihan Anda sudah dibatalkan. Uangnya "
                 "dikembalikan.",
                 f"Iuran {much}, dibayar {show_date(bill.paid_on)}, kami terima. Peralihan Anda ke "
                 "Mandiri sudah dibatalkan, jadi uang itu dikembalikan.")


def _last_month(bill):
    return months_of(bill).rpartition(" sampai ")[2]


def _told(subject, sms, body):
    return {"sms": f"Purna: {sms}", "email": (subject, body)}
