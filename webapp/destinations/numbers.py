"""The number of a bank account, as people type it. Pure."""

import re

from webapp.formats import Malformed, clean_text

LEAST, MOST = 8, 16     # digits


def parse_account(text):
    """The 8 to 16 digits of an account. Raises ``Malformed`` with a sentence for the person."""
    bare = re.sub(r"[\s.-]", "", clean_text(text))
    if not (bare.isascii() and bare.isdigit()):
        raise Malformed("Nomor rekening hanya berisi angka. Periksa lagi.")
    if not LEAST <= len(bare) <= MOST:
        raise Malformed(f"Nomor rekening ini {len(bare)} angka, seharusnya {LEAST} sampai {MOST} "
                        "angka. Periksa lagi.")
    return bare
