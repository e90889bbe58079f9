"""The app inside this process, pointed at one database after the other."""

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
