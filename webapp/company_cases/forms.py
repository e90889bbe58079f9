"""What a company says to its workers and to the branch."""

from wtforms import TextAreaField

from webapp.forms import AppForm, MaxCharacters, Required

MOST_CHARACTERS = 1000


class RefusalForm(AppForm):
    """Why a request is refused."""

    reason = TextAreaField("Alasan penolakan", [Required("Tulis alasan penolakan."),
                                                MaxCharacters(MOST_CHARACTERS)])


class AnswerForm(AppForm):
    """What a company says about an objection."""

    answer = TextAreaField("Jawaban Anda", [Required("Tulis jawaban Anda."),
                                            MaxCharacters(2 * MOST_CHARACTERS)])
