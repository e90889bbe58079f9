"""What closing an account asks."""

from wtforms import StringField, ValidationError

from webapp.forms import AppForm, MaxCharacters, Required
from webapp.receipts.signing import parse_number

CHOOSE = "Pilih lewat mana kode dikirim."


class ChannelForm(AppForm):
    """By which way the code is sent.

    :param channels: those that may be used now.
    """

    channel = StringField("Cara mengirim kode", [Required(CHOOSE)])

    def __init__(self, formdata=None, *, channels, **data):
        super().__init__(formdata, **data)
        self._channels = channels

    def validate_channel(self, field):
        """Only one that was offered."""
        if field.data not in self._channels:
            raise ValidationError(CHOOSE)


class CancelForm(AppForm):
    """The code of the messages that tell of a closure."""

    code = StringField("Kode batal", [Required("Ketik kode batal dari pesan kami."),
                                      MaxCharacters(40)])

    number = None

    def validate_code(self, field):
        """Read the ``number`` in it; a mistyped one is noticed by its last character."""
        self.number = parse_number(field.data)
        if self.number is None:
            raise ValidationError("Kode ini belum lengkap atau salah ketik. "
                                  "Contoh yang benar: N7K4-22QD-8MX2.")
