"""Deciding a switch: what was looked at, why not."""

from wtforms import SelectMultipleField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.forms import AppForm, MaxCharacters, Required


class ApprovalForm(AppForm):
    """What the officer looked at.

    :param items: of the checklist, those that are there or whose original is to be shown.
    """

    seen = SelectMultipleField("Dokumen yang sudah Anda periksa", validate_choice=False)

    def __init__(self, formdata=None, *, items, **data):
        super().__init__(formdata, **data)
        self.codes = [item.code for item in items]
        self.seen.choices = [SelectChoice(item.code, item.label) for item in items]

    def validate_seen(self, field):
        """All of them."""
        field.data = [code for code in self.codes if code in (field.data or ())]
        if len(field.data) < len(self.codes):
            raise ValidationError("Periksa semua dokumen yang ada, lalu centang satu per satu.")


class RefusalForm(AppForm):
    """Why a switch is not granted."""

    verdict = TextAreaField("Alasan penolakan", [Required("Tulis alasan penolakan."),
                                                 MaxCharacters(1000)])
