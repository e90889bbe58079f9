"""What a browser sends after a passkey was made or used."""

from wtforms import BooleanField, StringField

from webapp.forms import MaxCharacters, Required
from webapp.proof_forms import PasskeyForm


class SignInForm(PasskeyForm):
    """A passkey instead of account and password."""

    is_borrowed = BooleanField("Ini bukan ponsel saya")


class NewPasskeyForm(PasskeyForm):
    """A passkey and what its owner calls it."""

    name = StringField("Nama passkey", [Required("Beri nama, misalnya: ponsel saya."),
                                        MaxCharacters(100)])
