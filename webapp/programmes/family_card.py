"""The number of a family card (kartu keluarga, KK): what is typed becomes a keyed digest at once.
The number itself is kept nowhere."""

from webapp import vault
from webapp.formats import NIK_DIGITS, Malformed, clean_text

DIGITS = 16     # 6 of the region, 6 of the day it was recorded, 4 of its own


def parse_family_card(text, nik):
    """The 16 digits.

    :param nik: of whoever types: it is of the same length, and often taken for it.
    :raises Malformed: it is none.
    """
    bare = clean_text(text).translate({ord(sign): None for sign in " -."})
    if not (bare.isascii() and bare.isdigit()):
        raise Malformed("Nomor KK hanya berisi angka. Lihat di bagian atas kartu keluarga.")
    if len(bare) != DIGITS:
        raise Malformed(f"Nomor KK ini {len(bare)} angka, seharusnya {DIGITS} angka. Periksa lagi "
                        "pada kartu keluarga.")
    if bare == nik and len(nik) == NIK_DIGITS:
        raise Malformed("Ini NIK Anda. Nomor KK ada di bagian paling atas kartu keluarga.")
    return bare


def index_of(card):
    """The keyed digest (32 hex digits) by which people of one family card are known."""
    return vault.current().index(card, "applicant.family")
