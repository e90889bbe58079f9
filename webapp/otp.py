"""Codes that people type: those sent to them, those of an authenticator, and recovery codes.

Pure: nothing is stored or sent here. What a code is for, how long it lives and how often it may
be tried is the business of those who keep it.
"""

import hmac
import secrets
import unicodedata
from datetime import datetime

import pyotp

from webapp.formats import Malformed, clean_text

CODE_DIGITS = 6
ISSUER = "Purna"
STEPS_AROUND = 1     # a clock may be wrong by one step of 30 seconds, either way

# Crockford's letters: without I, L, O and U, which are read as others.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OILU", "011V")
RECOVERY_CODES = 10
RECOVERY_LETTERS = 16     # five random bits each


# Codes sent by SMS and e-mail


def new_code() -> str:
    """Six random digits; one in ten begins with 0."""
    return pyotp.HOTP(pyotp.random_base32(), digits=CODE_DIGITS).at(0)


def parse_code(text: str | None) -> str:
    """The six digits of a code as somebody typed or pasted it. Raises Malformed."""
    code = "".join(_plain_digit(sign) for sign in _without_separators(text))
    if len(code) != CODE_DIGITS or not (code.isascii() and code.isdigit()):
        raise Malformed(f"Kode terdiri dari {CODE_DIGITS} angka. Periksa lagi.")
    return code


def show_code(code: str) -> str:
    """`482 913`."""
    return _in_groups(code, CODE_DIGITS // 2, " ")


# Codes of an authenticator (TOTP, RFC 6238)


def new_secret() -> str:
    """A fresh secret of 160 bits, 32 letters and digits of base 32."""
    return pyotp.random_base32()


def show_secret(secret: str) -> str:
    """The secret in groups of four, for those who type it."""
    return _in_groups(secret, 4, " ")


def provisioning_uri(secret: str, account: str, issuer: str = ISSUER) -> str:
    """What the QR code for an authenticator holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def matching_step(secret: str, typed: str | None, at: datetime, after: int) -> int | None:
    """The time step a typed code belongs to; None when it is wrong, too old or used.

    :param at: the moment, with its time zone.
    :param after: the last step that was used, 0 when none was. The caller keeps the answer as the
        next one, in a statement that lets only one of two simultaneous uses through.
    """
    try:
        code = parse_code(typed)
    except Malformed:
        return None
    totp = pyotp.TOTP(secret, digits=CODE_DIGITS)
    now = totp.timecode(at)
    steps = range(max(now - STEPS_AROUND, 0), now + STEPS_AROUND + 1)
    # A list, so that every step is compared however early one matches; the latest of two that
    # match, so that the same digits cannot come back half a minute later.
    right = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)]
    return max((step for step in right if step > after), default=None)


# Recovery codes


def new_recovery_codes(count: int = RECOVERY_CODES) -> list[str]:
    """Codes of 80 random bits, `7K2M-9QXA-B4TD-0ZPE`, as `parse_recovery_code` gives them."""
    return [_in_groups("".join(secrets.choice(_LETTERS) for _ in range(RECOVERY_LETTERS)), 4, "-")
            for _ in range(count)]


def parse_recovery_code(text: str | None) -> str:
    """A recovery code as it was given out, however it was typed. Raises Malformed."""
    code = "".join(_without_separators(text)).upper().translate(_MISREAD)
    if len(code) != RECOVERY_LETTERS or not set(code) <= set(_LETTERS):
        raise Malformed(
            f"Kode pemulihan terdiri dari {RECOVERY_LETTERS} huruf dan angka. Periksa lagi.")
    return _in_groups(code, 4, "-")


# What they share


def _without_separators(text):
    text = unicodedata.normalize("NFKC", clean_text(text or ""))
    return [sign for sign in text if not (sign.isspace() or unicodedata.category(sign) == "Pd")]


def _plain_digit(sign):
    return str(unicodedata.decimal(sign, sign))


def _in_groups(text, size, separator):
    return separator.join(text[at:at + size] for at in range(0, len(text), size))
