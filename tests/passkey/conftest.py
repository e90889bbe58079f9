"""People with devices that make and use passkeys."""

import json

import pytest
from webauthn.helpers import base64url_to_bytes

from tests.page import Clerk
from tests.passkey.device import Device
from webapp.passkey.ceremony import Site


class Keyring:
    """A browser's passkeys, for the site the application says it is.

    :param app: the application.
    """

    def __init__(self, app):
        site = Site.at(app.config["BASE_URL"])
        self.here = {"host": site.host, "origin": site.origin}
        self.device = Device()

    def add(self, clerk, name="Ponsel saya"):
        """Make a passkey through the pages."""
        page = clerk.open("/profil/passkey/tambah")
        return clerk.send(credential=self.device.create(challenge_on(page), **self.here), name=name)

    def answer(self, page, **twisted):
        """What the browser sends for a page that asks for a passkey."""
        return self.device.get(challenge_on(page), **{**self.here, **twisted})


def options_on(page):
    """What the page gives the browser."""
    return json.loads(page.select("[data-passkey]")[0].get("data-options"))


def challenge_on(page):
    """The value the device is to sign."""
    return base64url_to_bytes(options_on(page)["challenge"])


@pytest.fixture
def keyring(app):
    """A device without passkeys yet."""
    return Keyring(app)


@pytest.fixture
def ani_with_passkey(ani, keyring):
    """Ani, whose device has made one."""
    assert keyring.add(ani).heading == "Passkey"
    return ani


@pytest.fixture
def stranger(app, cast):
    """A browser that nobody has signed in with."""
    return Clerk(app, device="")
