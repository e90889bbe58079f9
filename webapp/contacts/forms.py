"""A new phone or e-mail."""

from wtforms import RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp import formats
from webapp.accounts.contacts import mask
from webapp.forms import AppForm, MaxCharacters, Required, parse_with
from webapp.models.messages import SMS
from webapp.phones import parse_mobile

CHANNEL_WORDS = {SMS: "SMS ke {}", "email": "Email ke {}"}


class ContactForm(AppForm):
    """The new contact, and where the first code goes.

    :param current: the contact as it is, or None.
    :param targets: the proven contacts, list of (channel, address).
    """

    channel = RadioField("Kirim kode pertama lewat", [Required("Pilih SMS atau email.")],
                         validate_choice=False)

    def __init__(self, formdata=None, *, current, targets, **data):
        super().__init__(formdata, **data)
        self.current = current
        self.channel.choices = [SelectChoice(channel, CHANNEL_WORDS[channel].format(
            mask(channel, address))) for channel, address in targets]
        if len(targets) < 2:
            del self.channel

    @property
    def chosen_channel(self):
        """Where the first code goes; None when there is but one way."""
        return self.channel.data if "channel" in self else None

    def validate_value(self, field):
        """Bring it into the form it is kept in; it must be another one."""
        parse_with(field, self.parse)
        if field.data == self.current:
            raise ValidationError(f"{field.label.text} ini sudah terpasang di akun Anda.")


class PhoneForm(ContactForm):
    """A new phone number."""

    value = StringField("Nomor ponsel baru", [Required("Tulis nomor ponsel yang baru."),
                                              MaxCharacters(40)])
    parse = staticmethod(parse_mobile)


class EmailForm(ContactForm):
    """A new e-mail address."""

    value = StringField("Email baru", [Required("Tulis alamat email yang baru."),
                                       MaxCharacters(254)])
    parse = staticmethod(formats.parse_email)
