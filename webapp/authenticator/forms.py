"""What is typed from an authenticator app, or from the paper with recovery codes."""

from wtforms import HiddenField, StringField

from webapp import otp
from webapp.formats import Malformed
from webapp.forms import AppForm, Required, parse_with
from webapp.proof_forms import AppCodeForm


def is_recovery_code(typed):
    """Whether somebody typed a recovery code, right or wrong: an app's code is much shorter."""
    try:
        return bool(otp.parse_recovery_code(typed))
    except Malformed:
        return False


class EnrolForm(AppCodeForm):
    """The first code of an app, and where the person was going."""

    lanjut = HiddenField()


class RecoveryCodeForm(AppForm):
    """One of the ten."""

    code = StringField("Kode pemulihan", [Required("Ketik salah satu kode pemulihan Anda.")])

    def validate_code(self, field):
        """Bring the code into the form it was given out in."""
        parse_with(field, otp.parse_recovery_code)
