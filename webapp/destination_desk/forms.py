"""Looking at the whole number, and deciding whether it is the person's."""

from wtforms import BooleanField, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.forms import AppForm, MaxCharacters, Required

# Codes, not free words: the reason stands in the audit trail, where no personal data may.
REASONS = {"COCOKKAN_BUKU": "Mencocokkan dengan buku rekening atau aplikasinya",
           "DIMINTA_PEMILIK": "Diminta pemiliknya"}


class NumberForm(AppForm):
    """Why the full number is needed."""

    reason = RadioField("Untuk apa?", id="what-for", validate_choice=False, choices=[
        SelectChoice(code, words) for code, words in REASONS.items()])

    def validate_reason(self, field):
        """One of the list."""
        if field.data not in REASONS:
            raise ValidationError("Pilih untuk apa nomor lengkap diperlukan.")


class AcceptForm(AppForm):
    """What whoever accepts vouches for."""

    is_checked = BooleanField("Saya sudah memeriksa bahwa rekening ini milik orang itu",
                              [Required("Periksa dulu, lalu beri tanda centang.")])


class RefuseForm(AppForm):
    """Why it is not linked."""

    verdict = TextAreaField("Alasan penolakan", [Required("Tulis alasan penolakan."),
                                                 MaxCharacters(500)])
