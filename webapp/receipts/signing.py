"""Receipt numbers and signed texts. Pure: no database, no request.

A number is eleven random characters and a check character of Crockford's base 32, so that a
mistyped one is noticed and none can be guessed. The signed text can be checked without us, with
the published Ed25519 key.
"""

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from stdnum import luhn

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = 11
LENGTH = RANDOM_CHARACTERS + 1
_MISREAD = str.maketrans("OIL", "011")
VERSION = "P1"


class NotGenuine(Exception):
    """The text was changed, or not signed with this key."""


def new_number():
    """A fresh receipt number, twelve characters without dashes."""
    bits = secrets.randbits(5 * RANDOM_CHARACTERS)
    body = "".join(ALPHABET[bits >> 5 * place & 31] for place in range(RANDOM_CHARACTERS))
    return body + luhn.calc_check_digit(body, alphabet=ALPHABET)


def parse_number(typed):
    """The number somebody typed (dashes, spaces, small letters, O for 0), or None when it is not
    one."""
    number = "".join(letter for letter in typed.upper() if letter.isalnum()).translate(_MISREAD)
    if len(number) != LENGTH or not luhn.is_valid(number, alphabet=ALPHABET):
        return None
    return number


def show_number(number):
    """The number in three groups of four."""
    return "-".join(number[at:at + 4] for at in range(0, LENGTH, 4))


class Signer:
    """Signs receipt texts; made of the 32-byte seeds of its keys, newest first."""

    def __init__(self, seeds):
        self._keys = [Ed25519PrivateKey.from_private_bytes(seed) for seed in seeds]

    def sign(self, *fields):
        """The text of a receipt: its fields and a signature, parted by ``;``."""
        body = ";".join((VERSION, *(_plain(field) for field in fields)))
        signature = self._keys[0].sign(body.encode())
        return f"{body};{_as_text(signature)}"

    def public_pem(self):
        """The public keys, newest first, as one PEM text."""
        return "".join(
            key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
            for key in self._keys)

    def fingerprint(self):
        """The first 16 hex digits of the newest public key's SHA-256, to compare by eye."""
        raw = self._keys[0].public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return hashlib.sha256(raw).hexdigest()[:16]


def verify(text, public_pem):
    """The fields of a signed text. Raises ``NotGenuine``.

    :param public_pem: one or more public keys in PEM form.
    """
    body, _, tail = text.strip().rpartition(";")
    try:
        signature = base64.urlsafe_b64decode(tail + "=" * (-len(tail) % 4))
    except ValueError as problem:
        raise NotGenuine("no signature") from problem
    if _as_text(signature) != tail:
        raise NotGenuine("the signature is not written as we write it")
    if not any(_signed_by(key, signature, body) for key in _keys_in(public_pem)):
        raise NotGenuine("the signature does not fit the text")
    version, *fields = body.split(";")
    if version != VERSION:
        raise NotGenuine(f"unknown kind of text {version}")
    return fields


def _as_text(signature):
    return base64.urlsafe_b64encode(signature).decode().rstrip("=")


def _signed_by(key, signature, body):
    try:
        key.verify(signature, body.encode())
    except InvalidSignature:
        return False
    return True


def _keys_in(pem):
    end = "-----END PUBLIC KEY-----"
    parts = [part + end for part in pem.split(end)[:-1]]
    keys = [load_pem_public_key(part.strip().encode()) for part in parts]
    return [key for key in keys if isinstance(key, Ed25519PublicKey)]


def _plain(field):
    return str(field).replace(";", ",").replace("\n", " ")
