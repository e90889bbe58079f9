"""The code of a message that tells of a change."""

from wtforms import StringField, ValidationError

from webapp.forms import AppForm, MaxCharacters, Required
from webapp.receipts.signing import parse_number


class StopForm(AppForm):
    """The code that stops payouts."""

    code = StringField("Kode dari pesan kami", [Required("Ketik kode dari pesan kami."),
                                                MaxCharacters(40)])

    number = None

    def validate_code(self, field):
        """Read the ``number`` in it; a mistyped one is noticed by its last character."""
        self.number = parse_number(field.data)
        if self.number is None:
            raise ValidationError("Kode ini belum lengkap atau salah ketik. "
                                  "Contoh yang benar: N7K4-22QD-8MX2.")
