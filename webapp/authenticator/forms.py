"""What is typed from an authenticator app, or from the paper with recovery codes."""

from wtforms import HiddenField, StringField, ValidationError

from webapp import otp
from webapp.formats import Malformed
from webapp.forms import AppForm, Required


class AppCodeForm(AppForm):
    """The six digits the app shows."""

    code = StringField("Kode 6 angka dari aplikasi", [Required("Ketik 6 angka dari aplikasi.")])
    lanjut = HiddenField()

    def validate_code(self, field):
        """Bring the digits into their one form."""
        try:
            field.data = otp.parse_code(field.data)
        except Malformed as reason:
            raise ValidationError(reason.sentence) from reason


class RecoveryCodeForm(AppForm):
    """One of the ten."""

    code = StringField("Kode pemulihan", [Required("Ketik salah satu kode pemulihan Anda.")])

    def validate_code(self, field):
        """Bring the code into the form it was given out in."""
        try:
            field.data = otp.parse_recovery_code(field.data)
        except Malformed as reason:
            raise ValidationError(reason.sentence) from reason
