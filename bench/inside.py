"""The app inside this process, pointed at one database after the other."""

import logging
from contextlib import contextmanager

from webapp import config, create_app, db


def application(house):
    """The app with a house's secrets, connected to its database."""
    app = create_app(config.from_environment(house.environment()))
    app.config["TESTING"] = False
    return app


@contextmanager
def database_of(house):
    """Make the models read and write a house's database."""
    db.connect_to(house.url)
    db.ensure_connection()
    try:
        yield
    finally:
        db.database.close()


class Statements(logging.Handler):
    """Counts the SQL statements that peewee sends while it is open."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.count = 0

    def emit(self, record):
        """One statement; not the one that reads the values in force, which whoever asks first in a
        minute sends."""
        self.count += 'FROM "parameter"' not in record.getMessage()

    def __enter__(self):
        self.log = logging.getLogger("peewee")
        self.before = self.log.level, self.log.propagate
        self.log.setLevel(logging.DEBUG)
        self.log.propagate = False
        self.log.addHandler(self)
        return self

    def __exit__(self, *_):
        self.log.removeHandler(self)
        self.log.level, self.log.propagate = self.before
        self.log.setLevel(self.before[0])
