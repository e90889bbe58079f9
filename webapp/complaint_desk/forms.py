"""Asking back, and deciding."""

from wtforms import TextAreaField

from webapp.forms import AppForm, MaxCharacters, Required


class QuestionForm(AppForm):
    """What the branch wants to know."""

    question = TextAreaField("Pertanyaan kepada pelapor", [Required("Tulis pertanyaannya."),
                                                           MaxCharacters(2000)])


class VerdictForm(AppForm):
    """Why it is decided so."""

    verdict = TextAreaField("Jawaban dan alasannya", [Required("Tulis jawaban dan alasannya."),
                                                      MaxCharacters(2000)])
