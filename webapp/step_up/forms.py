"""What proves that the person at a signed-in browser is still the one."""

from wtforms import HiddenField, PasswordField

from webapp.forms import AppForm, MaxCharacters, Required
from webapp.proof_forms import AppCodeForm, PasskeyForm


class CodeForm(AppCodeForm):
    """The code of the person's authenticator."""

    lanjut = HiddenField()


class PasswordForm(AppForm):
    """The password, of those who have no authenticator."""

    password = PasswordField("Kata sandi", [Required("Tulis kata sandi Anda."),
                                            MaxCharacters(128)])
    lanjut = HiddenField()


class PasskeyProofForm(PasskeyForm):
    """One of the person's passkeys."""

    lanjut = HiddenField()
