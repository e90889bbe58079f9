"""Forms by which somebody proves to be the one: with the authenticator's code, with a passkey."""

from uuid import UUID

from wtforms import HiddenField, StringField

from webapp import otp
from webapp.forms import AppForm, MaxCharacters, Required, parse_with

WRONG_APP_CODE = "Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi."
LONGEST_ANSWER = 20_000     # characters; a browser may add certificates


class AppCodeForm(AppForm):
    """The six digits the authenticator app shows."""

    code = StringField("Kode 6 angka dari aplikasi", [Required("Ketik 6 angka dari aplikasi.")])

    def validate_code(self, field):
        """Bring the digits into their one form."""
        parse_with(field, otp.parse_code)


class PasskeyForm(AppForm):
    """The browser's answer, and the challenge it answers.

    Without JavaScript the button sends an empty answer.
    """

    credential = HiddenField("Passkey", [
        Required("Passkey belum terbaca. Coba lagi, atau pakai cara lain."),
        MaxCharacters(LONGEST_ANSWER)])
    challenge = HiddenField()

    @property
    def challenge_id(self):
        """The challenge's public id, or None where there is none."""
        try:
            return UUID(self.challenge.data or "")
        except ValueError:
            return None
