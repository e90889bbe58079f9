"""Finding somebody at the desk."""

import re

from wtforms import StringField, ValidationError

from webapp.forms import AppForm, MaxCharacters, Required


class SearchForm(AppForm):
    """A number as the identity card or the membership card has it."""

    number = StringField("NIK atau nomor KPJ", [Required("Ketik NIK atau nomor KPJ."),
                                                MaxCharacters(40)])

    def validate_number(self, field):
        """8 to 16 digits; exact, so that nobody browses."""
        digits = re.sub(r"[\s.-]", "", field.data)
        if not re.fullmatch(r"[0-9]{8,16}", digits):
            raise ValidationError("NIK terdiri dari 16 angka, KPJ biasanya 11 angka. "
                                  "Periksa lagi pada kartunya.")
        field.data = digits
