"""The secrets that demo mode makes for itself and keeps beside its data."""

import base64
import json
import os
import secrets


def new_secret(size):
    """A random key of ``size`` bytes as URL-safe base64 text."""
    return base64.urlsafe_b64encode(secrets.token_bytes(size)).decode("ascii")


def load_or_create(path, names, size):
    """Read the named secrets from ``path``; make the file, owner-only, when it is not there.

    Two processes that start together end with the same file: the one that links first wins.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump({name: new_secret(size) for name in names}, file, indent=1)
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return json.loads(path.read_text(encoding="ascii"))
