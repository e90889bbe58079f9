"""What worker and company are told about a request: (sms, (subject, body)) for the worker, a pair
(subject, body) for the company."""

from webapp.formats import show_date
from webapp.messages.outbox import shorten
from webapp.receipts.signing import show_number

NOTHING_TO_DO = "Anda tidak perlu melakukan apa-apa sekarang."


def _about(case):
    return f"Nomor permohonan: {show_number(case.number)}"


def asked(case, until):
    """To the worker: it is with the company."""
    return _worker(case, "Permohonan Anda sampai di perusahaan",
                   f"permohonan nonaktif Anda sudah sampai di {_company(case)}. "
                   f"Jawaban paling lambat {show_date(until)}.",
                   f"Permohonan Anda sudah sampai di {case.company.name}. Perusahaan menjawab "
                   f"paling lambat {show_date(until)}. Jika lewat, kantor cabang mengambil alih "
                   f"dengan sendirinya.\n\n{NOTHING_TO_DO}")


def asked_company(case, until):
    """To the company: somebody asks."""
    return ("Seorang pekerja mengajukan nonaktif",
            f"{case.worker.name} meminta kepesertaannya di {case.company.name} diakhiri.\n\n"
            f"Buka Purna > Permohonan, lalu setujui atau tolak paling lambat {show_date(until)}. "
            f"Sesudah itu kantor cabang mengambil alih.\n\n{_about(case)}")


def approved(case):
    """To the worker: the form is next."""
    return _worker(case, "Permohonan Anda disetujui",
                   f"{_company(case)} menyetujui permohonan nonaktif Anda. "
                   "Isi formulirnya: buka Purna > Kepesertaan.",
                   f"{case.company.name} menyetujui permohonan nonaktif Anda.\n\n"
                   "Langkah berikutnya: isi formulir nonaktif. Buka Purna > Kepesertaan.")


def approved_filled(case, until):
    """To the worker whose form came with the request: the company confirms next."""
    return _worker(case, "Perusahaan menyetujui",
                   f"{_company(case)} menyetujui permohonan nonaktif Anda. "
                   f"Konfirmasi paling lambat {show_date(until)}.",
                   f"{case.company.name} menyetujui permohonan nonaktif Anda. Formulir Anda sudah "
                   f"ikut terkirim. Perusahaan mengonfirmasinya paling lambat {show_date(until)}. "
                   f"Jika lewat, kantor cabang mengambil alih dengan sendirinya.\n\n"
                   f"{NOTHING_TO_DO}")


def refused(case, reason):
    """To the worker: the company said no, and why."""
    return _worker(case, "Permohonan Anda ditolak",
                   f"{_company(case)} menolak permohonan nonaktif Anda. "
                   "Alasannya: buka Purna > Kepesertaan.",
                   f"{case.company.name} menolak permohonan nonaktif Anda.\n\nAlasan: {reason}\n\n"
                   "Jika alasannya keliru, ajukan lagi atau datang ke kantor cabang dengan KTP, "
                   "kartu keluarga, kartu peserta, dan paklaring.")


def refused_by_branch(case, reason):
    """To the worker: the branch said no, and why."""
    return _worker(case, "Permohonan Anda ditolak kantor cabang",
                   "kantor cabang menolak permohonan nonaktif Anda. "
                   "Alasannya: buka Purna > Kepesertaan.",
                   f"Kantor cabang menolak permohonan nonaktif Anda.\n\nAlasan: {reason}")


def refused_by_branch_company(case):
    """To the company: the branch decided."""
    return ("Permohonan nonaktif ditolak kantor cabang",
            f"Kantor cabang menolak permohonan nonaktif {case.worker.name}. "
            f"Anda tidak perlu melakukan apa-apa.\n\n{_about(case)}")


def filled(case, until):
    """To the worker: the form is with the company."""
    return _worker(case, "Formulir Anda sampai di perusahaan",
                   f"formulir nonaktif Anda sudah sampai di {_company(case)}. "
                   f"Konfirmasi paling lambat {show_date(until)}.",
                   f"Formulir Anda sudah sampai di {case.company.name}. Perusahaan "
                   f"mengonfirmasinya paling lambat {show_date(until)}. Jika lewat, kantor cabang "
                   f"mengambil alih dengan sendirinya.\n\n{NOTHING_TO_DO}")


def filled_company(case, until):
    """To the company: what is left is to confirm."""
    return ("Formulir nonaktif menunggu konfirmasi Anda",
            f"{case.worker.name} sudah mengisi formulir nonaktif.\n\nBuka Purna > Permohonan, "
            f"periksa, lalu konfirmasi paling lambat {show_date(until)}.\n\n{_about(case)}")


def withdrawn_company(case):
    """To the company: the worker took it back."""
    return ("Permohonan nonaktif ditarik",
            f"{case.worker.name} menarik kembali permohonan nonaktifnya. "
            f"Anda tidak perlu melakukan apa-apa.\n\n{_about(case)}")


def escalated(case, until):
    """To the worker: the branch has it now."""
    return _worker(case, "Permohonan Anda ditangani kantor cabang",
                   f"{_company(case)} tidak menjawab tepat waktu. Kantor cabang mengambil "
                   f"alih, janjinya {show_date(until)}.",
                   f"{case.company.name} tidak menjawab dalam waktu yang ditentukan. Kantor cabang "
                   "sekarang menangani permohonan Anda, dengan semua isian dan dokumennya. Kantor "
                   f"cabang berjanji memutuskan paling lambat {show_date(until)}.\n\n"
                   f"{NOTHING_TO_DO}")


def escalated_company(case):
    """To the company: its time is over."""
    return ("Permohonan nonaktif diambil alih kantor cabang",
            f"Permohonan nonaktif {case.worker.name} tidak dijawab tepat waktu. Kantor cabang "
            f"sekarang menanganinya.\n\n{_about(case)}")


def done_by_branch_company(case):
    """To the company: the branch ended the membership."""
    return ("Kepesertaan diakhiri kantor cabang",
            f"Kantor cabang menonaktifkan kepesertaan {case.worker.name} di {case.company.name}.\n"
            "Tanda terimanya ada di Purna > Tenaga kerja > Nonaktif.")


def _company(case):
    return shorten(case.company.name, 30)


def _worker(case, subject, sms, body):
    return {"sms": f"Purna: {sms}", "email": (subject, f"{body}\n\n{_about(case)}")}
