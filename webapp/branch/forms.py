"""Finding somebody at the desk."""

import re

from wtforms import RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.forms import AppForm, MaxCharacters, Required

# Codes, not free words: the reason stands in the audit trail, where no personal data may.
REVEAL_REASONS = {
    "COCOKKAN_KTP": "Mencocokkan dengan KTP orang di loket",
    "COCOKKAN_SURAT": "Mencocokkan dengan surat perusahaan",
    "DIMINTA_PEMILIK": "Diminta pemiliknya",
}


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


class RevealForm(AppForm):
    """Why a full NIK is needed."""

    reason = RadioField("Untuk apa?", validate_choice=False, choices=[
        SelectChoice(code, words) for code, words in REVEAL_REASONS.items()])

    def validate_reason(self, field):
        """One of the list."""
        if field.data not in REVEAL_REASONS:
            raise ValidationError("Pilih untuk apa NIK lengkap diperlukan.")
