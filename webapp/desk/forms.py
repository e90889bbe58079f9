"""Deciding a case, writing in it, and handing it over."""

from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.forms import AppForm, MaxCharacters, Required

TO_QUEUE = "antrean"


class DecisionForm(AppForm):
    """Why it is decided so."""

    verdict = TextAreaField("Alasan putusan", [Required("Tulis alasan putusan Anda."),
                                               MaxCharacters(1000)])


class AnswerForm(AppForm):
    """What the branch says to worker and company."""

    answer = TextAreaField("Jawaban kantor cabang", [Required("Tulis jawaban Anda."),
                                                     MaxCharacters(2000)])


class HandOverForm(AppForm):
    """To whom a case goes.

    :param colleagues: ``User`` rows.
    """

    receiver = RadioField("Serahkan kepada", validate_choice=False)

    def __init__(self, formdata=None, *, colleagues, officer, **data):
        super().__init__(formdata, **data)
        self.colleagues = {user.public_id.hex: user for user in colleagues}
        self.receiver.choices = [
            SelectChoice(TO_QUEUE, "Kembali ke antrean, siapa saja boleh mengambil"),
            *(SelectChoice(code, "Saya sendiri" if user.id == officer.id else user.name)
              for code, user in self.colleagues.items())]

    @property
    def user(self):
        """Who was chosen; None for the queue."""
        return self.colleagues.get(self.receiver.data)

    def validate_receiver(self, field):
        """One of the list."""
        if field.data != TO_QUEUE and field.data not in self.colleagues:
            raise ValidationError("Pilih kepada siapa kasus ini diserahkan.")
