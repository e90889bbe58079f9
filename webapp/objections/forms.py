"""What a worker writes in an objection."""

from wtforms import TextAreaField, ValidationError

from webapp.forms import AppForm, MaxCharacters, Required

LEAST = 20      # characters: rules §2 asks as many where a reason is the heart of the matter
TYPED = {"reason": "Alasan", "text": "Jawaban"}     # what is kept until it is sent


class ObjectionForm(AppForm):
    """What is wrong with the report."""

    reason = TextAreaField("Apa yang keliru", [Required("Tulis apa yang keliru."),
                                               MaxCharacters(2000)])

    def validate_reason(self, field):
        """Enough for the branch to look into it."""
        if len(field.data) < LEAST:
            raise ValidationError(f"Jelaskan sedikit lagi, paling sedikit {LEAST} huruf.")


class AnswerForm(AppForm):
    """What the worker says to the others."""

    text = TextAreaField("Jawaban Anda", [Required("Tulis jawaban Anda."), MaxCharacters(2000)])
