"""Signing in."""

from wtforms import HiddenField, PasswordField, StringField

from webapp.forms import AppForm, MaxCharacters, Required


class SignInForm(AppForm):
    """E-mail and password."""

    email = StringField("Email", [Required("Tulis alamat email Anda."), MaxCharacters(254)])
    password = PasswordField("Kata sandi", [Required("Tulis kata sandi Anda."),
                                            MaxCharacters(128)])
    lanjut = HiddenField()
