"""Lets a house know the browser of every measurement: ``python -m bench.known_device``.

Without it each sign-in of the demo cast would wait for a code.
"""

from tests.page import DEVICE
from webapp import clock, create_app, sessions
from webapp.db import database, ensure_connection, write_transaction
from webapp.demo.people import CAST
from webapp.models.people import User

COOKIE = "purna-perangkat"


def remember():
    """Everybody of the demo cast has used this browser before."""
    create_app()
    ensure_connection()
    with write_transaction():
        for email, *_ in CAST:
            sessions.remember_device(User.get(User.email.matches(email)), DEVICE, clock.now())
    database.close()


if __name__ == "__main__":
    remember()
