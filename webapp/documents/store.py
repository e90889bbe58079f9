"""Where documents lie, encrypted: a folder, or an S3 bucket by configuration."""

import obstore

from webapp import vault

_store = None


def use_store(url):
    """Keep documents at ``file:///path`` or ``s3://bucket/path``."""
    global _store
    if url.startswith("file://"):
        _store = obstore.store.LocalStore.from_url(url, mkdir=True)
    else:
        _store = obstore.store.from_url(url)


def put(document, body):
    """Write a document's bytes, sealed to its row."""
    obstore.put(_store, _path(document), vault.current().seal(body, _context(document)))


def get(document):
    """Read a document's bytes back. Raises ``FileNotFoundError`` or ``vault.Unreadable``."""
    sealed = bytes(obstore.get(_store, _path(document)).bytes())
    return vault.current().open(sealed, _context(document))


def delete(document):
    """Remove a document's bytes."""
    obstore.delete(_store, _path(document))


def _path(document):
    name = document.public_id.hex
    return f"{name[:2]}/{name}"


def _context(document):
    return f"document|{document.public_id.hex}".encode()
