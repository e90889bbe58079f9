"""Registering, and agreeing to the terms on the way."""

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    StringField,
    ValidationError,
)

from webapp import formats, password_rules
from webapp.forms import AppForm, DayField, MaxCharacters, Required
from webapp.models.messages import EMAIL, SMS

YOUNGEST = 15     # years: the least age for work (ILO convention 138, by UU 20/1999)
CHOOSE = "Pilih ke mana kode dikirim."
CHANNELS = {SMS: "Kirim kode lewat SMS", EMAIL: "Kirim kode lewat email"}


class RegistrationForm(AppForm):
    """Who somebody is, how to reach them, and their password.

    :param today: the date in Jakarta.
    """

    nik = StringField("NIK", [Required("Ketik 16 angka NIK dari KTP Anda.")])
    name = StringField("Nama lengkap", [Required("Ketik nama lengkap sesuai KTP."),
                                        MaxCharacters(200)])
    birth_date = DayField("Tanggal lahir", [Required("Isi tanggal lahir sesuai KTP.")])
    kpj = StringField("Nomor KPJ")
    phone = StringField("Nomor ponsel")
    email = StringField("Email")
    new_password = PasswordField("Kata sandi", [Required("Buat kata sandi.")])

    def __init__(self, formdata=None, *, today, **data):
        super().__init__(formdata, **data)
        self.today = today

    def answers(self):
        """What was typed but the password, as JSON values; what was left out is None."""
        return {"nik": self.nik.data, "name": self.name.data,
                "birth_date": self.birth_date.data.isoformat(), "kpj": self.kpj.data or None,
                "phone": self.phone.data or None, "email": self.email.data or None}

    def validate_nik(self, field):
        """16 digits; what they mean is not judged here."""
        _parse(field, formats.parse_nik)

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
            _parse(field, formats.parse_kpj)

    def validate_phone(self, field):
        """A phone, an e-mail address, or both."""
        if not field.data and not self.email.data:
            raise ValidationError("Isi nomor ponsel atau email. Salah satu saja cukup.")
        if field.data:
            _parse(field, formats.parse_phone)

    def validate_email(self, field):
        """An address, if any."""
        if field.data:
            _parse(field, formats.parse_email)

    def validate_new_password(self, field):
        """Hard to guess, also for somebody who knows the person."""
        personal = (self.name.data, self.nik.data, self.kpj.data, self.phone.data, self.email.data)
        weakness = password_rules.weakness(field.data, personal)
        if weakness:
            raise ValidationError(weakness)


class AgreementForm(AppForm):
    """The tick under the terms, and where the code shall go.

    :param current: name of the version that holds: another one was not what is agreed to now.
    :param targets: list of (channel, address).
    """

    version = HiddenField()
    is_agreed = BooleanField("Saya sudah membaca dan menyetujui",
                             [Required("Beri tanda centang jika Anda menyetujuinya.")])
    channel = RadioField("Ke mana kode dikirim?", [Required(CHOOSE)], validate_choice=False)

    def __init__(self, formdata=None, *, current, targets, **data):
        super().__init__(formdata, **data)
        self.current = current
        self.channel.choices = [(channel, CHANNELS[channel]) for channel, _ in targets]
        if formdata is None:
            self.channel.data = targets[0][0]

    def validate_channel(self, field):
        """Only where there is an address."""
        if field.data not in dict(field.choices):
            raise ValidationError(CHOOSE)

    def validate_is_agreed(self, field):
        """The text that was read must be the one that holds."""
        if self.version.data != self.current:
            field.data = False
            raise ValidationError("Isinya baru saja diperbarui. Baca lagi, lalu setujui.")


def _parse(field, parse):
    """Replace what was typed by its one stored form."""
    try:
        field.data = parse(field.data)
    except formats.Malformed as problem:
        raise ValidationError(problem.sentence) from problem


def _years_between(birth_date, today):
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (not had_birthday)
