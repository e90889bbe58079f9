"""A version of the terms that begins to hold the day after the tests' today."""

from contextlib import contextmanager

from webapp.terms import versions

NEWER, BEFORE, AFTER = "2026-11-23", "2026-11-22T16:59:00Z", "2026-11-22T17:01:00Z"


@contextmanager
def newer_terms(folder):
    """It is among the versions as long as this lasts."""
    shipped = versions.all_versions()
    for terms in shipped:
        name = f"{terms.version}.txt"
        (folder / name).write_bytes((versions.FOLDER / name).read_bytes())
    (folder / f"{NEWER}.txt").write_text("Syarat dan Ketentuan\n\n# Baru\n\nIsi yang baru.\n")
    versions.use(versions.load(folder))
    try:
        yield
    finally:
        versions.use(shipped)
