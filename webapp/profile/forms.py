"""What a person changes about the account."""

from wtforms import PasswordField, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.forms import AppForm, MaxCharacters, NewPasswordField, Required

REMINDERS = (("0", "Tidak perlu"), ("3", "Setiap 3 bulan"), ("6", "Setiap 6 bulan"),
             ("12", "Setiap 12 bulan"))


class PasswordForm(AppForm):
    """The password as it is, and the one it should become.

    :param personal: what the new one must not contain.
    """

    password = PasswordField("Kata sandi sekarang", [Required("Tulis kata sandi Anda sekarang."),
                                                     MaxCharacters(128)])
    new_password = NewPasswordField()

    def __init__(self, formdata=None, *, personal, **data):
        super().__init__(formdata, **data)
        self.personal = personal

    def validate_new_password(self, field):
        """Another one."""
        if field.data == self.password.data:
            raise ValidationError("Kata sandi ini sama dengan yang sekarang. Pakai yang lain.")


class AddressForm(AppForm):
    """Where the person lives."""

    address = TextAreaField("Alamat", [MaxCharacters(300)])


class ReminderForm(AppForm):
    """How often to be reminded of a new password."""

    months = RadioField("Ingatkan saya", [Required("Pilih salah satu.")],
                        choices=[SelectChoice(*choice) for choice in REMINDERS],
                        validate_choice=False)

    def validate_months(self, field):
        """Only what is offered."""
        if field.data not in dict(REMINDERS):
            raise ValidationError("Pilih salah satu di bawah ini.")
