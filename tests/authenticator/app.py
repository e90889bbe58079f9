"""An authenticator app, and the walks through its pages."""

from datetime import timedelta

import pyotp

from webapp import clock

NOT_SHOWN = 1_000_000     # seconds away: a code that no page takes now


class App:
    """What the person's phone shows."""

    def __init__(self, secret):
        self.totp = pyotp.TOTP(secret)

    def code(self, seconds=0):
        """The code now, or so many seconds from now."""
        return self.totp.at(clock.now() + timedelta(seconds=seconds))

    def wrong_code(self):
        """One that it will not show for days."""
        near = {self.code(30 * step) for step in range(-2, 5)}
        return next(code for code in (self.code(NOT_SHOWN + 30 * step) for step in range(20))
                    if code not in near)


def app_on(page):
    """The app after the person typed the secret of this page."""
    return App(page.words("main code").replace(" ", ""))


def codes_on(page):
    """The recovery codes of this page."""
    return [code.text_content() for code in page.select(".codes code")]


def enrol(clerk):
    """Set the app up through the pages; the app and the recovery codes."""
    app = app_on(clerk.open("/profil/autentikator"))
    return app, codes_on(clerk.send(code=app.code()))
