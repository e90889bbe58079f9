"""Payment codes (kode bayar): sixteen digits, the last of which shows a mistyped one. Pure.

The first fifteen are drawn at random: who knows one code knows no other. A code only says what is
to be paid; whoever pays with a stranger's code has paid for a stranger.
"""

import secrets

from stdnum import luhn

LENGTH = 16


def new_code():
    """A fresh code."""
    body = f"{secrets.randbelow(10 ** (LENGTH - 1)):0{LENGTH - 1}}"
    return body + luhn.calc_check_digit(body)


def is_code(text):
    """Whether a text is written as a code and its check digit fits."""
    return (len(text) == LENGTH and text.isascii() and text.isdigit() and luhn.is_valid(text))


def show_code(code):
    """A code in four groups of four."""
    return " ".join(code[at:at + 4] for at in range(0, LENGTH, 4))
