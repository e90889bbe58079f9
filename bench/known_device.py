"""Lets a house know the browser of every measurement: ``python -m bench.known_device``.

Without it each sign-in of the demo cast would wait for a code.
"""

import hashlib

from tests.page import DEVICE
from webapp import clock, create_app
from webapp.db import database, ensure_connection, write_transaction
from webapp.demo.people import CAST
from webapp.models.people import Device, User

COOKIE = "purna-perangkat"


def remember():
    """Everybody of the demo cast has used this browser before."""
    create_app()
    ensure_connection()
    with write_transaction():
        for email, *_ in CAST:
            Device.create(user=User.get(User.email.matches(email)), first_at=clock.now(),
                          digest=hashlib.sha256(DEVICE.encode()).hexdigest())
    database.close()


if __name__ == "__main__":
    remember()
