"""A folder of secrets, one to a file: what can be made is made at random, once."""

import os
import secrets

from webapp.config import KEY_BYTES, SECRETS
from webapp.secrets_file import new_secret

PASSWORDS = ("database_superuser", "database_replication", "database_rewind", "database_purna",
             "patroni_rest", "backup_cipher")


class NoSecret(Exception):
    """A secret that somebody else gives out is not there; the text names the file."""


class Secrets:
    """Secrets by name.

    :param folder: where their files lie, readable by their owner alone.
    """

    def __init__(self, folder):
        self.folder = folder

    def text(self, name):
        """A secret's text, made now if it is one of ours and not there. Raises ``NoSecret``."""
        path = self.folder / name
        if not path.exists():
            if name in SECRETS:
                write_secret(path, new_secret(KEY_BYTES))
            elif name in PASSWORDS:
                write_secret(path, secrets.token_hex(24))
            else:
                raise NoSecret(f"write {name} into {path}, readable by its owner alone")
        path.chmod(0o600)     # whoever wrote it there may have let others read it
        return path.read_text("ascii").strip()


def write_secret(path, text):
    """Write a file that was never readable by anybody else."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
