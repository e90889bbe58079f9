"""Databases that are as new for every test: copies of one that was made once."""

import shutil
from contextlib import closing, contextmanager

from tests import postgresql
from webapp import db
from webapp.application import use_keys


class Files:
    """Copies of a SQLite database, a file in each test's folder."""

    def __init__(self, path):
        self._path = path

    def take(self, folder, *, anew=False):
        """The address of a copy; every one is new."""
        shutil.copy(self._path, folder / "purna.sqlite3")
        return f"sqlite:///{folder / 'purna.sqlite3'}"

    def close(self):
        """Nothing is held open."""


def copies_of(url):
    """Copies of a database that nobody is connected to, for ``contextlib.closing``."""
    if url.startswith("sqlite:///"):
        return Files(url.removeprefix("sqlite:///"))
    return postgresql.Databases(postgresql.name_of(url))


@contextmanager
def copies_with_more(application, name, folder, fill):
    """Copies of the blank database with more in it.

    :param name: of the database that is filled.
    :param fill: called once, connected to that database.
    """
    blank = application.config["DATABASE_URL"]
    if blank.startswith("sqlite:///"):
        url = f"sqlite:///{folder / name}"
        shutil.copy(blank.removeprefix("sqlite:///"), folder / name)
    else:
        postgresql.create(name, template=postgresql.name_of(blank))
        url = postgresql.address_of(name)
    use_keys(application.config)
    db.connect_to(url)
    db.ensure_connection()
    fill()
    db.database.close()
    with closing(copies_of(url)) as copies:
        yield copies
