"""Lupa sandi and Lupa akun."""

from wtforms import BooleanField, RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp import formats
from webapp.accounts.queries import channel_named, normal_name
from webapp.code_page import CodeForm
from webapp.forms import (
    AppForm,
    DayField,
    MaxCharacters,
    NewPasswordField,
    Required,
    parse_with,
)
from webapp.models.messages import EMAIL, SMS


class ForgottenPasswordForm(AppForm):
    """Which account, and how the code should come."""

    account = StringField("Email, nomor ponsel, atau NIK",
                          [Required("Tulis email, nomor ponsel, atau NIK Anda."),
                           MaxCharacters(254)])
    channel = RadioField("Cara menerima kode", choices=[
        SelectChoice(SMS, "Kirim kode lewat SMS"),
        SelectChoice(EMAIL, "Kirim kode lewat email")], validate_choice=False)

    def validate_channel(self, field):
        """One of the two; where none was chosen, the one that was typed."""
        field.data = field.data or channel_named(normal_name(self.account.data))
        if field.data not in (SMS, EMAIL):
            raise ValidationError("Pilih SMS atau email.")


class NewPasswordForm(CodeForm):
    """The code and the password that it is for.

    :param personal: what the visitor typed before. The account's own data is no business of
        somebody who has not shown the code: ``service.weakness_for`` looks at it afterwards.
    """

    new_password = NewPasswordField()
    is_borrowed = BooleanField("Ini bukan ponsel saya")

    def __init__(self, formdata=None, *, personal=(), **data):
        super().__init__(formdata, **data)
        self.personal = personal


class ForgottenAccountForm(AppForm):
    """Who somebody is, as the identity card says."""

    nik = StringField("NIK", [Required("Ketik 16 angka NIK.")])
    birth_date = DayField("Tanggal lahir", [Required("Isi tanggal lahir Anda.")])

    def validate_nik(self, field):
        """Bring the digits into their one form."""
        parse_with(field, formats.parse_nik)
