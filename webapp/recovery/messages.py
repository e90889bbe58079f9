"""By what an account is signed in to, told to its owner. Masked: a phone may lie on any table."""

from webapp.formats import mask_email, mask_phone
from webapp.messages.outbox import shorten

NOBODYS = "+620000000000", "-@-"       # in the text that is written for nobody
LONGEST_EMAIL = 40


def ways_in(user):
    """Texts for the owner: (sms, (subject, body)).

    :param user: the ``User``, or None for the text that nobody gets.
    """
    phone, email = (user.phone, user.email) if user else NOBODYS
    ways = [f"email {_starred(mask_email(email))}" if email else "",
            f"ponsel {_starred(mask_phone(phone))}" if phone else "", "NIK Anda"]
    *first, last = filter(None, ways)
    named = f"{', '.join(first)}, atau {last}"
    return (f"Purna: masuk dengan {named}. Lupa sandi? Ada di halaman Masuk.",
            ("Cara masuk ke akun Purna Anda",
             f"Anda bisa masuk ke Purna dengan {named}.\n\n"
             "Lupa kata sandi juga? Pilih Lupa sandi? di halaman Masuk.\n\n"
             "Bukan Anda yang bertanya? Tidak ada yang berubah. Abaikan pesan ini.\n"))


def _starred(mask):
    """A mask in the letters of an SMS, short enough for one."""
    return shorten(mask.replace("•", "*"), LONGEST_EMAIL)
