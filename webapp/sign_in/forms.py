"""Signing in."""

from wtforms import BooleanField, HiddenField, PasswordField, StringField

from webapp.forms import AppForm, MaxCharacters, Required


class SignInForm(AppForm):
    """Whom one says to be, and the password."""

    account = StringField("Email, nomor ponsel, atau NIK",
                          [Required("Tulis email, nomor ponsel, atau NIK Anda."),
                           MaxCharacters(254)])
    password = PasswordField("Kata sandi", [Required("Tulis kata sandi Anda."),
                                            MaxCharacters(128)])
    is_borrowed = BooleanField("Ini bukan ponsel saya")
    lanjut = HiddenField()
