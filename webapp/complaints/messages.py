"""What whoever complained is told: {sms, email}."""

from webapp.formats import show_date
from webapp.receipts.signing import show_number

WHERE = "Buka Purna > Kontak > Formulir pengaduan."


def show_secret(secret):
    """The letters as they are shown and written."""
    return f"{secret[:4]}-{secret[4:]}"


def received(case, until):
    """It is here."""
    return _told(case, "Pengaduan Anda diterima",
                 f"diterima. Kami jawab paling lambat {show_date(until)}.")


def received_with(case, until, secret):
    """The same without an account, with the letters that open it.

    :param secret: as it is stored.
    """
    return _told(case, "Pengaduan Anda diterima",
                 f"diterima. Huruf rahasia: {show_secret(secret)}. Kami jawab paling lambat "
                 f"{show_date(until)}.", f"\n\nNomor dan huruf rahasia membuka pengaduan Anda. "
                 f"{WHERE}")


def asked(case, question, until):
    """The branch wants to know something."""
    return _told(case, "Pertanyaan tentang pengaduan Anda",
                 f"menunggu jawaban Anda, paling lambat {show_date(until)}. {WHERE}",
                 f"\n\nPertanyaan kantor cabang:\n{question}")


def unanswered(case, until):
    """Nothing came; the branch decides by what there is."""
    return _told(case, "Pengaduan Anda dilanjutkan tanpa jawaban",
                 f"kami lanjutkan tanpa jawaban Anda. Putusannya paling lambat "
                 f"{show_date(until)}.")


def granted(case, verdict, *, is_open_again):
    """The person is right.

    :param is_open_again: whether a block of the account ended with it.
    """
    more = " Akun Anda tidak diblokir lagi." if is_open_again else f" {WHERE}"
    return _told(case, "Pengaduan Anda dikabulkan", f"dikabulkan.{more}",
                 f"\n\nJawaban kami:\n{verdict}")


def refused(case, verdict):
    """The person is not."""
    return _told(case, "Pengaduan Anda ditolak", f"ditolak. Alasannya: {WHERE[0].lower()}"
                 f"{WHERE[1:]}", f"\n\nAlasannya:\n{verdict}")


def _told(case, subject, what, more=""):
    number = show_number(case.number)
    return {"sms": f"Purna: pengaduan {number} {what}",
            "email": (subject, f"Pengaduan {number} {what}{more}\n\nPurna\n")}
