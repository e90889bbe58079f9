"""Personal values at rest: AES-256-GCM, and a keyed index to find them again.

Each sealed value is bound to its column and its row, so that it cannot be moved to another.
Layout: 4 bytes naming the key, 12 bytes nonce, ciphertext with its tag. Several data keys may be
configured: the first seals, all open, so that keys can be changed while the service runs.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NAME_BYTES, NONCE_BYTES = 4, 12


class Unreadable(Exception):
    """The value was altered, moved to another row, or sealed with a key that is not here."""


class Vault:
    """Seals, opens and indexes; made of the data keys (newest first) and the index key."""

    def __init__(self, data_keys, index_key):
        self._ciphers = {hashlib.sha256(key).digest()[:NAME_BYTES]: AESGCM(key)
                         for key in data_keys}
        self._newest = next(iter(self._ciphers))
        self._index = hmac.new(index_key, digestmod=hashlib.sha256)

    def seal(self, plain, context):
        """Encrypt bytes for one place, which ``context`` (bytes) names."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        cipher = self._ciphers[self._newest]
        return self._newest + nonce + cipher.encrypt(nonce, plain, context)

    def open(self, sealed, context):
        """Decrypt what ``seal`` made for the same place. Raises ``Unreadable``."""
        sealed = bytes(sealed)
        name, nonce = sealed[:NAME_BYTES], sealed[NAME_BYTES:NAME_BYTES + NONCE_BYTES]
        try:
            return self._ciphers[name].decrypt(nonce, sealed[NAME_BYTES + NONCE_BYTES:], context)
        except (KeyError, InvalidTag, ValueError) as reason:
            raise Unreadable(context.decode("ascii", "replace")) from reason

    def index(self, value, context):
        """A keyed digest (32 hex digits) by which an exact value can be found."""
        digest = self._index.copy()
        digest.update(f"{context}|{value}".encode())
        return digest.hexdigest()[:32]


_vault = None


def use(vault):
    """Make this vault the one that the models seal with."""
    global _vault
    _vault = vault


def current():
    """The vault in use; an application must have been made first."""
    return _vault


class Sealed:
    """A model attribute whose text is kept encrypted in a column, bound to the row's public id.

    >>> nik = Sealed("nik_sealed", "worker.nik", index="nik_index")
    """

    def __init__(self, column, context, index=None):
        self.column, self.context, self.index = column, context, index

    def __get__(self, row, owner=None):
        if row is None:
            return self
        sealed = getattr(row, self.column)
        return None if sealed is None else _vault.open(sealed, self._place(row)).decode()

    def __set__(self, row, text):
        sealed = None if text is None else _vault.seal(text.encode(), self._place(row))
        setattr(row, self.column, sealed)
        if self.index:
            setattr(row, self.index, None if text is None else _vault.index(text, self.context))

    def matches(self, text):
        """The condition, for a query on the owner, that this value is exactly ``text``."""
        return self.owner._meta.fields[self.index] == self.digest(text)

    def digest(self, text):
        """What the index column holds for ``text``: a keyed digest."""
        return _vault.index(text, self.context)

    def __set_name__(self, owner, name):
        self.owner = owner

    def _place(self, row):
        return f"{self.context}|{row.public_id.hex}".encode()
