"""The form by which staff ask to see a full NIK, wherever it stands masked."""

from wtforms import RadioField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.forms import AppForm

# Codes, not free words: the reason stands in the audit trail, where no personal data may.
REVEAL_REASONS = {
    "COCOKKAN_KTP": "Mencocokkan dengan KTP orang di loket",
    "COCOKKAN_SURAT": "Mencocokkan dengan surat perusahaan",
    "DIMINTA_PEMILIK": "Diminta pemiliknya",
}


class RevealForm(AppForm):
    """Why a full NIK is needed."""

    reason = RadioField("Untuk apa?", id="what-for", validate_choice=False, choices=[
        SelectChoice(code, words) for code, words in REVEAL_REASONS.items()])

    def validate_reason(self, field):
        """One of the list."""
        if field.data not in REVEAL_REASONS:
            raise ValidationError("Pilih untuk apa NIK lengkap diperlukan.")
