"""A new phone or e-mail."""

from wtforms import RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp import formats
from webapp.accounts.contacts import mask
from webapp.forms import AppForm, MaxCharacters, Required, parse_with
from webapp.models.messages import SMS
from webapp.phones import parse_mobile

CHANNEL_WORDS = {SMS: "SMS ke {}", "email": "Email ke {}"}


class AsTyped(StringField):
    """A text that is parsed, but stands in the page again as it was typed."""

    def _value(self):
        return self.raw_data[0] if self.raw_data else super()._value()


def first_channel():
    """Where the first code goes; each form has it after the contact, as the page shows it."""
    return RadioField("Kirim kode pertama lewat", [Required("Pilih SMS atau email.")],
                      validate_choice=False)


class ContactForm(AppForm):
    """The new contact, and where the first code goes.

    :param current: the contact as it is, or None.
    :param targets: the proven contacts, list of (channel, address).
    """

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

    value = AsTyped("Nomor ponsel baru", [Required("Tulis nomor ponsel yang baru."),
                                          MaxCharacters(40)])
    channel = first_channel()
    parse = staticmethod(parse_mobile)


class EmailForm(ContactForm):
    """A new e-mail address."""

    value = AsTyped("Email baru", [Required("Tulis alamat email yang baru."),
                                   MaxCharacters(254)])
    channel = first_channel()
    parse = staticmethod(formats.parse_email)
