"""What the sides are told about an objection: {sms, email} for the worker, (subject, body) for the
company."""

from webapp.formats import show_date
from webapp.messages.outbox import shorten
from webapp.receipts.signing import show_number


def sent(case, until):
    """To the worker: the branch has it."""
    return _worker(case, "Sanggahan Anda diterima",
                   f"sanggahan Anda diterima kantor cabang. Putusan paling lambat "
                   f"{show_date(until)}.",
                   "Kantor cabang menerima sanggahan Anda dan bertanya kepada "
                   f"{case.company.name}. Putusannya paling lambat {show_date(until)}. Selama itu, "
                   "pencairan yang bergantung pada laporan ini menunggu.\n\n"
                   "Anda tidak perlu melakukan apa-apa sekarang.")


def sent_company(case, until):
    """To the company: say what you know, or undo it."""
    return ("Seorang pekerja menyanggah laporan Anda",
            f"{case.worker.name} menyanggah laporan nonaktif dari {case.company.name}.\n\n"
            "Jika laporan itu keliru, batalkan di Purna > Permohonan. Jika benar, tulis "
            f"penjelasan dan lampirkan buktinya di sana. Kantor cabang memutuskan paling lambat "
            f"{show_date(until)}.\n\n{_about(case)}")


def answered(case, who):
    """To the worker: somebody wrote in the thread."""
    return _worker(case, "Jawaban baru tentang sanggahan Anda",
                   f"ada jawaban dari {shorten(who, 30)} tentang sanggahan Anda. "
                   "Buka Purna > Kepesertaan.",
                   f"Ada jawaban dari {who} tentang sanggahan Anda.\n\n"
                   "Buka Purna > Kepesertaan untuk membaca dan menjawabnya.")


def answered_company(case, who):
    """To the company: somebody wrote in the thread."""
    return ("Jawaban baru tentang sebuah sanggahan",
            f"Ada jawaban dari {who} tentang sanggahan {case.worker.name}.\n\n"
            f"Buka Purna > Permohonan untuk membacanya.\n\n{_about(case)}")


def granted(case, verdict):
    """To the worker: the membership is as it was."""
    return _worker(case, "Sanggahan Anda dikabulkan",
                   "sanggahan Anda dikabulkan. Kepesertaan Anda di "
                   f"{shorten(case.company.name, 30)} aktif lagi.",
                   f"Kantor cabang mengabulkan sanggahan Anda. Kepesertaan Anda di "
                   f"{case.company.name} aktif lagi seperti semula.\n\nAlasan putusan: {verdict}")


def granted_company(case, verdict):
    """To the company: its report does not hold."""
    return ("Sanggahan dikabulkan",
            f"Kantor cabang mengabulkan sanggahan {case.worker.name}. Kepesertaannya di "
            f"{case.company.name} aktif lagi. Tanda terima dan paklaring dari laporan itu tidak "
            f"berlaku.\n\nAlasan putusan: {verdict}\n\n{_about(case)}")


def upheld(case, verdict):
    """To the worker: the report holds."""
    return _worker(case, "Sanggahan Anda tidak dikabulkan",
                   "sanggahan Anda tidak dikabulkan. Laporan perusahaan tetap berlaku. "
                   "Alasannya: buka Purna > Kepesertaan.",
                   "Kantor cabang tidak mengabulkan sanggahan Anda. Laporan perusahaan tetap "
                   f"berlaku.\n\nAlasan putusan: {verdict}\n\nSaldo Anda tetap milik Anda.")


def upheld_company(case, verdict):
    """To the company: its report holds."""
    return ("Sanggahan tidak dikabulkan",
            f"Laporan tentang {case.worker.name} tetap berlaku. Anda tidak perlu melakukan "
            f"apa-apa.\n\nAlasan putusan: {verdict}\n\n{_about(case)}")


def withdrawn_company(case):
    """To the company: the worker took it back."""
    return ("Sanggahan ditarik",
            f"{case.worker.name} menarik kembali sanggahannya. Laporan Anda tetap berlaku.\n\n"
            f"{_about(case)}")


def _about(case):
    return f"Nomor sanggahan: {show_number(case.number)}"


def _worker(case, subject, sms, body):
    return {"sms": f"Purna: {sms}", "email": (subject, f"{body}\n\n{_about(case)}")}
