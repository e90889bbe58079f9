"""What a worker is told about a switch, by SMS and e-mail: {sms, email as (subject, body)}."""

from webapp.formats import show_date, show_rupiah
from webapp.messages.outbox import shorten
from webapp.receipts.signing import show_number
from webapp.switch.faults import label_of

NOTHING_TO_DO = "Anda tidak perlu melakukan apa-apa sekarang."
BRING = "KTP, kartu keluarga, kartu peserta, dan paklaring"


def at_company(switch, until):
    """It was sent; the company is asked first."""
    name = switch.case.company.name
    return _told(switch, "Peralihan Anda ke Mandiri terkirim",
                 f"terkirim. {shorten(name, 30)} diminta menjawab paling lambat "
                 f"{show_date(until)}.",
                 f"Peralihan Anda ke Mandiri sudah terkirim. {name} diminta mengakhiri "
                 f"kepesertaan Anda, dan menjawab paling lambat {show_date(until)}. Jika lewat, "
                 f"kantor cabang mengambil alih dengan sendirinya.\n\n{NOTHING_TO_DO}")


def at_branch(switch, until):
    """The membership has ended: the branch looks at it."""
    return _told(switch, "Kantor cabang memeriksa peralihan Anda",
                 f"diperiksa kantor cabang. Putusan paling lambat {show_date(until)}.",
                 f"Kepesertaan Anda di {switch.case.company.name} berakhir. Kantor cabang "
                 f"memeriksa peralihan Anda ke Mandiri, paling lambat {show_date(until)}. "
                 f"Mulainya {show_date(switch.starts_on)}.\n\n{NOTHING_TO_DO}")


def after_request(switch):
    """It was sent, and waits for what was asked of the company before."""
    name = switch.case.company.name
    return _told(switch, "Peralihan Anda ke Mandiri terkirim",
                 f"terkirim, dan menunggu permohonan nonaktif Anda di {shorten(name, 30)}.",
                 f"Peralihan Anda ke Mandiri sudah terkirim. Kantor cabang memeriksanya begitu "
                 f"permohonan nonaktif Anda di {name} selesai.\n\n{NOTHING_TO_DO}")


def held_up(switch, reason):
    """The company said no: what now."""
    name = switch.case.company.name
    return _told(switch, "Perusahaan menolak, ini yang bisa dilakukan",
                 f"menunggu: {shorten(name, 30)} menolak. Datang ke kantor cabang dengan KTP.",
                 f"{name} menolak mengakhiri kepesertaan Anda.\n\nAlasan: {reason}\n\nPeralihan "
                 "Anda ke Mandiri tetap tersimpan dan menunggu. Jika Anda memang sudah berhenti, "
                 f"datang ke kantor cabang dengan {BRING}. Begitu kepesertaan itu berakhir, "
                 "peralihan ini jalan lagi dengan sendirinya.")


def stopped_waiting(switch):
    """What was asked of the company before is over, and nothing has ended: what now."""
    name = switch.case.company.name
    return _told(switch, "Peralihan Anda menunggu, ini yang bisa dilakukan",
                 f"menunggu: permohonan nonaktif di {shorten(name, 30)} tidak berjalan. Buka "
                 "Purna.",
                 f"Permohonan nonaktif Anda di {name} tidak berjalan lagi, dan kepesertaan Anda di "
                 "sana belum berakhir.\n\nPeralihan Anda ke Mandiri tetap tersimpan dan menunggu. "
                 f"Jika Anda memang sudah berhenti, datang ke kantor cabang dengan {BRING}. Atau "
                 "ajukan lagi permohonan nonaktif di Purna > Kepesertaan.")


def returned(switch, faults):
    """What is wrong, all of it at once.

    :param faults: pairs of code and sentence.
    """
    names = ", ".join(label_of(code).lower() for code, _ in faults)
    wrong = "\n".join(f"- {label_of(code)}: {sentence}" for code, sentence in faults)
    return _told(switch, "Peralihan Anda perlu diperbaiki",
                 f"perlu diperbaiki: {shorten(names, 44)}. Buka Purna > Kepesertaan.",
                 f"Yang perlu diperbaiki:\n{wrong}\n\nYang lain sudah benar dan tetap tersimpan. "
                 "Perbaiki di Purna > Kepesertaan.")


def corrected(switch, until):
    """What was wrong was put right."""
    return _told(switch, "Perbaikan Anda terkirim",
                 f"sudah diperbaiki. Kantor cabang memeriksa paling lambat {show_date(until)}.",
                 "Perbaikan Anda sudah terkirim. Kantor cabang memeriksanya lagi paling lambat "
                 f"{show_date(until)}.\n\n{NOTHING_TO_DO}")


def approved(switch, bill):
    """It is granted: the first contribution is next."""
    much, until = show_rupiah(bill.amount), show_date(bill.expires_on)
    return _told(switch, "Peralihan Anda disetujui, bayar iuran pertama",
                 f"disetujui. Bayar {much} sampai {until}: buka Purna > Kepesertaan.",
                 f"Peralihan Anda ke Mandiri disetujui. Bayar iuran pertama sebesar {much} sampai "
                 f"{until}. Kode bayarnya ada di Purna > Kepesertaan > Iuran.\n\nKepesertaan "
                 f"mandiri Anda mulai {show_date(switch.starts_on)}, begitu iuran ini dibayar.")


def refused(switch, verdict):
    """It is not granted, and why."""
    return _told(switch, "Peralihan Anda ditolak",
                 "tidak disetujui. Alasannya: buka Purna > Kepesertaan.",
                 f"Kantor cabang tidak menyetujui peralihan Anda ke Mandiri.\n\nAlasan: {verdict}"
                 "\n\nSaldo JHT Anda tetap milik Anda. Jika alasannya sudah tidak berlaku, ajukan "
                 "lagi.")


def withdrawn(switch):
    """It goes no further."""
    return _told(switch, "Peralihan Anda dibatalkan",
                 "DIBATALKAN dari akun Anda. Bukan Anda? Masuk ke Purna dan ganti kata sandi.",
                 "Peralihan Anda ke Mandiri dibatalkan dari akun Anda. Anda bisa mengajukannya "
                 "lagi kapan saja.\n\nBukan Anda yang membatalkannya? Masuk ke Purna, lalu ganti "
                 "kata sandi Anda.")


def began(switch, own):
    """The first contribution is paid."""
    return _told(switch, "Kepesertaan mandiri Anda aktif",
                 f"selesai. Kepesertaan mandiri Anda aktif mulai {show_date(own.started_on)}.",
                 f"Iuran pertama sudah kami terima. Kepesertaan mandiri Anda aktif mulai "
                 f"{show_date(own.started_on)}, dengan kartu {_ending(switch.membership.kpj)}.\n\n"
                 "Setiap awal bulan kami kabarkan iuran berikutnya.")


def _ending(kpj):
    return f"yang berakhiran {kpj[-4:]}"


def _told(switch, subject, sms, body):
    number = show_number(switch.case.number)
    return {"sms": f"Purna: peralihan ke Mandiri {sms} Ref {number}.",
            "email": (subject, f"{body}\n\nNomor peralihan: {number}")}
