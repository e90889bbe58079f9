"""Registering, and agreeing to the terms on the way."""

from wtforms import RadioField, StringField, ValidationError

from webapp import agreement_form, formats
from webapp.forms import (
    AppForm,
    DayField,
    MaxCharacters,
    NewPasswordField,
    Required,
    clean,
    parse_with,
)
from webapp.models.messages import EMAIL, SMS
from webapp.phones import parse_mobile

YOUNGEST = 15     # years: the least age for work (ILO convention 138, by UU 20/1999)
CHOOSE = "Pilih ke mana kode dikirim."
CHANNELS = {SMS: "Kirim kode lewat SMS", EMAIL: "Kirim kode lewat email"}


class AsTypedField(StringField):
    """Text that is shown again as it was typed, whatever form it is kept in."""

    def _value(self):
        return clean(self.raw_data[0]) if self.raw_data else super()._value()


class RegistrationForm(AppForm):
    """Who somebody is, how to reach them, and their password.

    :param today: the date in Jakarta.
    """

    nik = StringField("NIK", [Required("Ketik 16 angka NIK dari KTP Anda.")])
    name = StringField("Nama lengkap", [Required("Ketik nama lengkap sesuai KTP."),
                                        MaxCharacters(200)])
    birth_date = DayField("Tanggal lahir", [Required("Isi tanggal lahir sesuai KTP.")])
    kpj = StringField("Nomor KPJ")
    phone = AsTypedField("Nomor ponsel", [MaxCharacters(40)])
    email = StringField("Email")
    new_password = NewPasswordField("Kata sandi", "Buat kata sandi.")

    def __init__(self, formdata=None, *, today, **data):
        super().__init__(formdata, **data)
        self.today = today

    def answers(self):
        """What was typed but the password, as JSON values; what was left out is None."""
        return {"nik": self.nik.data, "name": self.name.data,
                "birth_date": self.birth_date.data.isoformat(), "kpj": self.kpj.data or None,
                "phone": self.phone.data or None, "phone_typed": self.phone._value(),
                "email": self.email.data or None}

    @property
    def personal(self):
        """What the password must not contain."""
        return (self.name.data, self.nik.data, self.kpj.data, self.phone.data, self.email.data)

    def validate_nik(self, field):
        """16 digits; what they mean is not judged here."""
        parse_with(field, formats.parse_nik)

    def validate_name(self, field):
        """One line with letters in it."""
        field.data = formats.one_line(field.data)
        if not any(letter.isalpha() for letter in field.data):
            raise ValidationError("Nama ini tidak berisi huruf. Ketik nama lengkap sesuai KTP.")

    def validate_birth_date(self, field):
        """Somebody who may work already."""
        if field.data > self.today:
            raise ValidationError("Tanggal lahir ini belum terjadi. Periksa lagi tahunnya.")
        if _years_between(field.data, self.today) < YOUNGEST:
            raise ValidationError(f"Akun ini untuk orang berumur {YOUNGEST} tahun atau lebih. "
                                  "Periksa lagi tanggalnya.")

    def validate_kpj(self, field):
        """A card number, if any."""
        if field.data:
            parse_with(field, formats.parse_kpj)

    def validate_phone(self, field):
        """A phone, an e-mail address, or both."""
        if not field.data and not self.email.data:
            raise ValidationError("Isi nomor ponsel atau email. Salah satu saja cukup.")
        if field.data:
            parse_with(field, parse_mobile)

    def validate_email(self, field):
        """An address, if any."""
        if field.data:
            parse_with(field, formats.parse_email)


class AgreementForm(agreement_form.AgreementForm):
    """The tick under the terms, and where the code shall go.

    :param targets: list of (channel, address).
    """

    channel = RadioField("Ke mana kode dikirim?", [Required(CHOOSE)], validate_choice=False)

    def __init__(self, formdata=None, *, targets, **data):
        super().__init__(formdata, **data)
        self.channel.choices = [(channel, CHANNELS[channel]) for channel, _ in targets]
        if formdata is None and not self.channel.data:
            self.channel.data = targets[0][0]

    def validate_channel(self, field):
        """Only where there is an address."""
        if field.data not in dict(field.choices):
            raise ValidationError(CHOOSE)


def _years_between(birth_date, today):
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (not had_birthday)
